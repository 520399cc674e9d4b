package dev.sigwarden.cose;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a transparency service signs of its log: proofs that lead to a root, and the signature over
/// that root (RFC 9942). Parsed, nothing verified.
public final class Receipt {
  /// The longest receipt in bytes: one of a CCF ledger has under 4 KiB.
  static final int MAX_BYTES = 64 * 1024;

  /// Proofs of one kind in one receipt; real ones have one.
  private static final int MAX_PROOFS = 16;

  private static final Cbor VDS = Headers.label(395);
  private static final Cbor VDP = Headers.label(396);
  private static final Cbor INCLUSION = Headers.label(-1);
  private static final Cbor CONSISTENCY = Headers.label(-2);
  private static final Cbor ISS = Headers.label(1);
  private static final Cbor IAT = Headers.label(6);
  private static final Cbor CCF = Headers.label("ccf.v1");
  private static final Cbor TXID = Headers.label("txid");

  /// How a log keeps its entries. RFC 9942 section 8.2.
  enum Structure {
    /// A Merkle tree of RFC 9162, by number 1.
    RFC9162,
    /// The Merkle tree of a CCF ledger, by number 2.
    CCF
  }

  /// A proof of one of the structures.
  sealed interface Proof permits Rfc9162Proof, CcfInclusion, CcfConsistency {}

  private final CoseSign1 message;
  private final long algorithm;
  private final Structure structure;
  private final String issuer;
  private final Optional<Cbor.Bytes> kid;
  private final Optional<Instant> issuedAt;
  private final Optional<TxId> signed;
  private final List<Proof> inclusions;
  private final List<Proof> consistencies;

  private Receipt(CoseSign1 message, Structure structure) throws MalformedCoseException {
    Headers header = message.protectedHeaders();
    Optional<Headers> claims = header.headers(SignedStatement.CWT_CLAIMS);
    this.message = message;
    this.structure = structure;
    this.algorithm =
        header
            .integer(SignedStatement.ALG)
            .orElseThrow(() -> new MalformedCoseException("receipt: no algorithm"));
    if (header.has(SignedStatement.CRIT)) {
      throw header.wrong(SignedStatement.CRIT, "present", "no critical parameters in a receipt");
    }
    this.issuer = claims.isPresent() ? claims.get().text(ISS).orElse("") : "";
    this.issuedAt = claims.isPresent() ? claims.get().time(IAT) : Optional.empty();
    this.kid = header.bytes(SignedStatement.KID);
    this.signed = signed(header);
    Headers proofs =
        message
            .unprotected()
            .headers(VDP)
            .orElseThrow(() -> new MalformedCoseException("receipt: no proofs"));
    this.inclusions = proofs(proofs, INCLUSION);
    this.consistencies = proofs(proofs, CONSISTENCY);
    if (inclusions.isEmpty() && consistencies.isEmpty()) {
      throw new MalformedCoseException("receipt: no proofs");
    }
  }

  /// Reads a receipt strictly. The array is kept and must not be written to.
  ///
  /// @throws UnsupportedCoseException if it is none of the structures that are known, or of the
  ///   form that came before RFC 9942
  public static Receipt parse(byte[] bytes)
      throws MalformedCoseException, UnsupportedCoseException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedCoseException(
          "receipt: %d bytes (expected: <= %d)".formatted(bytes.length, MAX_BYTES));
    }
    Cbor item = CborReader.read(bytes);
    if (item instanceof Cbor.Array(List<Cbor> parts) && parts.size() == 2) {
      throw new UnsupportedCoseException("receipt: the form before RFC 9942, an array of 2");
    }
    CoseSign1 message = CoseSign1.of(bytes, item);
    for (Cbor label : List.of(SignedStatement.ALG, SignedStatement.KID, VDS)) {
      if (message.unprotected().has(label)) {
        throw new MalformedCoseException(
            "receipt: header %s is unprotected".formatted(Shown.item(label)));
      }
    }
    OptionalLong number = message.protectedHeaders().integer(VDS);
    if (number.isEmpty()) {
      throw new MalformedCoseException("receipt: no header 395 (expected: the structure)");
    }
    long vds = number.getAsLong();
    if (vds != 1 && vds != 2) {
      throw new UnsupportedCoseException(
          "receipt: structure %d (known: 1, RFC 9162, and 2, CCF)".formatted(vds));
    }
    return new Receipt(message, vds == 1 ? Structure.RFC9162 : Structure.CCF);
  }

  /// The signature transaction in `{"ccf.v1": {"txid": …}}`.
  private static Optional<TxId> signed(Headers header) throws MalformedCoseException {
    Optional<Headers> ccf = header.headers(CCF);
    Optional<String> text = ccf.isPresent() ? ccf.get().text(TXID) : Optional.empty();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<TxId> found = TxId.parse(text.get());
    if (found.isEmpty()) {
      throw header.wrong(CCF, Shown.text(text.get()), "VIEW.SEQNO");
    }
    return found;
  }

  private List<Proof> proofs(Headers all, Cbor label) throws MalformedCoseException {
    Optional<List<Cbor>> encoded = all.array(label);
    if (encoded.isEmpty()) {
      return List.of();
    }
    if (encoded.get().isEmpty() || encoded.get().size() > MAX_PROOFS) {
      throw all.wrong(label, encoded.get().size() + " proofs", "1 to " + MAX_PROOFS);
    }
    List<Proof> found = new ArrayList<>();
    for (Cbor one : encoded.get()) {
      if (!(one instanceof Cbor.Bytes bytes)) {
        throw all.wrong(label, Shown.item(one), "bytes");
      }
      Cbor item = CborReader.read(bytes);
      found.add(
          switch (structure) {
            case RFC9162 ->
                label.equals(INCLUSION)
                    ? Rfc9162Proof.inclusion(item)
                    : Rfc9162Proof.consistency(item);
            case CCF ->
                label.equals(INCLUSION) ? CcfInclusion.read(item) : CcfConsistency.read(item);
          });
    }
    return List.copyOf(found);
  }

  /// The message itself.
  CoseSign1 message() {
    return message;
  }

  /// The number of the algorithm.
  long algorithm() {
    return algorithm;
  }

  Structure structure() {
    return structure;
  }

  /// Which service says that it signed; empty if it does not say.
  public String issuer() {
    return issuer;
  }

  /// What the service calls its key, if it does.
  Optional<Cbor.Bytes> kid() {
    return kid;
  }

  /// When the service says that it signed.
  public Optional<Instant> issuedAt() {
    return issuedAt;
  }

  /// The transaction of the signature, in a CCF ledger.
  Optional<TxId> signed() {
    return signed;
  }

  /// Proofs that an entry is in the log.
  List<Proof> inclusions() {
    return inclusions;
  }

  /// Proofs that the log continues an older state.
  List<Proof> consistencies() {
    return consistencies;
  }
}
