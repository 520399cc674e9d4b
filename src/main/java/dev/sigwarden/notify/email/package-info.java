/// Alerts as mail, over SMTP or as files in a pickup folder. Addresses come from the configuration
/// only, are plain ASCII and strictly checked; headers hold our own words only; text from a log
/// stands in the body, where nothing of it is a link.
@NullMarked
package dev.sigwarden.notify.email;

import org.jspecify.annotations.NullMarked;
