package dev.sigwarden.notify.syslog;

import dev.sigwarden.notify.TrustedCas;
import java.time.Duration;
import java.util.Optional;

/// A syslog server as configured.
///
/// @param host its name
/// @param port its port, `[1, 65535]`
/// @param security how the connection is protected
/// @param allowPrivate whether loopback and private networks are allowed
/// @param cas the authorities to trust; empty for those of the JDK
/// @param timeout for one message as a whole
/// @param style how messages are written
record SyslogOptions(
    String host,
    int port,
    SyslogChannel.Security security,
    boolean allowPrivate,
    Optional<TrustedCas> cas,
    Duration timeout,
    SyslogMessage.Style style) {}
