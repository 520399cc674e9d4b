package dev.sigwarden.tail;

import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Smaller heads that one log signed and did not show to be of its proven history, until they are
/// proven or told; and heads that came beside proofs and did not fit. Kept in the store, so that a
/// restart acquits nobody. Owned by one thread.
final class Suspects {
  /// Heads that are remembered: one more is told at once.
  private static final int MAX = 100;

  /// Characters of their notes that are remembered; as with `MAX`. A note may be a million.
  private static final long MAX_CHARS = 8L << 20;

  private final String log;
  private final Store store;
  private @Nullable Map<TreeHead, SeenHead> known;

  Suspects(String log, Store store) {
    this.log = log;
    this.store = store;
  }

  private Map<TreeHead, SeenHead> known() {
    Map<TreeHead, SeenHead> heads = known;
    if (heads == null) {
      heads = new LinkedHashMap<>();
      for (SeenHead head : store.suspects(log)) {
        heads.put(head.head(), head);
      }
      known = heads;
    }
    return heads;
  }

  /// The longest known, at most `limit`, those included that scans met meanwhile, in whatever
  /// process.
  List<SeenHead> first(int limit) {
    known = null;
    return known().values().stream().limit(limit).toList();
  }

  /// The head as it was seen first, which may be now; empty if there is no room to remember it.
  Optional<SeenHead> add(SeenHead head) {
    SeenHead first = known().get(head.head());
    if (first != null) {
      return Optional.of(first);
    }
    long chars = known().values().stream().mapToLong(it -> it.note().length()).sum();
    if (known().size() >= MAX || chars + head.note().length() > MAX_CHARS) {
      return Optional.empty();
    }
    store.suspect(log, head);
    known().put(head.head(), head);
    return Optional.of(head);
  }

  /// Remembers the head no more: it is proven, or these findings tell of it.
  void remove(TreeHead head, List<Filing> findings) {
    store.unsuspect(log, head, findings);
    known().remove(head);
  }
}
