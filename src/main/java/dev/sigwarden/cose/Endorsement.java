package dev.sigwarden.cose;

import java.util.Optional;

/// The statement of a CCF service's key that an older key was its predecessor's: how a ledger goes
/// on after a recovery, when the older key is lost.
///
/// @param previous the older key
public record Endorsement(CoseKey previous, CoseSign1 message) {
  /// The longest endorsement in bytes; real ones have under 1 KiB.
  private static final int MAX_BYTES = 16 * 1024;

  /// Reads one strictly. The array is kept and must not be written to.
  public static Endorsement parse(byte[] bytes) throws MalformedCoseException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedCoseException(
          "endorsement: %d bytes (expected: <= %d)".formatted(bytes.length, MAX_BYTES));
    }
    CoseSign1 message = CoseSign1.parse(bytes);
    Cbor.Bytes spki =
        message
            .payload()
            .orElseThrow(() -> new MalformedCoseException("endorsement: no key in it"));
    return new Endorsement(CoseKey.ofSpki(spki.toBytes()), message);
  }

  /// Whether it is that of `key`.
  public boolean isBy(CoseKey key) throws MalformedCoseException {
    Optional<CoseAlgorithm> algorithm =
        CoseAlgorithm.of(message.protectedHeaders().integer(SignedStatement.ALG).orElse(0));
    return algorithm.isPresent()
        && message.payload().isPresent()
        && key.signed(
            algorithm.get(),
            message.toBeSigned(message.payload().get()),
            message.signature().toBytes());
  }
}
