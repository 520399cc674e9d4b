/// What Rekor's entry kinds have in common: the frame of `kind`, `apiVersion` and `spec`, digests,
/// and verifiers. Used by the kinds' own packages; no kind itself.
@NullMarked
package dev.sigwarden.entry.rekor;

import org.jspecify.annotations.NullMarked;
