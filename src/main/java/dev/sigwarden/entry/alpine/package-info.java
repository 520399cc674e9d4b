/// Rekor's `alpine` entries: a signed Alpine Linux package (`apk`), version 0.0.1. The signature is
/// inside the package and not in the entry; the signer is a bare key, RSA in practice.
@NullMarked
package dev.sigwarden.entry.alpine;

import org.jspecify.annotations.NullMarked;
