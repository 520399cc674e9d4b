/// Rekor's `intoto` entries: the signatures of one DSSE envelope, versions 0.0.1 (one key beside
/// the digests) and 0.0.2 (the envelope without its payload, each signature with its key). Rekor
/// encodes the signature in 0.0.2 twice in base64; the key, which is all that is read, once.
@NullMarked
package dev.sigwarden.entry.intoto;

import org.jspecify.annotations.NullMarked;
