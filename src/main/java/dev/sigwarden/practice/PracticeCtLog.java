package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Certificate Transparency log in memory, with a real key. What it answers is `PracticeCtApi`'s.
/// What was appended is served after the next `publish`. Thread-safe.
public final class PracticeCtLog {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String origin;
  private final KeyPair key;
  private final Clock clock;

  // All below: owned by the monitor of this log.
  private final List<PracticeCtEntry> entries = new ArrayList<>();
  private final List<byte[]> leaves = new ArrayList<>();
  private final Map<String, byte[]> issuers = new HashMap<>();
  private final HashTiles tiles = new HashTiles();
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

  /// A log that has published the empty tree.
  public PracticeCtLog(String origin, Clock clock) {
    this(origin, generate(), clock);
  }

  private PracticeCtLog(String origin, KeyPair key, Clock clock) {
    this.origin = origin;
    this.key = key;
    this.clock = clock;
    this.head = headAt(0);
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

  /// Adds an entry, taken now, and returns its index.
  public synchronized long append(PracticeCtEntry entry) {
    return append(entry, clock.instant());
  }

  /// Adds an entry that says it was taken at that time, and returns its index.
  public synchronized long append(PracticeCtEntry entry, Instant taken) {
    return append(entry, entry.leaf(entries.size(), taken.toEpochMilli()));
  }

  private long append(PracticeCtEntry entry, byte[] leaf) {
    entries.add(entry);
    leaves.add(leaf);
    tiles.appendLeaf(leaf);
    entry.issuers().forEach(issuer -> issuers.put(Hash.ofData(issuer).toHex(), issuer));
    return entries.size() - 1L;
  }

  /// Signs a head of all entries and serves it from now on.
  public synchronized void publish() {
    head = headAt(entries.size());
  }

  /// Serves a head of the first `size` entries from now on, signed now.
  public synchronized void publish(long size) {
    head = headAt(size);
  }

  private Head headAt(long size) {
    TreeHead tree = treeAt(size);
    long millis = clock.millis();
    ByteBuffer signed = ByteBuffer.allocate(2 + 2 * Long.BYTES + Hash.LENGTH);
    // version v1, signature_type tree_hash. RFC 6962 section 3.5.
    signed.put((byte) 0).put((byte) 1).putLong(millis).putLong(size).put(tree.root().toBytes());
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

  /// The same key with the same first `size` entries: what a log keeps that shows two histories.
  public PracticeCtLog fork(long size) {
    return fork(size, clock);
  }

  /// The same, which goes by another clock.
  public synchronized PracticeCtLog fork(long size, Clock time) {
    PracticeCtLog other = new PracticeCtLog(origin, key, time);
    for (int i = 0; i < size; i++) {
      other.append(entries.get(i), leaves.get(i));
    }
    return other;
  }

  /// The head that is served.
  synchronized Head head() {
    return head;
  }

  /// The head of the tree over the first `size` entries.
  public synchronized TreeHead treeAt(long size) {
    return Proofs.range(size, tiles::node).head();
  }

  /// The entries appended.
  public synchronized long size() {
    return entries.size();
  }

  /// The entries that the head served covers.
  public synchronized long published() {
    return head.tree.size();
  }

  /// The MerkleTreeLeaf at `index`; not to be written to.
  public synchronized byte[] leaf(long index) {
    return leaves.get((int) index);
  }

  synchronized byte[] extraData(long index) {
    return entries.get((int) index).extraData();
  }

  synchronized Hash node(int level, long index) {
    return tiles.node(level, index);
  }

  synchronized byte[] tile(TileResource tile) {
    return tile.level() == TileResource.DATA
        ? data(tile)
        : tiles.tile(tile.level(), tile.index(), tile.width());
  }

  private byte[] data(TileResource tile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int first = (int) tile.index() * TileResource.FULL_WIDTH;
    for (int i = first; i < first + tile.width(); i++) {
      out.writeBytes(entries.get(i).tileLeaf(leaves.get(i)));
    }
    return out.toByteArray();
  }

  synchronized Optional<byte[]> issuer(String fingerprint) {
    return Optional.ofNullable(issuers.get(fingerprint));
  }

  /// The first line of its checkpoints.
  public String origin() {
    return origin;
  }

  /// Its SubjectPublicKeyInfo in base64, as in log lists.
  public String publicKey() {
    return Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
  }

  /// The key that its tree heads verify with.
  public VerifierKey verifierKey() {
    try {
      return VerifierKey.of(origin, SignatureType.RFC6962_TREE_HEAD, key.getPublic().getEncoded());
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("origin: " + origin, e);
    }
  }
}
