package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.Optional;

/// The signature of a CCF service over the root of its ledger, as the ledger itself holds it: a
/// receipt without proofs.
///
/// @param issuer the service as it names itself; empty if it does not
/// @param signed the transaction of the signature
public record RootSignature(String issuer, TxId signed, CoseSign1 message) {
  private static final Cbor ISS = Headers.label(1);
  private static final Cbor CCF = Headers.label("ccf.v1");
  private static final Cbor TXID = Headers.label("txid");

  /// The longest signature in bytes; real ones have under 400.
  private static final int MAX_BYTES = 16 * 1024;

  /// Reads one strictly. The array is kept and must not be written to.
  public static RootSignature parse(byte[] bytes) throws MalformedCoseException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedCoseException(
          "root signature: %d bytes (expected: <= %d)".formatted(bytes.length, MAX_BYTES));
    }
    CoseSign1 message = CoseSign1.parse(bytes);
    Headers header = message.protectedHeaders();
    if (message.payload().isPresent()) {
      throw new MalformedCoseException("root signature: a payload (expected: detached)");
    }
    long algorithm = header.integer(SignedStatement.ALG).orElse(0);
    if (algorithm != CoseAlgorithm.ES384.number()) {
      throw new MalformedCoseException(
          "root signature: algorithm %d (expected: -35, ES384)".formatted(algorithm));
    }
    Optional<Headers> claims = header.headers(SignedStatement.CWT_CLAIMS);
    Optional<Headers> ccf = header.headers(CCF);
    Optional<String> txid = ccf.isPresent() ? ccf.get().text(TXID) : Optional.empty();
    TxId signed =
        txid.flatMap(TxId::parse)
            .orElseThrow(() ->
                new MalformedCoseException("root signature: no transaction of the signature"));
    String issuer = claims.isPresent() ? claims.get().text(ISS).orElse("") : "";
    return new RootSignature(issuer, signed, message);
  }

  /// Why this is not the signature of `key` over `root`; empty if it is.
  public Optional<String> problem(CoseKey key, Hash root) throws MalformedCoseException {
    Optional<Cbor.Bytes> kid = message.protectedHeaders().bytes(SignedStatement.KID);
    if (kid.isEmpty() || !kid.get().equals(ReceiptKeys.ofText(key.spkiSha256().toHex()))) {
      return Optional.of("it names another key than that of the service");
    }
    boolean holds =
        key.isP384()
            && key.signed(
                CoseAlgorithm.ES384,
                message.toBeSigned(Cbor.Bytes.of(root.toBytes())),
                message.signature().toBytes());
    return holds ? Optional.empty() : Optional.of("it is not that of the service's key");
  }
}
