package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Corruptions;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import dev.sigwarden.store.Position;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs whose heads are right and whose files are not: nothing of them is judged, and the position
/// stays where it was proven. What mends itself is read on from there.
class TamperedIT {
  /// The second bundle's end: the next turn reads from here.
  private static final long PROVEN = 300;

  private static final long WATCHED = 650;

  private static final long SIZE = 700;

  @TempDir private Path folder;

  private WholeProgram program;

  /// Judged up to `PROVEN`.
  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(PROVEN).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  /// Grows to `SIZE` behind this fault, with a signature of the watched identity among the last.
  private void growBehind(Fault fault) {
    program.log().inject(fault);
    grow();
  }

  /// Publishes all at once, so that there is one new head.
  private void grow() {
    PracticeLog log = program.log().log();
    while (log.size() < SIZE) {
      log.append(log.size() == WATCHED ? Entries.watched("unexpected") : Entries.other(log.size()));
    }
    log.publish();
  }

  /// The fault is told as a lie, nothing is judged, and what was found stays after the fault is
  /// gone.
  private Finding assertToldAndNotJudged() {
    Position proven = program.views().getFirst().position();
    Finding mismatch = program.awaitFinding(Kind.LEAVES_MISMATCH);
    program.awaitTurns(3);
    assertThat(mismatch.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.views().getFirst().position()).isEqualTo(proven);
    assertThat(proven.head().size()).isEqualTo(PROVEN);
    assertThat(WholeProgram.evidence(mismatch, "why.txt")).isNotEmpty();
    assertThat(program.mail(mismatch.alert()))
        .contains("Entries that are not in the signed tree")
        .contains("simulated");
    assertThat(program.status().error()).isNotEmpty();

    program.log().heal();
    assertCaughtUp();
    assertThat(program.findings(Kind.LEAVES_MISMATCH)).hasSize(1);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(
        mismatch.alert(), program.findings(Kind.UNEXPECTED_SIGNATURE).getFirst().alert());
    return mismatch;
  }

  /// Bytes that are no bundle or tile prove nothing of the log: they stop the position, are told as
  /// an outage once they last, and never as a lie.
  private void assertToldAsOutage(String... what) {
    program.until("a failed turn", () -> !program.status().error().isEmpty());
    program.awaitTurns(4);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));

    Alert outage = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(outage.what(), "last-error")).contains(what);
    assertThat(program.findings()).isEmpty();
    assertThat(program.position()).isEqualTo(PROVEN);
    assertThat(program.mail(outage))
        .contains("Log unreachable")
        .contains("Nothing new of this log is being checked")
        .doesNotContain("signed tree");
    program.log().heal();
    assertCaughtUp();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    program.assertToldOf(outage, program.findings(Kind.UNEXPECTED_SIGNATURE).getFirst().alert());
  }

  /// The signed head that the log's files do not fit is kept.
  private void assertHeadKept(Finding mismatch) {
    assertThat(WholeProgram.evidence(mismatch, "checkpoint.note"))
        .isEqualTo(new String(program.log().log().checkpointAt(SIZE), StandardCharsets.UTF_8));
    assertThat(WholeProgram.field(mismatch.alert().what(), "signed-head"))
        .startsWith("size " + SIZE);
  }

  private void assertCaughtUp() {
    program.awaitPosition(SIZE);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactly(WATCHED);
    program.until("a turn without error", () -> program.status().error().isEmpty());
  }

  @Test
  void altered_entry_is_named_by_its_index() {
    growBehind(Corruptions.alteredEntry(600, 40));

    Finding mismatch = assertToldAndNotJudged();
    assertHeadKept(mismatch);
    assertThat(WholeProgram.field(mismatch.alert().what(), "reason"))
        .contains("entries [300, 700) do not fit the signed tree")
        .contains("first at index 600");
    assertThat(WholeProgram.field(mismatch.alert().what(), "entries")).isEqualTo("[300, 700)");
  }

  @Test
  void rewritten_entry_with_a_matching_leaf_hash_is_told() {
    growBehind(Corruptions.rewrittenEntry(600, Entries.watched("swapped in")));

    Finding mismatch = assertToldAndNotJudged();
    assertHeadKept(mismatch);
    assertThat(WholeProgram.field(mismatch.alert().what(), "reason"))
        .contains("the nodes served do not fold to the signed head (700 entries");
  }

  @Test
  void swapped_entries_are_told() {
    growBehind(Corruptions.swappedEntries(600));

    assertThat(WholeProgram.field(assertToldAndNotJudged().alert().what(), "reason"))
        .contains("first at index 600");
  }

  @Test
  void bundle_cut_short_is_told() {
    growBehind(Corruptions.cutBundle(1, 100));

    assertToldAsOutage("entries from index 300 on", "cut after");
  }

  @Test
  void surplus_entries_are_told() {
    growBehind(Corruptions.surplusEntries(1, Entries.watched("surplus")));

    assertToldAsOutage("bytes after the last of 256 entries");
  }

  @Test
  void missing_entry_is_told() {
    growBehind(Corruptions.missingEntry(400));

    assertToldAsOutage("ends after 255 entries (expected: 256)");
  }

  @Test
  void repeated_entry_is_told() {
    growBehind(Corruptions.repeatedEntry(400));

    assertToldAsOutage("bytes after the last of 256 entries");
  }

  @Test
  void altered_leaf_hash_beside_an_intact_bundle_is_told() {
    growBehind(Corruptions.alteredHash(0, 600));

    assertHeadKept(assertToldAndNotJudged());
  }

  @Test
  void altered_hash_of_a_higher_tile_is_told() {
    growBehind(Corruptions.alteredHash(1, 0));

    assertHeadKept(assertToldAndNotJudged());
  }

  @Test
  void cut_tile_is_told() {
    growBehind(Corruptions.cutTile(0, 1, 32));

    assertToldAsOutage("bytes");
  }

  @Test
  void root_that_no_tile_reaches_is_told() {
    program.others(650);
    program.log().inject(Histories.falseRoot(program.log()));
    program.awaitFinding(Kind.LEAVES_MISMATCH);
    program.awaitTurns(2);

    assertThat(program.findings(Kind.LEAVES_MISMATCH)).hasSize(1);
    program.log().heal();
    program.awaitPosition(650);
  }

  @Test
  void partial_tiles_that_are_gone_are_read_from_the_full_ones() {
    PracticeLog log = program.log().log();
    // Between the head and its tiles the log fills them, and drops the partial ones as
    // c2sp.org/tlog-tiles allows.
    program
        .log()
        .inject((path, honest) -> {
          if (Fault.checkpoint(path)) {
            return honest;
          }
          program.others(768);
          boolean full =
              Fault.partials(path)
                  && log.resource(path.substring(0, path.indexOf(".p/"))).isPresent();
          return full ? Answer.of(404) : honest;
        });
    grow();
    program.awaitPosition(768);

    assertThat(program.log().requests(path -> path.equals("tile/entries/002.p/188"))).isPositive();
    assertThat(program.findings())
        .extracting(finding -> finding.alert().kind())
        .containsExactly(Kind.UNEXPECTED_SIGNATURE);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(program.findings().getFirst().alert());
  }

  @Test
  void entries_that_are_withheld_stop_the_position_and_are_told_as_unreachable() {
    program.config().log("unreachable-after", "1s");
    program.restart();
    growBehind(Corruptions.gone(path -> path.startsWith("tile/entries/001")));

    Alert outage = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
    assertThat(program.position()).isEqualTo(PROVEN);
    assertThat(program.mail(outage)).contains("Log unreachable");
    program.log().heal();
    assertCaughtUp();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    program.assertToldOf(outage, program.findings(Kind.UNEXPECTED_SIGNATURE).getFirst().alert());
  }

  @Test
  void log_that_grows_while_it_is_read_is_no_trouble() {
    growBehind(Histories.growing(program.log(), 1, Fault::bundles));
    program.until("beyond the first heads", () -> program.position() > SIZE + 10);
    program.log().heal();
    program.awaitJudged();

    // What the simulator appends is no entry of Rekor's.
    assertThat(program.findings())
        .extracting(finding -> finding.alert().kind())
        .containsOnly(Kind.UNEXPECTED_SIGNATURE, Kind.ENTRY_UNDECODABLE);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactly(WATCHED);
    assertThat(program.daemon().conditions()).isEmpty();
  }
}
