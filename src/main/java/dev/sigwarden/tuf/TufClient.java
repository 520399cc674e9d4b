package dev.sigwarden.tuf;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Follows one repository from a root that is trusted beforehand: the steps of the TUF
/// specification's section 5, in its order and with its numbers (version 1.0.33). Metadata that was
/// believed is kept, so that a repository cannot go back; a target that was verified is kept, so
/// that there is one while the repository is unreachable, lies or has expired. Used by one thread
/// at a time.
public final class TufClient {
  /// New roots in one refresh: other clients' limit; real repositories have some two a year.
  static final int MAX_NEW_ROOTS = 256;

  /// The longest target in bytes: a trusted root has some 7,000.
  static final int MAX_TARGET_BYTES = 5_000_000;

  private static final String ROOT = "root.json";

  /// The last verified target and until when it was good: what `load` reads.
  private static final String LAST_TARGET = "last-good";

  private static final String LAST_EXPIRES = "last-good.expires";
  private static final int MAX_TIME_BYTES = 64;

  private final RootMetadata anchor;
  private final Repository repository;
  private final TufCache cache;
  private final String target;
  private final Check check;

  /// What else a target has to be than vouched for.
  @FunctionalInterface
  public interface Check {
    /// Whether the target is of use.
    ///
    /// @throws RefusedException if it is not: what was kept before stays
    void accept(byte[] target) throws RefusedException;
  }

  /// A client that asks nothing yet.
  ///
  /// @param anchor a `root.json` from a trusted source, of any age
  /// @param target the path of the one target that is followed
  /// @param check asked before a target takes the place of the one that is kept
  /// @throws RefusedException if the anchor is not signed by its own keys; its expiry does not
  ///   matter
  public TufClient(byte[] anchor, Repository repository, TufCache cache, String target, Check check)
      throws RefusedException {
    this.anchor = RootMetadata.parse("trusted root", anchor);
    this.anchor.file().signedBy(this.anchor, Role.Type.ROOT);
    this.repository = repository;
    this.cache = cache;
    this.target = target;
    this.check = check;
  }

  /// The target that was verified last, by this process or an earlier one, expired or not.
  public Optional<Target> load() {
    Optional<byte[]> bytes = cache.read(LAST_TARGET, MAX_TARGET_BYTES);
    Optional<Instant> expires = cache.read(LAST_EXPIRES, MAX_TIME_BYTES).flatMap(TufClient::time);
    return bytes.isPresent() && expires.isPresent()
        ? Optional.of(new Target(bytes.get(), expires.get()))
        : Optional.empty();
  }

  /// When the target that `load` gives was written, in a form that differs for each; empty if there
  /// is none.
  public Optional<String> lastVerified() {
    return cache.written(LAST_EXPIRES);
  }

  private static Optional<Instant> time(byte[] text) {
    try {
      return Optional.of(Instant.parse(new String(text, StandardCharsets.US_ASCII)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// Asks the repository.
  ///
  /// @param now 5.1: the time of the whole refresh
  public Refresh refresh(Instant now) {
    try {
      return new Refresh.Fresh(update(now));
    } catch (RefusedException e) {
      return new Refresh.Refused(e.getMessage());
    } catch (UnavailableException e) {
      return new Refresh.Unavailable(e.getMessage());
    }
  }

  private Target update(Instant now) throws RefusedException, UnavailableException {
    RootMetadata root = newestRoot();
    // 5.3.10. A freeze attack: only the last root has to be in date.
    root.file().fresh(now);
    Listing timestamp = timestamp(root, now);
    Listing snapshot = snapshot(root, timestamp.of("snapshot.json"), now);
    Listing targets = targets(root, snapshot.of("targets.json"), now);
    byte[] bytes = target(root, targets.of(target));
    check.accept(bytes);
    Instant expires =
        Stream.of(root.file(), timestamp.file(), snapshot.file(), targets.file())
            .map(Envelope::expires)
            .min(Instant::compareTo)
            .orElseThrow();
    cache.write(LAST_TARGET, bytes);
    cache.write(LAST_EXPIRES, expires.toString().getBytes(StandardCharsets.US_ASCII));
    return new Target(bytes, expires);
  }

  /// 5.2. The newest root believed so far: the cache's, or the anchor if that is newer.
  private RootMetadata trustedRoot() {
    Optional<byte[]> cached = cache.read(ROOT, RootMetadata.MAX_BYTES);
    if (cached.isEmpty()) {
      return anchor;
    }
    try {
      RootMetadata root = RootMetadata.parse("cached root.json", cached.get());
      root.file().signedBy(root, Role.Type.ROOT);
      return root.version() > anchor.version() ? root : anchor;
    } catch (RefusedException _) {
      // A damaged file costs a walk from the anchor.
      return anchor;
    }
  }

  /// 5.3. Walks from the trusted root to the repository's newest, one version at a time.
  private RootMetadata newestRoot() throws RefusedException, UnavailableException {
    RootMetadata first = trustedRoot();
    RootMetadata root = first;
    for (int walked = 0; ; walked++) {
      // 5.3.2 and 5.3.3.
      long next = root.version() + 1;
      String name = next + ".root.json";
      Optional<byte[]> bytes = repository.fetch(name, RootMetadata.MAX_BYTES);
      if (bytes.isEmpty()) {
        break;
      }
      if (walked == MAX_NEW_ROOTS) {
        throw new RefusedException(
            "%s: still another root after %d (expected: an end)".formatted(name, MAX_NEW_ROOTS));
      }
      RootMetadata candidate = RootMetadata.parse(name, bytes.get());
      // 5.3.4. An arbitrary software attack: the old root's keys and its own have to sign.
      candidate.file().signedBy(root, Role.Type.ROOT);
      candidate.file().signedBy(candidate, Role.Type.ROOT);
      // 5.3.5. A rollback attack, or a version left out.
      if (candidate.version() != next) {
        throw new RefusedException(
            "%s: version %d (expected: %d, the next)".formatted(name, candidate.version(), next));
      }
      // 5.3.6 to 5.3.9. An intermediate root may have expired.
      root = candidate;
      cache.write(ROOT, bytes.get());
    }
    // 5.3.11. Recovers from a fast-forward attack by keys that were replaced since.
    for (Role.Type type : new Role.Type[] {Role.Type.TIMESTAMP, Role.Type.SNAPSHOT}) {
      if (!root.keysOf(type).equals(first.keysOf(type))) {
        cache.delete("timestamp.json");
        cache.delete("snapshot.json");
      }
    }
    return root;
  }

  /// 5.4.
  private Listing timestamp(RootMetadata root, Instant now)
      throws RefusedException, UnavailableException {
    String name = "timestamp.json";
    // 5.4.1 and 5.4.2.
    byte[] bytes = fetch(name, Listing.maxBytes(Role.Type.TIMESTAMP));
    Listing next = Listing.parse(name, bytes, Role.Type.TIMESTAMP, root);
    Optional<Listing> known = cached(root, Role.Type.TIMESTAMP);
    if (known.isPresent()) {
      // 5.4.3.1. A rollback attack.
      notOlder(name, next.version(), known.get().version());
      if (next.version() == known.get().version()) {
        known.get().file().fresh(now);
        return known.get();
      }
      // 5.4.3.2. The same of the snapshot.
      notOlder(
          name + ": snapshot.json",
          next.of("snapshot.json").version(),
          known.get().of("snapshot.json").version());
    }
    // 5.4.4 and 5.4.5. A freeze attack.
    next.file().fresh(now);
    cache.write(name, bytes);
    return next;
  }

  /// 5.5.
  private Listing snapshot(RootMetadata root, FileFacts facts, Instant now)
      throws RefusedException, UnavailableException {
    Optional<Listing> known = cached(root, Role.Type.SNAPSHOT);
    if (known.isPresent()) {
      notOlder("snapshot.json", facts.version(), known.get().version());
    }
    if (known.isPresent() && known.get().version() == facts.version()) {
      known.get().file().fresh(now);
      return known.get();
    }
    // 5.5.1 to 5.5.4.
    byte[] bytes = listed(root, Role.Type.SNAPSHOT, facts);
    Listing next = parse(root, Role.Type.SNAPSHOT, facts, bytes);
    // 5.5.5. A rollback attack.
    if (known.isPresent()) {
      for (var file : known.get().files().entrySet()) {
        notOlder(
            next.file().name() + ": " + file.getKey(),
            next.of(file.getKey()).version(),
            file.getValue().version());
      }
    }
    // 5.5.6 and 5.5.7.
    next.file().fresh(now);
    cache.write("snapshot.json", bytes);
    return next;
  }

  /// 5.6; without 5.6.7, since nothing is looked for in delegations.
  private Listing targets(RootMetadata root, FileFacts facts, Instant now)
      throws RefusedException, UnavailableException {
    Optional<Listing> known = cached(root, Role.Type.TARGETS);
    if (known.isPresent() && known.get().version() == facts.version()) {
      known.get().file().fresh(now);
      return known.get();
    }
    byte[] bytes = listed(root, Role.Type.TARGETS, facts);
    Listing next = parse(root, Role.Type.TARGETS, facts, bytes);
    next.file().fresh(now);
    cache.write("targets.json", bytes);
    return next;
  }

  /// 5.7. The target, checked against what the targets metadata says of it.
  private byte[] target(RootMetadata root, FileFacts facts)
      throws RefusedException, UnavailableException {
    if (facts.length() > MAX_TARGET_BYTES) {
      throw new RefusedException(
          "%s: %d bytes (expected: <= %d)".formatted(target, facts.length(), MAX_TARGET_BYTES));
    }
    Optional<byte[]> kept = cache.read(LAST_TARGET, MAX_TARGET_BYTES);
    if (kept.isPresent() && facts.describes(kept.get())) {
      return kept.get();
    }
    int slash = target.lastIndexOf('/') + 1;
    String file =
        root.consistent()
            ? target.substring(0, slash) + facts.nameHash() + "." + target.substring(slash)
            : target;
    byte[] bytes = fetch("targets/" + file, (int) facts.length());
    facts.check(target, bytes);
    return bytes;
  }

  /// 5.5.1, 5.5.2 and their like in 5.6: metadata that other metadata speaks of.
  private byte[] listed(RootMetadata root, Role.Type type, FileFacts facts)
      throws RefusedException, UnavailableException {
    int max = Listing.maxBytes(type);
    if (facts.length() > max) {
      throw new RefusedException(
          "%s.json: %d bytes (expected: <= %d)".formatted(type.label(), facts.length(), max));
    }
    String name = root.fileName(type, facts.version());
    byte[] bytes = fetch(name, facts.length() < 0 ? max : (int) facts.length());
    facts.check(name, bytes);
    return bytes;
  }

  private static Listing parse(RootMetadata root, Role.Type type, FileFacts facts, byte[] bytes)
      throws RefusedException {
    String name = root.fileName(type, facts.version());
    Listing next = Listing.parse(name, bytes, type, root);
    if (next.version() != facts.version()) {
      throw new RefusedException(
          "%s: version %d (expected: %d)".formatted(name, next.version(), facts.version()));
    }
    return next;
  }

  private static void notOlder(String what, long version, long known) throws RefusedException {
    if (version < known) {
      throw new RefusedException(
          "%s: version %d (expected: >= %d, which was seen before)"
              .formatted(what, version, known));
    }
  }

  /// Metadata believed before, if the keys of `root` still vouch for it.
  private Optional<Listing> cached(RootMetadata root, Role.Type type) {
    String name = type.label() + ".json";
    Optional<byte[]> bytes = cache.read(name, Listing.maxBytes(type));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Listing.parse("cached " + name, bytes.get(), type, root));
    } catch (RefusedException _) {
      // Damaged, or by keys that were replaced since.
      return Optional.empty();
    }
  }

  private byte[] fetch(String path, int maxBytes) throws RefusedException, UnavailableException {
    return repository
        .fetch(path, maxBytes)
        .orElseThrow(() -> new UnavailableException(path + ": the repository has no such file"));
  }
}
