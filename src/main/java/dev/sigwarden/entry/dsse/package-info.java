/// Rekor's `dsse` entries: the signatures of one DSSE envelope, versions 0.0.1 (Rekor v1) and 0.0.2
/// (Rekor v2, which wrote them for a short time). The payload itself is not in the entry, only its
/// digest.
@NullMarked
package dev.sigwarden.entry.dsse;

import org.jspecify.annotations.NullMarked;
