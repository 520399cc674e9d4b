package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.entry.x509.Spki;
import dev.sigwarden.text.Sanitizer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads SSH public keys into signers: lines of `authorized_keys` (sshd(8)), whose key is in the
/// form of RFC 4253 section 6.6.
///
/// A key on a security token (`sk-…`) is known by the key that the token holds, and an OpenSSH
/// certificate by the key that it certifies as well as by its own fingerprint.
public final class SshKeys {
  /// The longest key in bytes: RSA with 16384 bits has 2 KB, a certificate of one 6 KB.
  static final int MAX_BYTES = 16_384;

  /// The longest name of a kind of key in bytes. RFC 4251 section 6: names have at most 64.
  private static final int MAX_NAME = 64;

  private static final String CERTIFICATE = "-cert-v01@openssh.com";

  private final byte[] blob;
  private final String kind;
  private int position;

  private SshKeys(byte[] blob, String kind, int position) {
    this.blob = blob;
    this.kind = kind;
    this.position = position;
  }

  /// The signer with the key on the line: its kind, its base64, and perhaps a comment.
  ///
  /// @throws MalformedSignerException if it is no such line, or more than one
  public static KeySigner readLine(byte[] line) throws MalformedSignerException {
    String text = new String(line, ISO_8859_1).strip();
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new MalformedSignerException("SSH key: more than one line");
    }
    String[] words = text.split("[ \t]+", 3);
    if (words.length < 2 || words[1].length() > MAX_BYTES / 3 * 4) {
      throw new MalformedSignerException(
          "SSH key: a line of %d bytes (expected: a kind and a key of at most %d bytes)"
              .formatted(line.length, MAX_BYTES));
    }
    try {
      return read(words[0], Base64.getDecoder().decode(words[1]));
    } catch (IllegalArgumentException e) {
      throw new MalformedSignerException("SSH key: not base64: " + e.getMessage());
    }
  }

  /// The SubjectPublicKeyInfo of a key in the form of RFC 4253 section 6.6 that signs by itself:
  /// none on a security token, no certificate, no DSA.
  ///
  /// @throws MalformedSignerException for any other
  static byte[] spkiOf(String kind, byte[] blob) throws MalformedSignerException {
    SshKeys key = new SshKeys(blob, kind, 0);
    String named = new String(key.string(), ISO_8859_1);
    boolean plain =
        kind.equals("ssh-ed25519") || kind.equals("ssh-rsa") || kind.startsWith("ecdsa-sha2-");
    byte[] spki = plain && named.equals(kind) ? key.spki() : null;
    if (spki == null || key.position < blob.length) {
      throw new MalformedSignerException(
          "SSH key: of a kind that signs no files here (expected: ed25519, ecdsa or rsa)");
    }
    return spki;
  }

  /// The signer with the key in `blob`, which must be of this kind.
  private static KeySigner read(String kind, byte[] blob) throws MalformedSignerException {
    SshKeys key = new SshKeys(blob, kind, 0);
    byte[] name = key.string();
    if (name.length > MAX_NAME || !kind.equals(new String(name, ISO_8859_1))) {
      throw new MalformedSignerException("SSH key: its kind is not the one that the line says");
    }
    List<KeyId> ids = new ArrayList<>(1);
    byte @Nullable [] spki;
    if (kind.endsWith(CERTIFICATE)) {
      key.string(); // the nonce
      String plain = kind.substring(0, kind.length() - CERTIFICATE.length());
      // Names of kinds on a token carry the domain themselves.
      plain = plain.startsWith("sk-") ? plain + "@openssh.com" : plain;
      int from = key.position;
      SshKeys inner = new SshKeys(blob, plain, from);
      spki = inner.spki();
      if (spki != null) {
        ids.add(id(joined(plain, Arrays.copyOfRange(blob, from, inner.position))));
      }
    } else {
      spki = key.spki();
      if (spki != null && key.position < blob.length) {
        throw new MalformedSignerException(
            "SSH key: %d bytes follow it".formatted(blob.length - key.position));
      }
    }
    ids.add(id(blob));
    return spki == null
        ? new KeySigner(Digest.sha256(blob, 0, blob.length), Sanitizer.clean(kind, MAX_NAME), ids)
        : new KeySigner(
            PublicKeys.read(spki, null).keySha256(), Sanitizer.clean(kind, MAX_NAME), ids);
  }

  /// The key's SubjectPublicKeyInfo, behind which the position then is; null for a kind of key that
  /// is not known.
  private byte @Nullable [] spki() throws MalformedSignerException {
    return switch (kind) {
      case "ssh-ed25519" -> ed25519();
      case "sk-ssh-ed25519@openssh.com" -> {
        byte[] spki = ed25519();
        string(); // the application that the token asks for
        yield spki;
      }
      case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" -> ec();
      case "sk-ecdsa-sha2-nistp256@openssh.com" -> {
        byte[] spki = ec();
        string();
        yield spki;
      }
      case "ssh-rsa" -> {
        BigInteger exponent = number();
        yield Spki.rsa(number(), exponent);
      }
      case "ssh-dss" -> Spki.dsa(number(), number(), number(), number());
      default -> null;
    };
  }

  private byte[] ed25519() throws MalformedSignerException {
    byte[] key = string();
    if (key.length != 32) {
      throw new MalformedSignerException(
          "SSH key: Ed25519 with %d bytes (expected: 32)".formatted(key.length));
    }
    return Spki.ed25519(key);
  }

  /// RFC 5656 section 3.1.
  private byte[] ec() throws MalformedSignerException {
    String curve = new String(string(), ISO_8859_1);
    byte[] point = string();
    if (!kind.contains(curve) || point.length < 2 || point[0] != 4) {
      throw new MalformedSignerException(
          "SSH key: a point of %d bytes (expected: uncompressed, on the curve of its kind)"
              .formatted(point.length));
    }
    String oid =
        Spki.curve(curve)
            .orElseThrow(() -> new MalformedSignerException("SSH key: an unknown curve"));
    return Spki.ec(oid, point);
  }

  /// RFC 4251 section 5: `mpint`, which a key has positive only.
  private BigInteger number() throws MalformedSignerException {
    BigInteger number = new BigInteger(1, string());
    if (number.signum() == 0) {
      throw new MalformedSignerException("SSH key: a number that is zero");
    }
    return number;
  }

  /// RFC 4251 section 5: `string`, four bytes of length and as many bytes.
  private byte[] string() throws MalformedSignerException {
    int left = blob.length - position - Integer.BYTES;
    long length = 0;
    for (int i = 0; left >= 0 && i < Integer.BYTES; i++) {
      length = length << Byte.SIZE | (blob[position + i] & 0xff);
    }
    if (left < 0 || length > left) {
      throw new MalformedSignerException("SSH key: cut at byte %d".formatted(position));
    }
    int from = position + Integer.BYTES;
    position = from + (int) length;
    return Arrays.copyOfRange(blob, from, position);
  }

  /// `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it.
  private static KeyId id(byte[] blob) {
    byte[] digest = Digest.sha256(blob, 0, blob.length).toBytes();
    return new KeyId(
        KeyId.Scheme.SSH, "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
  }

  private static byte[] joined(String kind, byte[] fields) {
    byte[] name = kind.getBytes(ISO_8859_1);
    byte[] blob = new byte[Integer.BYTES + name.length + fields.length];
    blob[Integer.BYTES - 1] = (byte) name.length;
    System.arraycopy(name, 0, blob, Integer.BYTES, name.length);
    System.arraycopy(fields, 0, blob, Integer.BYTES + name.length, fields.length);
    return blob;
  }
}
