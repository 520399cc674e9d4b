package dev.sigwarden.watch;

import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The selectors that select one event, found among those that an index offers. Owned by one
/// thread.
final class Selection {
  static final int[] NONE = {};

  private final Index index;
  private final SigningEvent event;
  private @Nullable RawEntry entry;
  private @Nullable TreeMap<Integer, Optional<Signer>> selected;

  /// Selectors that need no more looking at: they selected the event already.
  private @Nullable BitSet done;

  private int verified;

  Selection(Index index, SigningEvent event) {
    this.index = index;
    this.event = event;
  }

  /// The event's entry as text and JSON.
  RawEntry entry() {
    RawEntry known = entry;
    if (known == null) {
      known = index.raw(event.entry());
      entry = known;
    }
    return known;
  }

  /// Selectors that were looked at in full, the measure of what an event costs beyond reading it.
  int verified() {
    return verified;
  }

  /// The numbers of the selectors that select the event, ascending, each with the first signer that
  /// it selects; none for selectors on the entry itself.
  Map<Integer, Optional<Signer>> selected() {
    return selected == null ? Map.of() : selected;
  }

  void offer(int[] candidates, Signer signer) {
    for (int candidate : candidates) {
      look(candidate, signer, null);
    }
  }

  /// Offers selectors whose key is a subject that they found in `subject`: only that name can be
  /// meant, others are offered by themselves.
  void offer(int[] candidates, Signer signer, String subject) {
    for (int candidate : candidates) {
      look(candidate, signer, subject);
    }
  }

  void offerForEntry(int[] candidates) {
    for (int candidate : candidates) {
      if (!index.selector(candidate).needsSigner()) {
        look(candidate, null, null);
        continue;
      }
      for (Signer signer : event.signers()) {
        look(candidate, signer, null);
      }
    }
  }

  private void look(int candidate, @Nullable Signer signer, @Nullable String subject) {
    if (done != null && done.get(candidate)) {
      return;
    }
    verified++;
    if (index.selector(candidate).selects(signer, entry(), subject)) {
      note(candidate, signer);
    }
  }

  private void note(int selector, @Nullable Signer signer) {
    if (done == null) {
      done = new BitSet();
    }
    done.set(selector);
    if (selected == null) {
      selected = new TreeMap<>();
    }
    selected.put(selector, Optional.ofNullable(signer));
  }
}
