/// Alerts as messages of a Slack incoming webhook, in blocks that parse nothing. Imports `alert`,
/// `notify` and `settings` only.
@NullMarked
package dev.sigwarden.notify.slack;

import org.jspecify.annotations.NullMarked;
