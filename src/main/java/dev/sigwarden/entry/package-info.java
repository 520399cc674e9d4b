/// A leaf turned into words that watches understand: who signed (`Signer`), what
/// (`ArtifactDigest`). `Decoders` finds the decoder for a log's leaf format.
///
/// One subpackage per entry kind (`hashedrekord`, `dsse`, `intoto`, `rekord`, `jar`, `alpine`,
/// `rpm`, `helm`, `tuf`, `cose`, `rfc3161`, and for other logs `ct`, `scittstatement` and `raw`); a
/// new kind is a new subpackage and nothing else: a class that implements `EntryDecoder`, annotated
/// `@AutoService(EntryDecoder.class)`, whose test extends `EntryDecoderContract`. Kinds do not know
/// each other. What several share lies beside them: `rekor` (the frame of Rekor's entries), `x509`
/// (certificates and keys), `openpgp`, `keys` (SSH, minisign, TUF), `cms` (PKCS #7), and the pure
/// `der` and `json`.
///
/// Decoders never throw, never fetch, and need memory in proportion to the entry only. An entry in
/// which a signer could be hidden from us, though another reader might see it, is `Undecodable` and
/// so reported; one that only reads oddly is decoded with its oddities named. Between the two
/// stands a certificate of `ct`: an event with the names that could be read, whose `unread` says
/// that there may be more.
@NullMarked
package dev.sigwarden.entry;

import org.jspecify.annotations.NullMarked;
