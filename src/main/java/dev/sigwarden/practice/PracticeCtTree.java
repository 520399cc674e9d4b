package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;

/// The hashes and the heads of a Certificate Transparency log in memory, with a real key. What was
/// appended is covered by a head after the next `publish`. Thread-safe.
final class PracticeCtTree {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String origin;
  private final KeyPair key;
  private final Clock clock;

  // All below: owned by the monitor of this tree.
  private final HashTiles tiles = new HashTiles();
  private long size;
  private Head head;

  /// A signed tree head. A class and not a record for its array.
  static final class Head {
    private final TreeHead tree;
    private final long millis;
    private final byte[] signature;

    private Head(TreeHead tree, long millis, byte[] signature) {
      this.tree = tree;
      this.millis = millis;
      this.signature = signature;
    }

    TreeHead tree() {
      return tree;
    }

    long millis() {
      return millis;
    }

    /// The TLS DigitallySigned; not to be written to.
    byte[] signature() {
      return signature;
    }
  }

  /// A tree with a fresh key that has published the empty one.
  PracticeCtTree(String origin, Clock clock) {
    this(origin, generate(), clock);
  }

  private PracticeCtTree(String origin, KeyPair key, Clock clock) {
    this.origin = origin;
    this.key = key;
    this.clock = clock;
    this.head = headAt(0);
  }

  /// An empty tree of the same origin and key, which goes by another clock.
  PracticeCtTree another(Clock time) {
    return new PracticeCtTree(origin, key, time);
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has P-256", e);
    }
  }

  /// Adds a MerkleTreeLeaf.
  synchronized void append(byte[] leaf) {
    tiles.appendLeaf(leaf);
    size++;
  }

  /// Signs a head of the first `covered` leaves; it is the head from now on.
  synchronized void publish(long covered) {
    head = headAt(covered);
  }

  private Head headAt(long covered) {
    TreeHead tree = treeAt(covered);
    long millis = clock.millis();
    ByteBuffer signed = ByteBuffer.allocate(2 + 2 * Long.BYTES + Hash.LENGTH);
    // version v1, signature_type tree_hash. RFC 6962 section 3.5.
    signed.put((byte) 0).put((byte) 1).putLong(millis).putLong(covered).put(tree.root().toBytes());
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key.getPrivate());
      signer.update(signed.array());
      byte[] der = signer.sign();
      byte[] signature =
          ByteBuffer.allocate(2 + Short.BYTES + der.length)
              .put((byte) 4)
              .put((byte) 3)
              .putShort((short) der.length)
              .put(der)
              .array();
      return new Head(tree, millis, signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a P-256 key signs anything", e);
    }
  }

  synchronized Head head() {
    return head;
  }

  /// The head of the tree over the first `covered` leaves.
  synchronized TreeHead treeAt(long covered) {
    return Proofs.range(covered, tiles::node).head();
  }

  /// The leaves appended.
  synchronized long size() {
    return size;
  }

  synchronized Hash node(int level, long index) {
    return tiles.node(level, index);
  }

  /// A tile of hashes, all of which must be there.
  synchronized byte[] tile(TileResource tile) {
    return tiles.tile(tile.level(), tile.index(), tile.width());
  }

  String origin() {
    return origin;
  }

  /// Its SubjectPublicKeyInfo in base64, as in log lists.
  String publicKey() {
    return Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
  }

  /// The key that its heads verify with.
  VerifierKey verifierKey() {
    try {
      return VerifierKey.of(origin, SignatureType.RFC6962_TREE_HEAD, key.getPublic().getEncoded());
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("origin: " + origin, e);
    }
  }
}
