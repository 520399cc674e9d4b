package dev.sigwarden.note;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.Signature;
import java.time.Instant;

/// One key's check of signatures over one note: what each type signs, and how its bytes are laid
/// out.
final class Verification {
  /// Seconds from 1970 to the year 10000: a later time is not a time, and people and databases
  /// cannot write it.
  private static final long MAX_SECONDS = 253_402_300_800L;

  private static final long MILLIS = 1_000;
  private static final int ED25519_BYTES = 64;
  private static final int ML_DSA_44_BYTES = 2_420;
  private static final int MAX_NAME_BYTES = 255;

  /// TLS HashAlgorithm sha256, SignatureAlgorithm rsa and ecdsa. RFC 5246 section 7.4.1.4.1.
  private static final int TLS_SHA256 = 4;

  private static final int TLS_RSA = 1;
  private static final int TLS_ECDSA = 3;

  private final VerifierKey key;
  private final SignedNote note;

  Verification(VerifierKey key, SignedNote note) {
    this.key = key;
    this.note = note;
  }

  /// @param signature the bytes after the key id
  SignatureCheck check(byte[] signature) {
    try {
      return switch (key.signatureType()) {
        case ED25519 -> ed25519(signature);
        case ECDSA -> untimed(verifies("SHA256withECDSA", text(), signature));
        case COSIGNATURE -> cosignature(signature);
        case RFC6962_TREE_HEAD -> treeHead(signature);
        case ML_DSA_44_COSIGNATURE -> mlDsaCosignature(signature);
      };
    } catch (MalformedNoteException e) {
      return new SignatureCheck.Invalid("no checkpoint is signed: " + e.getMessage());
    }
  }

  private SignatureCheck ed25519(byte[] signature) {
    if (signature.length != ED25519_BYTES) {
      return badLength(signature.length, ED25519_BYTES);
    }
    return untimed(verifies("Ed25519", text(), signature));
  }

  /// c2sp.org/tlog-cosignature#format, Ed25519: time and signature; signed are a header with the
  /// time and the whole note text.
  private SignatureCheck cosignature(byte[] signature) {
    if (signature.length != Long.BYTES + ED25519_BYTES) {
      return badLength(signature.length, Long.BYTES + ED25519_BYTES);
    }
    ByteBuffer in = ByteBuffer.wrap(signature);
    long seconds = in.getLong();
    if (seconds < 0 || seconds >= MAX_SECONDS) {
      return badTime();
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(cosignatureHeader(seconds));
    message.writeBytes(text());
    return timed(
        verifies("Ed25519", message.toByteArray(), rest(in)), Instant.ofEpochSecond(seconds));
  }

  /// What a cosignature/v1 signs before the note text.
  static byte[] cosignatureHeader(long seconds) {
    return ("cosignature/v1\ntime " + seconds + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// c2sp.org/static-ct-api#checkpoints: time in milliseconds and a TLS DigitallySigned; signed is
  /// the TreeHeadSignature of RFC 6962 section 3.5. Neither the origin nor extension lines are
  /// signed: the first must be the key name, the others must not be there.
  private SignatureCheck treeHead(byte[] signature) throws MalformedNoteException {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.extensions().isEmpty() || !checkpoint.origin().equals(key.name())) {
      return new SignatureCheck.Invalid("lines that a tree head signature does not cover");
    }
    int header = Long.BYTES + 2 + Short.BYTES;
    ByteBuffer in = ByteBuffer.wrap(signature);
    if (signature.length <= header) {
      return badLength(signature.length, header + 1);
    }
    long millis = in.getLong();
    if (millis < 0 || millis / MILLIS >= MAX_SECONDS) {
      return badTime();
    }
    if (millis == 0) {
      // It would be a head of no time, which is never too old.
      return new SignatureCheck.Invalid("a tree head that states no time");
    }
    boolean rsa = key.publicKey().getAlgorithm().equals("RSA");
    if (in.get() != TLS_SHA256 || in.get() != (rsa ? TLS_RSA : TLS_ECDSA)) {
      return new SignatureCheck.Invalid("tree head signature of another algorithm than the key's");
    }
    if (Short.toUnsignedInt(in.getShort()) != in.remaining()) {
      return badLength(signature.length, header);
    }
    // version v1 = 0, signature_type tree_hash = 1, timestamp, tree_size, sha256_root_hash
    byte[] root = checkpoint.head().root().toBytes();
    ByteBuffer message = ByteBuffer.allocate(2 + 2 * Long.BYTES + root.length);
    message.put((byte) 0).put((byte) 1).putLong(millis).putLong(checkpoint.head().size()).put(root);
    String algorithm = rsa ? "SHA256withRSA" : "SHA256withECDSA";
    return timed(verifies(algorithm, message.array(), rest(in)), Instant.ofEpochMilli(millis));
  }

  /// c2sp.org/tlog-cosignature#format, ML-DSA-44: time and signature; signed is a binary struct of
  /// the cosigner's name, the time, the origin and the subtree `[0, size)` with its root.
  private SignatureCheck mlDsaCosignature(byte[] signature) throws MalformedNoteException {
    if (signature.length != Long.BYTES + ML_DSA_44_BYTES) {
      return badLength(signature.length, Long.BYTES + ML_DSA_44_BYTES);
    }
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    byte[] cosigner = key.name().getBytes(StandardCharsets.UTF_8);
    byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
    if (cosigner.length > MAX_NAME_BYTES || origin.length > MAX_NAME_BYTES) {
      return new SignatureCheck.Invalid("key name or origin is longer than 255 bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(signature);
    long seconds = in.getLong();
    if (seconds < 0 || seconds >= MAX_SECONDS) {
      return badTime();
    }
    byte[] label = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
    byte[] root = checkpoint.head().root().toBytes();
    int length =
        label.length + 1 + cosigner.length + 1 + origin.length + 3 * Long.BYTES + root.length;
    ByteBuffer message = ByteBuffer.allocate(length).put(label);
    message.put((byte) cosigner.length).put(cosigner).putLong(seconds);
    message.put((byte) origin.length).put(origin);
    message.putLong(0).putLong(checkpoint.head().size()).put(root);
    return timed(verifies("ML-DSA-44", message.array(), rest(in)), Instant.ofEpochSecond(seconds));
  }

  private byte[] text() {
    return note.text().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }

  private boolean verifies(String algorithm, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key.publicKey());
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | ProviderException e) {
      // What providers throw, the second unchecked, for signatures that they cannot take apart and
      // for
      // Ed25519 keys that are no point.
      return false;
    }
  }

  private static SignatureCheck untimed(boolean valid) {
    return timed(valid, Instant.EPOCH);
  }

  private static SignatureCheck timed(boolean valid, Instant time) {
    return valid
        ? new SignatureCheck.Valid(time)
        : new SignatureCheck.Invalid("the signature does not verify");
  }

  private static SignatureCheck badLength(int found, int expected) {
    return new SignatureCheck.Invalid(
        "signature: %d bytes (expected: %d)".formatted(found, expected));
  }

  private static SignatureCheck badTime() {
    return new SignatureCheck.Invalid("the signature's time is after the year 9999");
  }
}
