/// Entries of transparency services of the SCITT kind: signed statements (RFC 9943), with or
/// without receipts. Whoever issues one names itself by a DID; the certificate in it says no more
/// than what the DID picks out of it.
@NullMarked
package dev.sigwarden.entry.scittstatement;

import org.jspecify.annotations.NullMarked;
