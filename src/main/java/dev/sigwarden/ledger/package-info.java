/// The ledgers of the Confidential Consortium Framework (CCF), which transparency services of the
/// SCITT kind are kept in: the keys of their services, their files, and the replay of them.
///
/// A replay believes nothing: it hashes each transaction into the tree, and compares the tree with
/// each root that the service signed. What the ledger says of keys counts only from the transaction
/// on that says it.
///
/// May use `cose`, `merkle`, `entry` (to read PEM), `text` and `tuf` (strict JSON). Does no
/// network.
@NullMarked
package dev.sigwarden.ledger;

import org.jspecify.annotations.NullMarked;
