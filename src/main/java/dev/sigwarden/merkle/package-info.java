/// RFC 6962 / RFC 9162 Merkle trees over SHA-256: hashes, compact ranges, inclusion and consistency
/// proofs, and proofs computed from stored nodes. Pure: imports the JDK only, does no I/O.
///
/// Sizes and indexes are plain `long`s in `[0, 2^63 - 1]`; what is larger is refused where it is
/// parsed.
@NullMarked
package dev.sigwarden.merkle;

import org.jspecify.annotations.NullMarked;
