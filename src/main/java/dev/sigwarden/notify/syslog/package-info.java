/// Alerts as syslog messages (RFC 5424) over TLS (RFC 5425). Imports `alert`, `notify`, `settings`
/// and `text` only.
@NullMarked
package dev.sigwarden.notify.syslog;

import org.jspecify.annotations.NullMarked;
