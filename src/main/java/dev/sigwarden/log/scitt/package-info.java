/// Transparency services of the SCITT kind that keep their statements in a CCF ledger
/// (scitt-ccf-ledger, Microsoft's Signing Transparency), as they answer over HTTP.
///
/// The service lists the transactions that registered something, hands out each statement with its
/// receipt, and shows no signed head but that in a receipt. Where a front end leaves a part of the
/// API out, that part is empty, and the ledger's files stand in where they are configured.
@NullMarked
package dev.sigwarden.log.scitt;

import org.jspecify.annotations.NullMarked;
