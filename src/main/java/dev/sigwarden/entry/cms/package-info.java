/// Signed messages as CMS (RFC 5652) and PKCS #7 frame them, in DER: shared by the entry kinds that
/// hold one. Finds the certificates that signed and the content, by position and without a tree, so
/// that nesting costs no stack and each certificate keeps its exact bytes. Rekor's own readers
/// accept DER only, and so does this one.
@NullMarked
package dev.sigwarden.entry.cms;

import org.jspecify.annotations.NullMarked;
