/// OpenPGP keys (RFC 9580) as `Signer`s: shared by the entry kinds that hold one and by key files.
///
/// Reading a key is walking over its packets by their lengths: nothing is decompressed, computed,
/// or allocated because a packet says so. What could hide a key is refused: lengths that are
/// partial or open, packets that no public key has. Only when somebody asks whose the user ids are,
/// which is after a watch selected the entry, Bouncy Castle checks their self-signatures, one
/// packet at a time and no more than a fixed number.
@NullMarked
package dev.sigwarden.entry.openpgp;

import org.jspecify.annotations.NullMarked;
