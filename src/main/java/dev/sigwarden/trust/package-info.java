/// Whose certificates are to be believed: trusted roots (Sigstore's `TrustedRoot`, or certificate
/// authorities of one's own), kept up to date through `tuf`, and the check of one certificate
/// against them. `CertificateCheck` is where the answer is made; `Trust` is what the daemon holds.
///
/// A certificate in a log is a claim: logs do not check who issued it. Its check uses the original
/// bytes and no general certificate parser, since those bytes are an attacker's.
@NullMarked
package dev.sigwarden.trust;

import org.jspecify.annotations.NullMarked;
