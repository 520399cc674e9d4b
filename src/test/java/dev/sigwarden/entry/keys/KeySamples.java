package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// SSH and minisign keys, put together field by field from constants.
public final class KeySamples {
  /// A minisign key as `minisign -G` writes its second line.
  public static final String MINISIGN = minisign("0102030405060708", (byte) 0x5a);

  public static final String MINISIGN_ID = "0102030405060708";

  private KeySamples() {}

  /// A minisign key with this id, as minisign prints it, and 32 bytes of this value.
  public static String minisign(String id, byte fill) {
    byte[] key = new byte[42];
    Arrays.fill(key, fill);
    key[0] = 'E';
    key[1] = 'd';
    byte[] number = HexFormat.of().parseHex(id);
    for (int i = 0; i < 8; i++) {
      key[2 + i] = number[7 - i];
    }
    return Base64.getEncoder().encodeToString(key);
  }

  /// The line of `authorized_keys` for a key of this kind.
  public static String sshLine(String kind) {
    return kind + " " + Base64.getEncoder().encodeToString(sshBlob(kind));
  }

  /// The fingerprint of that key.
  public static KeyId sshId(String kind) {
    byte[] blob = sshBlob(kind);
    return new KeyId(
        KeyId.Scheme.SSH,
        "SHA256:"
            + Base64.getEncoder()
                .withoutPadding()
                .encodeToString(Digest.sha256(blob, 0, blob.length).toBytes()));
  }

  /// A key of this kind with constant contents, RFC 4253 section 6.6.
  public static byte[] sshBlob(String kind) {
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    string(blob, kind.getBytes(US_ASCII));
    boolean certificate = kind.endsWith("-cert-v01@openssh.com");
    if (certificate) {
      string(blob, new byte[32]);
    }
    String plain = certificate ? kind.replace("-cert-v01@openssh.com", "") : kind;
    switch (plain.replace("@openssh.com", "")) {
      case "ssh-ed25519" -> string(blob, fill(32));
      case "sk-ssh-ed25519" -> {
        string(blob, fill(32));
        string(blob, "ssh:".getBytes(US_ASCII));
      }
      case "ssh-rsa" -> {
        string(blob, BigInteger.valueOf(65_537).toByteArray());
        string(blob, modulus().toByteArray());
      }
      case "ssh-dss" -> {
        for (int i = 0; i < 4; i++) {
          string(blob, modulus().toByteArray());
        }
      }
      case "ecdsa-sha2-nistp256" -> point(blob, "nistp256");
      case "sk-ecdsa-sha2-nistp256" -> {
        point(blob, "nistp256");
        string(blob, "ssh:".getBytes(US_ASCII));
      }
      default -> string(blob, fill(20));
    }
    if (certificate) {
      blob.writeBytes(new byte[60]);
    }
    return blob.toByteArray();
  }

  /// 2048 bits.
  public static BigInteger modulus() {
    return BigInteger.ONE.shiftLeft(2_047).or(BigInteger.valueOf(12_345));
  }

  static byte[] fill(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0x5a);
    return bytes;
  }

  private static void point(ByteArrayOutputStream blob, String curve) {
    string(blob, curve.getBytes(US_ASCII));
    string(blob, TufSamples.POINT);
  }

  static void string(ByteArrayOutputStream blob, byte[] value) {
    blob.writeBytes(ByteBuffer.allocate(4).putInt(value.length).array());
    blob.writeBytes(value);
  }
}
