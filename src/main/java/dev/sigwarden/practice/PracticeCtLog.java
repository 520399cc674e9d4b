package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.VerifierKey;
import java.io.ByteArrayOutputStream;
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
  private final Clock clock;
  private final PracticeCtTree tree;

  // All below: owned by the monitor of this log.
  private final List<PracticeCtEntry> entries = new ArrayList<>();
  private final List<byte[]> leaves = new ArrayList<>();
  private final Map<String, byte[]> issuers = new HashMap<>();

  /// A log that has published the empty tree.
  public PracticeCtLog(String origin, Clock clock) {
    this(new PracticeCtTree(origin, clock), clock);
  }

  private PracticeCtLog(PracticeCtTree tree, Clock clock) {
    this.tree = tree;
    this.clock = clock;
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
    tree.append(leaf);
    entry.issuers().forEach(issuer -> issuers.put(Hash.ofData(issuer).toHex(), issuer));
    return entries.size() - 1L;
  }

  /// Signs a head of all entries and serves it from now on.
  public synchronized void publish() {
    tree.publish(entries.size());
  }

  /// Serves a head of the first `size` entries from now on, signed now.
  public void publish(long size) {
    tree.publish(size);
  }

  /// The same key with the same first `size` entries: what a log keeps that shows two histories.
  public PracticeCtLog fork(long size) {
    return fork(size, clock);
  }

  /// The same, which goes by another clock.
  public synchronized PracticeCtLog fork(long size, Clock time) {
    PracticeCtLog other = new PracticeCtLog(tree.another(time), time);
    for (int i = 0; i < size; i++) {
      other.append(entries.get(i), leaves.get(i));
    }
    return other;
  }

  /// The head of the tree over the first `size` entries.
  public TreeHead treeAt(long size) {
    return tree.treeAt(size);
  }

  /// The entries appended.
  public long size() {
    return tree.size();
  }

  /// The entries that the head served covers.
  public long published() {
    return tree.head().tree().size();
  }

  /// The MerkleTreeLeaf at `index`; not to be written to.
  public synchronized byte[] leaf(long index) {
    return leaves.get((int) index);
  }

  private synchronized PracticeCtEntry entry(long index) {
    return entries.get((int) index);
  }

  private synchronized Optional<byte[]> issuer(String fingerprint) {
    return Optional.ofNullable(issuers.get(fingerprint));
  }

  /// What it has to serve.
  CtContent content() {
    return new CtContent() {
      @Override
      public PracticeCtTree tree() {
        return tree;
      }

      @Override
      public byte[] leaf(long index) {
        return PracticeCtLog.this.leaf(index);
      }

      @Override
      public byte[] extraData(long index) {
        return Base64.getEncoder().encode(entry(index).extraData());
      }

      @Override
      public byte[] data(TileResource tile) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long first = tile.index() * TileResource.FULL_WIDTH;
        for (long index = first; index < first + tile.width(); index++) {
          out.writeBytes(entry(index).tileLeaf(leaf(index)));
        }
        return out.toByteArray();
      }

      @Override
      public Optional<byte[]> issuer(String fingerprint) {
        return PracticeCtLog.this.issuer(fingerprint);
      }
    };
  }

  /// The first line of its checkpoints.
  public String origin() {
    return tree.origin();
  }

  /// Its SubjectPublicKeyInfo in base64, as in log lists.
  public String publicKey() {
    return tree.publicKey();
  }

  /// The key that its tree heads verify with.
  public VerifierKey verifierKey() {
    return tree.verifierKey();
  }
}
