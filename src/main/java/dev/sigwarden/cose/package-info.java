/// Strict CBOR, COSE_Sign1, signed statements and the receipts of transparency services. Pure:
/// imports the JDK and `merkle` only, does no I/O, asks no clock.
///
/// `SignedStatement` and `Receipt` read; `SignerCheck`, `ReceiptCheck` and `StatementCheck` say
/// what that is worth, as values. Three answers are kept apart everywhere: it holds, it does not,
/// and nobody can tell from what is at hand (a key that is missing, a form that is not known). The
/// third is never the second.
///
/// A key comes from the statement's own certificate chain (then it is the issuer's name, a
/// `did:x509`, that says which chain counts) or from `ReceiptKeys`, which somebody configured or
/// pinned. Nothing in a receipt says where a key is to be had.
///
/// | document | what of it |
/// | --- | --- |
/// | RFC 8949 | definite lengths, shortest forms, unique keys |
/// | RFC 9052, 9053, 9360 | COSE_Sign1, algorithms, `x5chain` and `x5t` |
/// | RFC 9597, 9995 | CWT claims in headers, hash envelopes |
/// | RFC 9942, 9943 | receipts, signed statements |
/// | draft-ietf-scitt-receipts-ccf-profile | receipts of CCF ledgers |
/// | draft-birkholz-did-x509 | issuers that name a certificate authority |
@NullMarked
package dev.sigwarden.cose;

import org.jspecify.annotations.NullMarked;
