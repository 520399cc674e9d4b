package dev.sigwarden.entry.keys;

import dev.sigwarden.entry.x509.CertificateForge;
import java.util.Arrays;
import java.util.HexFormat;

/// One P-256 key in both forms that TUF has for it, and an Ed25519 key.
public final class TufSamples {
  /// The point of `CertificateForge.KEY`: its last 65 bytes.
  public static final byte[] POINT =
      Arrays.copyOfRange(
          CertificateForge.KEY, CertificateForge.KEY.length - 65, CertificateForge.KEY.length);

  public static final String PEM =
      key("ecdsa", CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY).replace("\n", "\\n"));

  public static final String HEX = key("ecdsa-sha2-nistp256", HexFormat.of().formatHex(POINT));

  public static final String ED25519 = key("ed25519", "d7".repeat(32));

  private TufSamples() {}

  /// A key as metadata holds it.
  public static String key(String type, String value) {
    return "{\"keytype\":\"%s\",\"keyval\":{\"public\":\"%s\"},\"scheme\":\"any\"}"
        .formatted(type, value);
  }
}
