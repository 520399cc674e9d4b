package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.daemon.LookingBack.Gap;
import dev.sigwarden.store.Covered;
import dev.sigwarden.watch.WatchRevision;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which part of a log a watch has not looked at yet.
class LookingBackTest {
  private static Covered covered(long from, long to, boolean current) {
    return new Covered(
        "rekor",
        from,
        to,
        "acme",
        new WatchRevision("selects", "expects"),
        current,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static Optional<Gap> gap(long from, long to, Covered... ranges) {
    List<Covered> all = Arrays.asList(ranges);
    return LookingBack.first("rekor", from, to, all);
  }

  @Test
  void nothing_looked_at_is_all_missing() {
    assertThat(gap(0, 100)).contains(new Gap("rekor", 0, 100));
    assertThat(gap(40, 100)).contains(new Gap("rekor", 40, 100));
    assertThat(gap(100, 100)).isEmpty();
    assertThat(gap(120, 100)).isEmpty();
  }

  @Test
  void what_another_selection_has_looked_at_is_missing() {
    assertThat(gap(0, 100, covered(0, 60, false), covered(60, 100, true)))
        .contains(new Gap("rekor", 0, 60));
  }

  @Test
  void first_gap_between_what_was_looked_at_in_whichever_order() {
    assertThat(gap(0, 100, covered(60, 100, true), covered(0, 20, true), covered(10, 30, true)))
        .contains(new Gap("rekor", 30, 60));
    assertThat(gap(25, 100, covered(60, 100, true), covered(0, 20, true)))
        .contains(new Gap("rekor", 25, 60));
    assertThat(gap(0, 50, covered(60, 100, true))).contains(new Gap("rekor", 0, 50));
  }

  @Test
  void nothing_is_missing_where_ranges_touch_or_overlap() {
    assertThat(gap(0, 100, covered(0, 50, true), covered(50, 80, true), covered(70, 120, true)))
        .isEmpty();
    assertThat(gap(60, 100, covered(50, 100, true))).isEmpty();
  }
}
