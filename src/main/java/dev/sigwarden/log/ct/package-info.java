/// Certificate Transparency logs: the API of RFC 6962 (`ct`), tiles of c2sp.org/static-ct-api
/// (`static-ct`), and lists of such logs (`ct-list`). One package, since a list holds both and both
/// have the same keys, tree heads and leaves.
///
/// A log is what its key is: heads of whatever front end are turned into signed notes of type 0x05
/// (`SignedTreeHead`), and each leaf into the MerkleTreeLeaf that its hash is made of (`DataTile`).
@NullMarked
package dev.sigwarden.log.ct;

import org.jspecify.annotations.NullMarked;
