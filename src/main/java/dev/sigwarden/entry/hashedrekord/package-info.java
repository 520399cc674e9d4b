/// Rekor's `hashedrekord` entries: a signature over a digest, versions 0.0.1 (Rekor v1) and 0.0.2
/// (Rekor v2). DSSE envelopes are logged as 0.0.2 too, with the digest of their pre-authentication
/// encoding.
@NullMarked
package dev.sigwarden.entry.hashedrekord;

import org.jspecify.annotations.NullMarked;
