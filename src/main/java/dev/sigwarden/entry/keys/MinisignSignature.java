package dev.sigwarden.entry.keys;

import dev.sigwarden.entry.x509.MalformedSignerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// A signature file of minisign (jedisct1.github.io/minisign, "Signature format"): Ed25519 over the
/// content or its BLAKE2b-512, and a second signature over the first and the trusted comment.
/// OpenBSD's signify files are refused: they have no trusted comment.
public final class MinisignSignature {
  /// What every file starts with.
  public static final String START = "untrusted comment:";

  private static final String TRUSTED = "trusted comment: ";

  /// The longest file in bytes: two comments of 1,024 and the signatures.
  private static final int MAX_CHARS = 4_096;

  private static final int ID_BYTES = 8;
  private static final int SIGNATURE_BYTES = 64;
  private static final int HASH_BITS = 512;

  private final boolean prehashed;
  private final byte[] keyId;
  private final byte[] signature;
  private final byte[] trusted;
  private final byte[] global;

  private MinisignSignature(
      boolean prehashed, byte[] keyId, byte[] signature, byte[] trusted, byte[] global) {
    this.prehashed = prehashed;
    this.keyId = keyId;
    this.signature = signature;
    this.trusted = trusted;
    this.global = global;
  }

  /// Reads a signature file.
  ///
  /// @throws MalformedSignerException if it is none
  public static MinisignSignature parse(String text) throws MalformedSignerException {
    List<String> lines = text.length() > MAX_CHARS ? List.of() : text.strip().lines().toList();
    if (lines.size() != 4
        || !lines.getFirst().startsWith(START)
        || !lines.get(2).startsWith(TRUSTED)) {
      throw malformed("%d characters".formatted(text.length()));
    }
    byte[] first = base64(lines.get(1));
    byte[] global = base64(lines.get(3));
    if (first.length != 2 + ID_BYTES + SIGNATURE_BYTES
        || first[0] != 'E'
        || (first[1] != 'd' && first[1] != 'D')
        || global.length != SIGNATURE_BYTES) {
      throw malformed("a signature of %d bytes".formatted(first.length));
    }
    return new MinisignSignature(
        first[1] == 'D',
        Arrays.copyOfRange(first, 2, 2 + ID_BYTES),
        Arrays.copyOfRange(first, 2 + ID_BYTES, first.length),
        lines.get(2).substring(TRUSTED.length()).getBytes(StandardCharsets.UTF_8),
        global);
  }

  /// Whether this is the key's signature over the content.
  public boolean isBy(MinisignKeys.Full key, byte[] content) {
    return Arrays.equals(keyId, key.id())
        && verifies(key.key(), prehashed ? blake2b(content) : content, signature)
        && verifies(key.key(), joined(signature, trusted), global);
  }

  private static boolean verifies(byte[] key, byte[] message, byte[] signature) {
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(false, new Ed25519PublicKeyParameters(key, 0));
    signer.update(message, 0, message.length);
    return signer.verifySignature(signature);
  }

  private static byte[] blake2b(byte[] content) {
    Blake2bDigest digest = new Blake2bDigest(HASH_BITS);
    digest.update(content, 0, content.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  private static byte[] base64(String line) throws MalformedSignerException {
    try {
      return Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException _) {
      throw malformed("no base64");
    }
  }

  private static MalformedSignerException malformed(String found) {
    return new MalformedSignerException(
        "minisign signature: %s (expected: the four lines that minisign writes)".formatted(found));
  }
}
