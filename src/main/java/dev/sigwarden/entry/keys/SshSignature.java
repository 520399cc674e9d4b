package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.PublicKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;

/// A signature that `ssh-keygen -Y sign` wrote (OpenSSH's PROTOCOL.sshsig). It names its own key
/// and what it is for; whoever checks it compares both with what was asked for.
public final class SshSignature {
  /// What every file starts with.
  public static final String START = "-----BEGIN SSH SIGNATURE-----";

  private static final String END = "-----END SSH SIGNATURE-----";
  private static final byte[] MAGIC = {'S', 'S', 'H', 'S', 'I', 'G'};

  /// Characters of a file: RSA with 16384 bits stays below.
  private static final int MAX_CHARS = 16_384;

  private static final int VERSION = 1;

  private final String kind;
  private final byte[] spki;
  private final byte[] namespace;
  private final byte[] reserved;
  private final String hash;
  private final String algorithm;
  private final byte[] signature;

  private SshSignature(byte[] blob) throws MalformedSignerException {
    Cursor cursor = new Cursor(ByteBuffer.wrap(blob));
    byte[] magic = cursor.take(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC) || cursor.number() != VERSION) {
      throw malformed("another magic or version");
    }
    byte[] key = cursor.string();
    this.kind = new String(new Cursor(ByteBuffer.wrap(key)).string(), ISO_8859_1);
    this.spki = SshKeys.spkiOf(kind, key);
    this.namespace = cursor.string();
    this.reserved = cursor.string();
    this.hash = new String(cursor.string(), ISO_8859_1);
    Cursor inner = new Cursor(ByteBuffer.wrap(cursor.string()));
    this.algorithm = new String(inner.string(), ISO_8859_1);
    this.signature = inner.string();
    cursor.end();
    inner.end();
    if (!hash.equals("sha256") && !hash.equals("sha512")) {
      throw malformed("another hash than sha256 and sha512");
    }
  }

  /// Reads a signature file.
  ///
  /// @throws MalformedSignerException if it is none
  public static SshSignature parse(String text) throws MalformedSignerException {
    String stripped = text.strip();
    if (text.length() > MAX_CHARS || !stripped.startsWith(START) || !stripped.endsWith(END)) {
      throw malformed("%d characters".formatted(text.length()));
    }
    String body =
        stripped
            .substring(START.length(), stripped.length() - END.length())
            .replaceAll("[\r\n]", "");
    try {
      return new SshSignature(Base64.getDecoder().decode(body));
    } catch (IllegalArgumentException _) {
      throw malformed("no base64");
    }
  }

  /// The SHA-256 of the signing key's SubjectPublicKeyInfo.
  ///
  /// @throws MalformedSignerException if it is no key
  public Digest keySha256() throws MalformedSignerException {
    return PublicKeys.read(spki, null).keySha256();
  }

  /// Whether the key that this names signed the content for that purpose.
  public boolean isOver(String purpose, byte[] content) {
    if (!Arrays.equals(namespace, purpose.getBytes(ISO_8859_1))) {
      return false;
    }
    try {
      ByteArrayOutputStream signed = new ByteArrayOutputStream();
      signed.writeBytes(MAGIC);
      writeString(signed, namespace);
      writeString(signed, reserved);
      writeString(signed, hash.getBytes(ISO_8859_1));
      writeString(signed, digest(content));
      Signature verifier = verifier();
      verifier.update(signed.toByteArray());
      return verifier.verify(kind.startsWith("ecdsa") ? derSignature() : signature);
    } catch (GeneralSecurityException | MalformedSignerException _) {
      return false;
    }
  }

  private Signature verifier() throws GeneralSecurityException, MalformedSignerException {
    // The algorithm has to be the one that the key's kind asks for; of RSA those with SHA-2.
    String name =
        switch (algorithm) {
          case "ssh-ed25519" -> "Ed25519";
          case "ecdsa-sha2-nistp256" -> "SHA256withECDSA";
          case "ecdsa-sha2-nistp384" -> "SHA384withECDSA";
          case "ecdsa-sha2-nistp521" -> "SHA512withECDSA";
          case "rsa-sha2-256" -> "SHA256withRSA";
          case "rsa-sha2-512" -> "SHA512withRSA";
          default -> "";
        };
    boolean fits = algorithm.startsWith("rsa-") ? kind.equals("ssh-rsa") : kind.equals(algorithm);
    if (name.isEmpty() || !fits) {
      throw malformed("another algorithm than the key's");
    }
    String factory = name.equals("Ed25519") ? name : name.endsWith("RSA") ? "RSA" : "EC";
    PublicKey key = KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(spki));
    Signature verifier = Signature.getInstance(name);
    verifier.initVerify(key);
    return verifier;
  }

  /// RFC 5656 section 3.1.2: two numbers, which Java wants in DER.
  private byte[] derSignature() throws MalformedSignerException {
    Cursor cursor = new Cursor(ByteBuffer.wrap(signature));
    ASN1EncodableVector numbers = new ASN1EncodableVector();
    numbers.add(new ASN1Integer(new BigInteger(1, cursor.string())));
    numbers.add(new ASN1Integer(new BigInteger(1, cursor.string())));
    cursor.end();
    try {
      return new DERSequence(numbers).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
  }

  private byte[] digest(byte[] content) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance(hash.equals("sha256") ? "SHA-256" : "SHA-512").digest(content);
  }

  private static void writeString(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  /// RFC 4251 section 5.
  private record Cursor(ByteBuffer bytes) {
    byte[] take(int length) throws MalformedSignerException {
      if (length < 0 || length > bytes.remaining()) {
        throw malformed("cut at byte %d".formatted(bytes.position()));
      }
      byte[] taken = new byte[length];
      bytes.get(taken);
      return taken;
    }

    int number() throws MalformedSignerException {
      return ByteBuffer.wrap(take(Integer.BYTES)).getInt();
    }

    byte[] string() throws MalformedSignerException {
      return take(number());
    }

    void end() throws MalformedSignerException {
      if (bytes.hasRemaining()) {
        throw malformed("%d bytes follow it".formatted(bytes.remaining()));
      }
    }
  }

  private static MalformedSignerException malformed(String found) {
    return new MalformedSignerException(
        "SSH signature: %s (expected: what ssh-keygen -Y sign writes)".formatted(found));
  }
}
