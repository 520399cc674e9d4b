/// Entries of logs of certificates (Certificate Transparency): the leaf of RFC 6962 section 3.4,
/// whichever protocol the log speaks. What it holds is read by `entry.x509`.
@NullMarked
package dev.sigwarden.entry.ct;

import org.jspecify.annotations.NullMarked;
