package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.LedgerEntry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldEntriesTest {
  private static final Hash LEAF = Hash.emptyRoot();

  private final HeldEntries held = new HeldEntries();

  private void add(long place, int length) {
    held.add(HeldEntries.Held.of(new TxId(2, place), LEAF, new byte[length], Optional.empty()));
  }

  @Test
  void reading_waits_for_the_list_while_much_is_held_and_goes_on_once_it_is_dropped() {
    add(1, 5 << 20);
    assertThat(held.ahead()).isFalse();
    add(2, 5 << 20);
    assertThat(held.ahead()).isTrue();
    held.drop(2);
    assertThat(held.ahead()).isFalse();
    assertThat(held.has(1)).isFalse();
    assertThat(held.before(3)).extracting(it -> it.id().seqno()).containsExactly(2L);
  }

  @Test
  void more_bytes_or_entries_than_any_service_leaves_unsigned_are_too_many() {
    for (int place = 1; place <= 4; place++) {
      add(place, 8 << 20);
    }
    assertThat(held.tooMany()).isEmpty();
    add(5, 1);
    assertThat(held.tooMany()).isPresent();
    held.clear();
    assertThat(held.tooMany()).isEmpty();
    for (int place = 1; place <= 100_001; place++) {
      add(place, 0);
    }
    assertThat(held.tooMany().orElseThrow()).startsWith("100001 entries");
  }

  @Test
  void statement_that_was_proven_before_takes_no_room() {
    byte[] statement = new byte[9 << 20];
    LedgerEntry known =
        new LedgerEntry(new TxId(2, 1), Hash.ofData(statement), new TxId(2, 2), LEAF);
    held.add(HeldEntries.Held.of(known.id(), LEAF, statement, Optional.of(known)));
    assertThat(held.ahead()).isFalse();
    assertThat(held.before(2).getFirst().statement()).isEmpty();
    byte[] other = statement.clone();
    other[0] = 1;
    held.add(HeldEntries.Held.of(known.id(), LEAF, other, Optional.of(known)));
    assertThat(held.ahead()).isTrue();
  }

  @Test
  void comparison_is_due_after_many_entries_or_many_bytes() {
    for (int place = 1; place < 1_000; place++) {
      add(place, 10);
    }
    assertThat(held.due()).isFalse();
    add(1_000, 10);
    assertThat(held.due()).isTrue();
    held.compared();
    assertThat(held.due()).isFalse();
    add(1_001, 4 << 20);
    assertThat(held.due()).isTrue();
  }
}
