/// C2SP signed notes: verifier keys, checkpoints, cosignatures and witness policies. Pure: imports
/// the JDK and `merkle` only, does no I/O.
///
/// A new signature type is a constant in `SignatureType`, the form of its key in `VerifierKey` and
/// what it signs in `Verification`; the compiler names all three.
@NullMarked
package dev.sigwarden.note;

import org.jspecify.annotations.NullMarked;
