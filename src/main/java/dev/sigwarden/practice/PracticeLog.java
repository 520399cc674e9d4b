package dev.sigwarden.practice;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// An append-only Merkle log in memory, with a real key, that answers as c2sp.org/tlog-tiles says.
///
/// It keeps what it serves and nothing else: the bundles and the tiles, in all about 35 bytes per
/// entry more than the entries. What was appended is served after the next `publish`. Thread-safe.
public final class PracticeLog {
  /// The longest entry in bytes: a bundle writes lengths in two bytes.
  /// c2sp.org/tlog-tiles#log-entries.
  public static final int MAX_ENTRY_BYTES = 65_535;

  static final String CHECKPOINT = "checkpoint";

  private final NoteSigner signer;
  private final List<NoteSigner> witnesses;
  private final Clock clock;

  // All below: owned by the monitor of this log.
  private final EntryBundles bundles = new EntryBundles();
  private final HashTiles tiles = new HashTiles();
  private Optional<byte[]> checkpoint = Optional.empty();
  private long published;

  /// An empty log without a checkpoint, and without witnesses. Its origin is the key's name.
  public PracticeLog(NoteSigner signer, Clock clock) {
    this(signer, List.of(), clock);
  }

  /// An empty log without a checkpoint. Its origin is the key's name.
  ///
  /// @param witnesses keys that cosign each checkpoint, at the time of `clock`
  public PracticeLog(NoteSigner signer, List<NoteSigner> witnesses, Clock clock) {
    this.signer = signer;
    this.witnesses = List.copyOf(witnesses);
    this.clock = clock;
  }

  /// Adds an entry and returns its index.
  ///
  /// @throws IllegalArgumentException if the entry is longer than `MAX_ENTRY_BYTES`
  public synchronized long append(byte[] entry) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "entry: %d bytes (expected: <= %d)".formatted(entry.length, MAX_ENTRY_BYTES));
    }
    bundles.append(entry);
    tiles.appendLeaf(entry);
    return bundles.size() - 1;
  }

  /// Signs a checkpoint of all entries, serves it from now on and returns its note.
  public synchronized byte[] publish() {
    byte[] note = checkpointAt(bundles.size());
    checkpoint = Optional.of(note);
    published = bundles.size();
    return note.clone();
  }

  /// The note of a checkpoint of the first `size` entries, signed and cosigned now, not served.
  ///
  /// @throws IllegalArgumentException if `size` is not in `[0, size()]`
  public synchronized byte[] checkpointAt(long size) {
    byte[] note = signer.sign(new Checkpoint(origin(), headAt(size), List.of()).toText());
    for (NoteSigner witness : witnesses) {
      note = witness.cosign(note, clock.instant());
    }
    return note;
  }

  /// Another history of the same log: same keys, the same first `size` entries, no checkpoint yet.
  /// What a log keeps that shows one tree to some and another to others.
  ///
  /// @throws IllegalArgumentException if `size` is not in `[0, size()]`
  public synchronized PracticeLog fork(long size) {
    requireSize(size);
    PracticeLog other = new PracticeLog(signer, witnesses, clock);
    for (long index = 0; index < size; index++) {
      other.append(bundles.entry(index));
    }
    return other;
  }

  /// What is served under `path`, relative to the log's address and without a leading slash:
  /// `checkpoint`, `tile/0/000.p/12`, `tile/entries/x001/234`. Empty for any other path and for
  /// what no checkpoint has covered yet. Not to be written to: full tiles and bundles are not
  /// copied.
  public synchronized Optional<byte[]> resource(String path) {
    if (path.equals(CHECKPOINT)) {
      return checkpoint;
    }
    return TileResource.parse(path)
        .filter(resource -> resource.level() != TileResource.DATA)
        .filter(this::served)
        .map(this::bytes);
  }

  private boolean served(TileResource resource) {
    // Divided, not multiplied: an index of 18 digits times 256 is no long.
    long available = resource.available(published);
    long full = available / TileResource.FULL_WIDTH;
    return resource.index() < full
        || (resource.index() == full && resource.width() <= available % TileResource.FULL_WIDTH);
  }

  private byte[] bytes(TileResource resource) {
    return resource.level() == TileResource.ENTRIES
        ? bundles.bundle(resource.index(), resource.width())
        : tiles.tile(resource.level(), resource.index(), resource.width());
  }

  /// The entries appended.
  public synchronized long size() {
    return bundles.size();
  }

  /// The entries that the checkpoint served covers; 0 before the first.
  public synchronized long published() {
    return published;
  }

  /// The head of the tree over the first `size` entries.
  ///
  /// @throws IllegalArgumentException if `size` is not in `[0, size()]`
  public synchronized TreeHead headAt(long size) {
    return rangeAt(size).head();
  }

  /// The compact range over the first `size` entries.
  ///
  /// @throws IllegalArgumentException if `size` is not in `[0, size()]`
  public synchronized CompactRange rangeAt(long size) {
    requireSize(size);
    return Proofs.range(size, tiles::node);
  }

  private void requireSize(long size) {
    if (size < 0 || size > bundles.size()) {
      throw new IllegalArgumentException(
          "size: %d (expected: [0, %d])".formatted(size, bundles.size()));
    }
  }

  /// The root of the perfect subtree over the entries `[index << level, (index + 1) << level)`: a
  /// `NodeSource` for proofs.
  ///
  /// @throws IllegalArgumentException if not all of them were appended
  public synchronized Hash node(int level, long index) {
    return tiles.node(level, index);
  }

  /// A copy of the entry at `index`.
  ///
  /// @throws IllegalArgumentException if `index` is not in `[0, size())`
  public synchronized byte[] entry(long index) {
    if (index < 0 || index >= bundles.size()) {
      throw new IllegalArgumentException(
          "index: %d (expected: [0, %d))".formatted(index, bundles.size()));
    }
    return bundles.entry(index);
  }

  /// The log's name: the first line of its checkpoints.
  public String origin() {
    return verifierKey().name();
  }

  /// The key that the checkpoints verify with.
  public VerifierKey verifierKey() {
    return signer.verifierKey();
  }

  /// The keys of the witnesses, of type 0x04, in the order of their signatures.
  public List<VerifierKey> witnessKeys() {
    return witnesses.stream().map(NoteSigner::witnessKey).toList();
  }
}
