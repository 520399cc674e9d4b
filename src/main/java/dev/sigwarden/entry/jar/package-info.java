/// Rekor's `jar` entries: a signed Java archive, version 0.0.1. The signature is a PKCS #7 block
/// over the archive's signature file, which is not in the entry.
@NullMarked
package dev.sigwarden.entry.jar;

import org.jspecify.annotations.NullMarked;
