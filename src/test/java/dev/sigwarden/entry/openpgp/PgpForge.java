package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sigwarden.entry.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyPair;

/// Makes OpenPGP keys of any shape, packet by packet, with keys of the JDK's and signatures of
/// Bouncy Castle's.
public final class PgpForge {
  private static final Date CREATED = new Date(1_790_000_000_000L);

  private final KeyPair pair;
  private final PGPKeyPair keys;
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();

  private PgpForge(KeyPair pair, PGPKeyPair keys) {
    this.pair = pair;
    this.keys = keys;
    raw(packet(keys));
  }

  /// A version 4 key of this kind: `Ed25519`, `Ed25519 legacy`, `EC`, `DSA` or `RSA 2048`.
  public static PgpForge key(String kind) {
    return key(PublicKeyPacket.VERSION_4, kind);
  }

  /// A key of this version.
  public static PgpForge key(int version, String kind) {
    try {
      String[] words = kind.split(" ");
      KeyPairGenerator generator = KeyPairGenerator.getInstance(words[0]);
      int algorithm =
          switch (words[0]) {
            case "RSA" -> {
              generator.initialize(Integer.parseInt(words[1]));
              yield PublicKeyAlgorithmTags.RSA_GENERAL;
            }
            case "DSA" -> {
              generator.initialize(2048);
              yield PublicKeyAlgorithmTags.DSA;
            }
            case "EC" -> {
              generator.initialize(new ECGenParameterSpec("secp256r1"));
              yield PublicKeyAlgorithmTags.ECDSA;
            }
            default ->
                words.length > 1
                    ? PublicKeyAlgorithmTags.EDDSA_LEGACY
                    : PublicKeyAlgorithmTags.Ed25519;
          };
      KeyPair pair = generator.generateKeyPair();
      return new PgpForge(pair, new JcaPGPKeyPair(version, algorithm, pair, CREATED));
    } catch (GeneralSecurityException | PGPException e) {
      throw new AssertionError(e);
    }
  }

  /// A small key with one user id that it signed.
  public static PgpForge usual(String userId) {
    PgpForge forge = key("Ed25519 legacy");
    return forge.userId(userId).signed(forge, userId);
  }

  private static byte[] packet(PGPKeyPair keys) {
    try {
      return keys.getPublicKey().getPublicKeyPacket().getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Any bytes.
  public PgpForge raw(byte[] bytes) {
    block.writeBytes(bytes);
    return this;
  }

  /// A packet of this type, in the old format with a length of two bytes, or in the new one with
  /// four.
  public static byte[] packet(int type, byte[] body) {
    byte[] header =
        type < 16
            ? new byte[] {(byte) (0x81 | type << 2), (byte) (body.length >> 8), (byte) body.length}
            : new byte[] {
              (byte) (0xc0 | type),
              (byte) 0xff,
              0,
              (byte) (body.length >> 16),
              (byte) (body.length >> 8),
              (byte) body.length
            };
    byte[] packet = new byte[header.length + body.length];
    System.arraycopy(header, 0, packet, 0, header.length);
    System.arraycopy(body, 0, packet, header.length, body.length);
    return packet;
  }

  public PgpForge userId(String text) {
    return raw(packet(Packets.USER_ID, text.getBytes(UTF_8)));
  }

  /// A signature of `signer` over a user id of this key.
  public PgpForge signed(PgpForge signer, String userId) {
    return signed(signer, userId, PGPSignature.POSITIVE_CERTIFICATION, HashAlgorithmTags.SHA256);
  }

  public PgpForge signed(PgpForge signer, String userId, int type, int hash) {
    return raw(signature(signer, userId, type, hash));
  }

  /// A signature of `signer` that names this key as its maker.
  public PgpForge signedInOurName(PgpForge signer, String userId) {
    byte[] signature =
        signature(signer, userId, PGPSignature.POSITIVE_CERTIFICATION, HashAlgorithmTags.SHA256);
    byte[] theirs = HexFormat.of().parseHex(signer.fingerprint().substring(24));
    byte[] ours = HexFormat.of().parseHex(fingerprint().substring(24));
    String hex = HexFormat.of().formatHex(signature);
    return raw(
        HexFormat.of()
            .parseHex(
                hex.replace(HexFormat.of().formatHex(theirs), HexFormat.of().formatHex(ours))));
  }

  private byte[] signature(PgpForge signer, String userId, int type, int hash) {
    try {
      PGPSignatureGenerator generator =
          new PGPSignatureGenerator(
              new JcaPGPContentSignerBuilder(signer.publicKey().getAlgorithm(), hash),
              signer.publicKey());
      generator.init(type, signer.keys.getPrivateKey());
      PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
      hashed.setSignatureCreationTime(false, CREATED);
      hashed.setIssuerKeyID(false, signer.publicKey().getKeyID());
      generator.setHashedSubpackets(hashed.generate());
      return generator.generateCertification(userId, publicKey()).getEncoded();
    } catch (PGPException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The key of another as a subkey of this one, not bound to it.
  public PgpForge subkey(PgpForge other) {
    byte[] key = packet(other.keys);
    Packets packets = new Packets(key, 0, key.length);
    try {
      packets.next();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    byte[] body = Arrays.copyOfRange(key, packets.from(), packets.to());
    return raw(packet(Packets.PUBLIC_SUBKEY, body));
  }

  public PGPPublicKey publicKey() {
    return keys.getPublicKey();
  }

  /// Lowercase hex, as Bouncy Castle computes it.
  public String fingerprint() {
    return HexFormat.of().formatHex(publicKey().getFingerprint());
  }

  /// The key as the JDK has it.
  public PublicKey jdkKey() {
    return pair.getPublic();
  }

  /// SHA-256 of the SubjectPublicKeyInfo that the JDK writes.
  public Digest keySha256() {
    byte[] spki = jdkKey().getEncoded();
    return Digest.sha256(spki, 0, spki.length);
  }

  /// The packets.
  public byte[] bytes() {
    return block.toByteArray();
  }

  /// The packets in armor, as Rekor writes it.
  public byte[] armored() {
    return armored(bytes());
  }

  /// Any bytes in armor.
  public static byte[] armored(byte[] bytes) {
    return "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n%s\n=AAAA\n-----END PGP PUBLIC KEY BLOCK-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes))
        .getBytes(US_ASCII);
  }
}
