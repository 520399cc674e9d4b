package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.keys.MinisignKeys;
import dev.sigwarden.entry.keys.SshKeys;
import dev.sigwarden.entry.keys.TufKeys;
import dev.sigwarden.entry.openpgp.PgpKeys;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.VerifierKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which key a key file names, told apart by its content: PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`, or a
/// certificate, whose key counts), an OpenSSH public key line, an OpenPGP key in armor, a minisign
/// or signify key, a key as TUF metadata has it, a note verifier key.
final class KeyFile {
  static final String EXPECTED =
      "one public key: PEM (PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE), OpenSSH, OpenPGP in armor, "
          + "minisign or signify, a TUF key in JSON, or a note vkey";

  /// The longest file in characters: an OpenPGP key that a few hundred people signed stays below.
  private static final int MAX_CHARS = 262_144;

  /// How a line with an SSH key starts; the name of a kind that is not known is refused later.
  private static final Pattern OPENSSH = Pattern.compile("(sk-)?(ssh|ecdsa)-[!-~]+");

  /// A minisign or signify key without its comment: base64 of 42 bytes, the first two being `Ed`.
  private static final Pattern MINISIGN = Pattern.compile("RW[A-Za-z0-9+/]{54}");

  /// SubjectPublicKeyInfo around a raw Ed25519 key. RFC 8410 section 4.
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  /// SubjectPublicKeyInfo around a raw ML-DSA-44 key. RFC 9881 section 4.
  private static final byte[] ML_DSA_44_SPKI =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  /// What private keys in PEM, OpenPGP's armor and TUF's JSON hold.
  private static final List<String> PRIVATE =
      List.of("PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "\"private\"");

  private KeyFile() {}

  /// The SHA-256 of the key's SubjectPublicKeyInfo; of an OpenPGP key those of its primary key and
  /// of each subkey.
  ///
  /// @throws MalformedKeyException if the text is none of the forms; the message never repeats the
  ///   text, which may be a private key put there by mistake
  static Set<Digest> keySha256s(String text) throws MalformedKeyException {
    if (text.length() > MAX_CHARS) {
      throw new MalformedKeyException(
          "%d characters (expected: at most %d)".formatted(text.length(), MAX_CHARS));
    }
    if (PRIVATE.stream().anyMatch(text::contains)) {
      throw new MalformedKeyException("a private key, which has no business here");
    }
    try {
      return read(text);
    } catch (MalformedJsonException _) {
      // What it says may repeat the text.
      throw new MalformedKeyException("JSON that is no TUF key");
    } catch (MalformedSignerException | MalformedNoteException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Set<Digest> read(String text)
      throws MalformedKeyException,
          MalformedSignerException,
          MalformedJsonException,
          MalformedNoteException {
    if (PgpKeys.isArmored(text)) {
      return ofPgp(text);
    }
    byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    if (MinisignKeys.hasComment(text)) {
      return Set.of(MinisignKeys.read(bytes).keySha256());
    }
    if (bytes.length > 0 && bytes[0] == '{') {
      return Set.of(TufKeys.read(null, EntryBytes.of(bytes)).keySha256());
    }
    int begin = text.indexOf("-----BEGIN ");
    if (begin >= 0) {
      // What stands before is for people: openssl writes a certificate in words there.
      byte[] pem = text.substring(begin).getBytes(StandardCharsets.UTF_8);
      return Set.of(Pem.signer(pem).keySha256());
    }
    return Set.of(ofLine(text));
  }

  private static Set<Digest> ofPgp(String text)
      throws MalformedKeyException, MalformedSignerException {
    List<PgpSigner> keys = PgpKeys.read(text);
    if (keys.size() != 1) {
      throw new MalformedKeyException("%d OpenPGP keys".formatted(keys.size()));
    }
    return keys.getFirst().keys().stream()
        .map(PgpSigner.PgpKey::keySha256)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Digest ofLine(String text)
      throws MalformedKeyException, MalformedSignerException, MalformedNoteException {
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.size() != 1) {
      throw new MalformedKeyException("%d lines with keys".formatted(lines.size()));
    }
    String line = lines.getFirst();
    String[] words = line.split("[ \t]+", 3);
    if (words.length >= 2 && OPENSSH.matcher(words[0]).matches()) {
      return SshKeys.readLine(line.getBytes(StandardCharsets.UTF_8)).keySha256();
    }
    if (MINISIGN.matcher(line).matches()) {
      return MinisignKeys.read(line.getBytes(StandardCharsets.UTF_8)).keySha256();
    }
    if (words.length == 1 && words[0].indexOf('+') > 0) {
      return ofVerifierKey(words[0]);
    }
    throw new MalformedKeyException("no form of key that is known");
  }

  private static Digest ofVerifierKey(String vkey)
      throws MalformedNoteException, MalformedSignerException {
    VerifierKey key = VerifierKey.parse(vkey);
    return switch (key.signatureType()) {
      case ED25519, COSIGNATURE -> ofSpki(joined(ED25519_SPKI, key.toBytes()));
      case ML_DSA_44_COSIGNATURE -> ofSpki(joined(ML_DSA_44_SPKI, key.toBytes()));
      case ECDSA, RFC6962_TREE_HEAD -> ofSpki(key.toBytes());
    };
  }

  private static byte[] joined(byte[] prefix, byte[] key) {
    return ByteBuffer.allocate(prefix.length + key.length).put(prefix).put(key).array();
  }

  private static Digest ofSpki(byte[] spki) throws MalformedSignerException {
    return PublicKeys.read(spki, null).keySha256();
  }
}
