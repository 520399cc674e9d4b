package dev.sigwarden.note;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// A key that signs notes: Ed25519, as a log (type 0x01) or as a witness (type 0x04).
public final class NoteSigner {
  private static final String SKEY_PREFIX = "PRIVATE+KEY+";
  private static final int SEED_BYTES = 32;

  private final PrivateKey privateKey;
  private final byte[] seed;
  private final VerifierKey verifierKey;
  private final VerifierKey witnessKey;

  private NoteSigner(String name, byte[] seed) throws MalformedNoteException {
    KeyPair pair = keyPair(seed);
    byte[] spki = pair.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(spki, spki.length - SEED_BYTES, spki.length);
    this.seed = seed;
    this.privateKey = pair.getPrivate();
    this.verifierKey = VerifierKey.of(name, SignatureType.ED25519, raw);
    this.witnessKey = verifierKey.asWitness();
  }

  /// A fresh log key of that name.
  ///
  /// @throws IllegalArgumentException if that is no key name
  public static NoteSigner generate(String name) {
    return generate(name, new SecureRandom());
  }

  /// A fresh log key of that name, from 32 bytes of `random`.
  ///
  /// @throws IllegalArgumentException if that is no key name
  public static NoteSigner generate(String name, SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    try {
      return new NoteSigner(name, seed);
    } catch (MalformedNoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// The log key written as a skey: `PRIVATE+KEY+name+hash+base64(type || seed)`.
  public static NoteSigner parse(String skey) throws MalformedNoteException {
    // No message shows any of it: it is a secret.
    int first = skey.indexOf('+', SKEY_PREFIX.length());
    int second = skey.indexOf('+', first + 1);
    if (!skey.startsWith(SKEY_PREFIX) || first < 0 || second < 0) {
      throw new MalformedNoteException("skey (expected: PRIVATE+KEY+name+hash+base64)");
    }
    byte[] typed;
    try {
      typed = Base64.getDecoder().decode(skey.substring(second + 1));
    } catch (IllegalArgumentException _) {
      throw new MalformedNoteException("skey is not base64");
    }
    if (typed.length != 1 + SEED_BYTES || typed[0] != SignatureType.ED25519.code()) {
      throw new MalformedNoteException("skey (expected: type 01 and 32 bytes)");
    }
    NoteSigner signer =
        new NoteSigner(
            skey.substring(SKEY_PREFIX.length(), first),
            Arrays.copyOfRange(typed, 1, typed.length));
    String keyId = "%08x".formatted(signer.verifierKey.keyId());
    if (!skey.substring(first + 1, second).equals(keyId)) {
      throw new MalformedNoteException("key id of skey (expected: " + keyId + ")");
    }
    return signer;
  }

  /// The key pair of an RFC 8032 seed. The platform derives the public key nowhere but in its
  /// generator, which takes the seed from the randomness that it is given.
  private static KeyPair keyPair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new SeedOnly(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has Ed25519", e);
    }
  }

  /// Randomness that is the seed.
  private static final class SeedOnly extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    SeedOnly(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("bytes asked for: " + bytes.length + " (expected: 32)");
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }

  /// The verifier key: type 0x01.
  public VerifierKey verifierKey() {
    return verifierKey;
  }

  /// The verifier key as a witness: type 0x04.
  public VerifierKey witnessKey() {
    return witnessKey;
  }

  /// The log key as a skey, to be kept secret.
  public String toSkey() {
    byte[] typed = ByteBuffer.allocate(1 + SEED_BYTES).put((byte) 1).put(seed).array();
    return "%s%s+%08x+%s"
        .formatted(
            SKEY_PREFIX,
            verifierKey.name(),
            verifierKey.keyId(),
            Base64.getEncoder().encodeToString(typed));
  }

  /// The note over `text` with this key's signature line.
  ///
  /// @throws IllegalArgumentException if `text` is no note text
  public byte[] sign(String text) {
    byte[] signature = ed25519(text.getBytes(StandardCharsets.UTF_8));
    try {
      return SignedNote.of(text, List.of(NoteSignature.of(verifierKey, signature))).toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// The note with a cosignature/v1 line of this key added, made at `time`, of which whole seconds
  /// count.
  ///
  /// @throws IllegalArgumentException if `note` is no note or has no room
  public byte[] cosign(byte[] note, Instant time) {
    try {
      SignedNote signed = SignedNote.parse(note);
      long seconds = time.getEpochSecond();
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.writeBytes(Verification.cosignatureHeader(seconds));
      message.writeBytes(signed.text().getBytes(StandardCharsets.UTF_8));
      byte[] signature = ed25519(message.toByteArray());
      byte[] timed =
          ByteBuffer.allocate(Long.BYTES + signature.length)
              .putLong(seconds)
              .put(signature)
              .array();
      return signed.with(NoteSignature.of(witnessKey, timed)).toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private byte[] ed25519(byte[] message) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(privateKey);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("an Ed25519 key signs anything", e);
    }
  }
}
