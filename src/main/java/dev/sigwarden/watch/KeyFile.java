package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/// Which key a key file names, told apart by its content: PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`, or a
/// certificate, whose key counts), an OpenSSH public key line, a note verifier key.
final class KeyFile {
  static final String EXPECTED =
      "one public key: PEM (PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE), OpenSSH (ssh-ed25519, "
          + "ecdsa-sha2-nistp256/384/521, ssh-rsa) or a note vkey";

  /// The longest file in characters: a certificate chain with post-quantum keys stays below.
  private static final int MAX_CHARS = 65_536;

  private static final Set<String> OPENSSH =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521");

  /// SubjectPublicKeyInfo around a raw Ed25519 key. RFC 8410 section 4.
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  /// SubjectPublicKeyInfo around a raw ML-DSA-44 key. RFC 9881 section 4.
  private static final byte[] ML_DSA_44_SPKI =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private KeyFile() {}

  /// The SHA-256 of the key's SubjectPublicKeyInfo.
  ///
  /// @throws MalformedKeyException if the text is none of the forms; the message never repeats the
  ///   text, which may be a private key put there by mistake
  static Digest keySha256(String text) throws MalformedKeyException {
    if (text.length() > MAX_CHARS) {
      throw new MalformedKeyException(
          "%d characters (expected: at most %d)".formatted(text.length(), MAX_CHARS));
    }
    if (text.contains("PRIVATE KEY-----")) {
      throw new MalformedKeyException("a private key, which has no business here");
    }
    if (text.contains("-----BEGIN PGP") || text.startsWith("untrusted comment:")) {
      throw new MalformedKeyException("an OpenPGP or minisign key, which cannot be read");
    }
    int begin = text.indexOf("-----BEGIN ");
    if (begin >= 0) {
      // What stands before is for people: openssl writes a certificate in words there.
      return ofPem(text.substring(begin));
    }
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.size() != 1) {
      throw new MalformedKeyException("%d lines with keys".formatted(lines.size()));
    }
    String[] words = lines.getFirst().split("[ \t]+", 3);
    if (words.length >= 2 && OPENSSH.contains(words[0])) {
      return ofOpenSsh(words[0], words[1]);
    }
    if (words.length == 1 && words[0].indexOf('+') > 0) {
      return ofVerifierKey(words[0]);
    }
    throw new MalformedKeyException("no form of key that is known");
  }

  private static Digest ofPem(String text) throws MalformedKeyException {
    try {
      return Pem.signer(text.getBytes(StandardCharsets.UTF_8)).keySha256();
    } catch (MalformedSignerException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /// RFC 4253 section 6.6: a blob that starts with the name of its algorithm.
  private static Digest ofOpenSsh(String algorithm, String base64) throws MalformedKeyException {
    try {
      byte[] blob = Base64.getDecoder().decode(base64);
      byte[] name = algorithm.getBytes(StandardCharsets.US_ASCII);
      ByteBuffer prefix = ByteBuffer.allocate(Integer.BYTES + name.length);
      prefix.putInt(name.length).put(name);
      if (blob.length < prefix.capacity()
          || !ByteBuffer.wrap(blob, 0, prefix.capacity()).equals(prefix.flip())) {
        throw new MalformedKeyException("an OpenSSH key of another kind than " + algorithm);
      }
      return ofSpki(
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                  OpenSSHPublicKeyUtil.parsePublicKey(blob))
              .getEncoded());
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle reports a malformed key as one of several unchecked exceptions.
      throw new MalformedKeyException("no OpenSSH public key", e);
    }
  }

  private static Digest ofVerifierKey(String vkey) throws MalformedKeyException {
    try {
      VerifierKey key = VerifierKey.parse(vkey);
      return switch (key.signatureType()) {
        case ED25519, COSIGNATURE -> ofSpki(joined(ED25519_SPKI, key.toBytes()));
        case ML_DSA_44_COSIGNATURE -> ofSpki(joined(ML_DSA_44_SPKI, key.toBytes()));
        case ECDSA, RFC6962_TREE_HEAD -> ofSpki(key.toBytes());
      };
    } catch (MalformedNoteException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] joined(byte[] prefix, byte[] key) {
    return ByteBuffer.allocate(prefix.length + key.length).put(prefix).put(key).array();
  }

  private static Digest ofSpki(byte[] spki) throws MalformedKeyException {
    try {
      return PublicKeys.read(spki, null).keySha256();
    } catch (MalformedSignerException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }
}
