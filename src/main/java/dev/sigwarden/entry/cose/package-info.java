/// Rekor's `cose` entries: a COSE_Sign1 message (RFC 9052), version 0.0.1. The message is not in
/// the entry, only the digests of it and of its payload, and the key or certificate that Rekor
/// checked it with.
@NullMarked
package dev.sigwarden.entry.cose;

import org.jspecify.annotations.NullMarked;
