/// What any transparency log offers, whatever its protocol: the newest signed head, the leaves, and
/// proofs. One subpackage per protocol; a new protocol is a new subpackage and nothing else: a
/// class that implements `LogProtocol`, annotated `@AutoService(LogProtocol.class)`, and a client
/// that extends `CheckedClient`. Subpackages do not know each other, except that a protocol may
/// build on `log.tiles` and `log.http`, and that `log.sigstore` is made of `log.rekor` and
/// `log.rekortiles`. Its test extends `LogProtocolContract` and serves a log.
///
/// A section of the configuration stands for one log (`LogSource`) or for a family of logs that
/// come and go (`FamilySource`): the shards of an instance, the logs of a list. A member of a
/// family may be a family itself; each has its own list, looked at and told of by itself.
///
/// A ledger (`LedgerSource`) shows no heads: each of its entries comes with a receipt.
///
/// Nothing here is believed: a client only fetches and frames. `verify` decides what to believe.
@NullMarked
package dev.sigwarden.log;

import org.jspecify.annotations.NullMarked;
