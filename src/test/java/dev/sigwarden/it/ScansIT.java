package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Scans;
import dev.sigwarden.daemon.Scans.Created;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.ScanFinding;
import dev.sigwarden.store.ScanPiece;
import dev.sigwarden.store.ScanProgress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scans of ranges by the daemon, beside the log that it follows.
class ScansIT {
  private static final long ENTRIES = 20_000;
  private static final long SECOND_PIECE = 8_192;
  private static final List<Long> WATCHED = List.of(100L, 8_191L, 8_192L, 12_345L, 19_999L);
  private static final Deed DEED =
      new Deed("token:test", "responder", "", "scan.create", "", "looking back", "");

  /// The bundle of entries [8448, 8704).
  private static final String BUNDLE = "tile/entries/033";

  @TempDir private Path folder;

  /// A log in which the watched identity signed some entries, and a daemon that follows it.
  private WholeProgram program(String start) {
    WholeProgram program = new WholeProgram(folder);
    for (long index : WATCHED) {
      program.others(index);
      program.log().append(Entries.watched("artifact " + index));
    }
    program.others(ENTRIES);
    program.config().log("start", start).log("poll", "250ms");
    return program.start();
  }

  private static Scans scans(WholeProgram program) {
    return program.daemon().scans().orElseThrow();
  }

  private static ScanBook book(WholeProgram program) {
    return program.daemon().store().desk().scans();
  }

  private static Scan begin(WholeProgram program, long from, long to) {
    return begin(program, ConfigFile.LOG, from, to);
  }

  private static Scan begin(WholeProgram program, String log, long from, long to) {
    program.until("a head", () -> !program.daemon().store().views(log).isEmpty());
    Created created = scans(program).create(log, from, OptionalLong.of(to), List.of(), DEED);
    assertThat(created).isInstanceOf(Created.Running.class);
    return ((Created.Running) created).scan();
  }

  private static Scan end(WholeProgram program, Scan scan) {
    program.until(
        "the end of the scan",
        () -> book(program).find(scan.id()).orElseThrow().state() != Scan.State.RUNNING);
    return book(program).find(scan.id()).orElseThrow();
  }

  private static List<Long> indexes(List<Finding> findings) {
    return findings.stream().map(Finding::index).sorted().toList();
  }

  @Test
  void scan_finds_in_the_past_what_following_from_the_head_never_met_and_moves_no_position() {
    try (WholeProgram program = program("head")) {
      Scan scan = end(program, begin(program, 0, ENTRIES));

      assertThat(scan.why()).isEmpty();
      assertThat(scan.state()).isEqualTo(Scan.State.DONE);
      assertThat(scan.head().head()).isEqualTo(program.log().log().headAt(ENTRIES));
      List<Finding> findings = program.findings(Kind.UNEXPECTED_SIGNATURE);
      assertThat(indexes(findings)).isEqualTo(WATCHED);
      assertThat(findings)
          .allSatisfy(finding ->
              assertThat(finding.evidence())
                  .extracting(Evidence::name)
                  .contains("entry.bin", "checkpoint.note", "inclusion.json"));
      ScanProgress progress = book(program).progress(scan.id());
      assertThat(progress.judged()).isEqualTo(ENTRIES);
      assertThat(progress.pieces()).isEqualTo(3);
      assertThat(progress.fresh()).isEqualTo(WATCHED.size());
      assertThat(book(program).pieces(scan.id(), 0, 10))
          .extracting(ScanPiece::revision)
          .containsOnly(program.daemon().configuration().watches().revision());
      assertThat(program.daemon().store().views(ConfigFile.LOG).getFirst().position().head().size())
          .isEqualTo(ENTRIES);
      program.assertToldOf(findings.stream().map(Finding::alert).toArray(Alert[]::new));
    }
  }

  @Test
  void scan_of_what_was_followed_finds_the_same_under_the_same_ids_and_tells_nobody_again() {
    try (WholeProgram program = program("\"0\"")) {
      program.until("all findings", () -> program.findings().size() == WATCHED.size());
      List<Finding> before = program.findings();

      // Neither end is at a border of tiles, nor at the tree's.
      Scan scan = end(program, begin(program, 101, ENTRIES - 1));

      assertThat(scan.why()).isEmpty();
      assertThat(scan.state()).isEqualTo(Scan.State.DONE);
      assertThat(program.findings())
          .extracting(Finding::alert)
          .isEqualTo(before.stream().map(Finding::alert).toList());
      assertThat(book(program).findings(scan.id(), "", 100))
          .allMatch(ScanFinding::known)
          .extracting(ScanFinding::index)
          .containsExactlyInAnyOrderElementsOf(WATCHED.subList(1, WATCHED.size() - 1));
      program.assertToldOf(before.stream().map(Finding::alert).toArray(Alert[]::new));
    }
  }

  @Test
  void scan_by_one_watch_finds_nothing_of_another() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      Created created =
          scans(program)
              .create(ConfigFile.LOG, 0, OptionalLong.empty(), List.of(ConfigFile.WORDS), DEED);
      Scan scan = end(program, ((Created.Running) created).scan());

      assertThat(scan.state()).isEqualTo(Scan.State.DONE);
      assertThat(scan.to()).isEqualTo(ENTRIES);
      assertThat(program.findings()).isEmpty();
    }
  }

  @Test
  void what_cannot_be_scanned_is_refused_with_what_could() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      assertThat(refused(program, "another", 0, 10, "")).isEqualTo("log");
      assertThat(refused(program, ConfigFile.LOG, 5, 5, "")).isEqualTo("range");
      assertThat(refused(program, ConfigFile.LOG, 0, ENTRIES + 1, "")).isEqualTo("range");
      assertThat(refused(program, ConfigFile.LOG, 0, 10, "none")).isEqualTo("watches");
      assertThat(book(program).list(10)).isEmpty();
    }
  }

  private static String refused(
      WholeProgram program, String log, long from, long to, String watch) {
    List<String> watches = watch.isEmpty() ? List.of() : List.of(watch);
    Created created = scans(program).create(log, from, OptionalLong.of(to), watches, DEED);
    return created instanceof Created.Refused refused ? refused.what() : "";
  }

  @Test
  void piece_that_is_not_what_the_log_signed_is_named_and_told_and_stops_no_other() {
    try (WholeProgram program = program("head")) {
      byte[] other = program.log().log().resource("tile/entries/034").orElseThrow();
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      program.log().inject((path, honest) -> path.equals(BUNDLE) ? Answer.ok(other) : honest);
      Scan scan = end(program, begin(program, 0, ENTRIES));

      assertThat(scan.state()).isEqualTo(Scan.State.FAILED);
      assertThat(scan.why()).startsWith("piece [8192, 16384): misbehaved: ");
      assertThat(book(program).failed(scan.id(), 10))
          .singleElement()
          .satisfies(piece -> assertThat(piece.cause()).isEqualTo(ScanPiece.Cause.MISBEHAVED));
      // The bundle is in the first chunk of its piece, before the entries that are watched there.
      assertThat(indexes(program.findings(Kind.UNEXPECTED_SIGNATURE)))
          .containsExactly(100L, 8_191L, 19_999L);
      Finding lie = program.findings(Kind.LEAVES_MISMATCH).getFirst();
      assertThat(lie.index()).isEqualTo(SECOND_PIECE);
      assertThat(lie.alert().kind().family().label()).isEqualTo("integrity");
      assertThat(WholeProgram.evidence(lie, "checkpoint.note")).isEqualTo(scan.head().note());
      assertThat(WholeProgram.evidence(lie, "why.txt")).contains("first at index 8448");

      program.log().heal();
      assertThat(scans(program).resume(scan.id(), DEED)).isTrue();
      assertThat(end(program, scan).state()).isEqualTo(Scan.State.DONE);
      assertThat(indexes(program.findings(Kind.UNEXPECTED_SIGNATURE))).isEqualTo(WATCHED);
    }
  }

  @Test
  void piece_that_is_not_served_is_tried_again_while_the_others_end() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      program.log().inject((path, honest) -> path.equals(BUNDLE) ? Answer.of(404) : honest);
      Scan scan = begin(program, 0, ENTRIES);
      program.until("the others", () -> book(program).progress(scan.id()).done() == 2);
      program.until(
          "an attempt",
          () ->
              book(program).pieces(scan.id(), SECOND_PIECE, 1).getFirst().cause()
                  == ScanPiece.Cause.UNREACHABLE);

      program.log().heal();

      assertThat(end(program, scan).state()).isEqualTo(Scan.State.DONE);
      assertThat(indexes(program.findings(Kind.UNEXPECTED_SIGNATURE))).isEqualTo(WATCHED);
    }
  }

  /// Holds up whoever asks for the bundle, until it is opened.
  private static Fault barred(CountDownLatch open) {
    return (path, honest) -> {
      if (path.equals(BUNDLE)) {
        try {
          open.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
      return honest;
    };
  }

  @Test
  void scan_goes_on_after_a_restart_and_repeats_only_what_was_in_work() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      CountDownLatch open = new CountDownLatch(1);
      program.log().inject(barred(open));
      Scan scan = begin(program, 0, ENTRIES);
      program.until("the others", () -> book(program).progress(scan.id()).done() == 2);
      String first = "tile/entries/000";
      long asked = program.log().requests(first::equals);

      program.stop();
      open.countDown();
      program.log().heal();
      program.start();

      assertThat(end(program, scan).state()).isEqualTo(Scan.State.DONE);
      assertThat(program.log().requests(first::equals)).isEqualTo(asked);
      assertThat(indexes(program.findings(Kind.UNEXPECTED_SIGNATURE))).isEqualTo(WATCHED);
    }
  }

  @Test
  void scan_that_is_cancelled_writes_nothing_more_and_frees_what_it_held() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      CountDownLatch open = new CountDownLatch(1);
      program.log().inject(barred(open));
      Scan scan = begin(program, SECOND_PIECE, ENTRIES);
      program.until("the piece in work", () -> program.log().requests(BUNDLE::equals) > 0);

      assertThat(scans(program).cancel(scan.id(), DEED)).isTrue();
      List<Finding> before = program.findings();
      open.countDown();
      program.log().heal();
      // A later scan has the same places and needs them.
      Scan later = end(program, begin(program, 0, SECOND_PIECE));

      assertThat(later.state()).isEqualTo(Scan.State.DONE);
      assertThat(end(program, scan).state()).isEqualTo(Scan.State.CANCELLED);
      List<Long> found = new ArrayList<>(indexes(program.findings()));
      found.removeAll(List.of(100L, 8_191L));
      assertThat(found).isEqualTo(indexes(before));
    }
  }

  @Test
  void scan_whose_watch_is_not_configured_any_more_says_what_it_waits_for_until_it_is_cancelled() {
    try (WholeProgram program = new WholeProgram(folder)) {
      program.others(ENTRIES).config().log("start", "head").log("poll", "250ms");
      program.config().watches("gone:\n  identities:\n    - {text: \"*anything*\"}");
      program.start();
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      CountDownLatch open = new CountDownLatch(1);
      program.log().inject(barred(open));
      Created created =
          scans(program)
              .create(ConfigFile.LOG, SECOND_PIECE, OptionalLong.empty(), List.of("gone"), DEED);
      Scan scan = ((Created.Running) created).scan();
      assertThat(scans(program).lacks(scan)).isEmpty();
      program.until("the piece in work", () -> program.log().requests(BUNDLE::equals) > 0);

      program.config().watches("").save();
      program.until("it is said", () -> scans(program).lacks(scan).isPresent());
      assertThat(scans(program).lacks(scan)).contains("watches that are not configured: gone");
      open.countDown();
      program.log().heal();
      // Whoever would judge it by what is left would end it.
      end(program, begin(program, 0, SECOND_PIECE));
      assertThat(book(program).find(scan.id()).orElseThrow().state()).isEqualTo(Scan.State.RUNNING);

      assertThat(scans(program).cancel(scan.id(), DEED)).isTrue();
      assertThat(scans(program).lacks(end(program, scan))).isEmpty();
    }
  }

  @Test
  void log_is_followed_while_a_scan_of_it_waits_for_answers() {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      CountDownLatch open = new CountDownLatch(1);
      program.log().inject(barred(open));
      Scan scan = begin(program, SECOND_PIECE, 2 * SECOND_PIECE);
      program.until("the piece in work", () -> program.log().requests(BUNDLE::equals) > 0);

      program.log().append(Entries.watched("while the scan waits"));

      program.until("the finding of the tail", () -> indexes(program.findings()).contains(ENTRIES));
      open.countDown();
      assertThat(end(program, scan).state()).isEqualTo(Scan.State.DONE);
      assertThat(indexes(program.findings())).containsExactly(8_192L, 12_345L, ENTRIES);
    }
  }

  @Test
  void shard_of_rekor_v1_is_scanned_through_its_api() {
    try (RekorProgram rekor = new RekorProgram(folder)) {
      WholeProgram program = rekor.program();
      rekor.others(100);
      long index = rekor.watched("artifact");
      rekor.others(300);
      program.config().log("start", "head");
      program.start();
      rekor.awaitJudged();
      assertThat(program.findings()).isEmpty();

      String family = rekor.name(0).replaceFirst("/.*", "");
      assertThat(scans(program).create(family, 0, OptionalLong.empty(), List.of(), DEED))
          .isInstanceOfSatisfying(
              Created.Refused.class,
              refused ->
                  assertThat(refused.expected())
                      .isEqualTo("one log of the family: " + rekor.name(0)));

      Scan scan = end(program, begin(program, rekor.name(0), 50, 250));

      assertThat(scan.why()).isEmpty();
      assertThat(scan.state()).isEqualTo(Scan.State.DONE);
      assertThat(rekor.unexpected(0)).containsExactly(index);
    }
  }

  @Test
  void piece_that_only_the_database_refuses_is_named_and_tried_again() throws SQLException {
    try (WholeProgram program = program("head")) {
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());
      program.stop();
      write(
          program,
          "CREATE TRIGGER refusing BEFORE UPDATE OF at_idx ON scan_piece"
              + " BEGIN SELECT RAISE(ABORT, 'not this piece'); END");
      program.start();
      Scan scan = begin(program, 0, 100);

      program.until(
          "an attempt",
          () -> book(program).pieces(scan.id(), 0, 1).getFirst().cause() == ScanPiece.Cause.ERROR);
      assertThat(book(program).pieces(scan.id(), 0, 1).getFirst().why()).contains("not this piece");

      program.stop();
      write(program, "DROP TRIGGER refusing");
      program.start();
      assertThat(end(program, scan).state()).isEqualTo(Scan.State.DONE);
    }
  }

  private static void write(WholeProgram program, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + program.config().database());
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  @Test
  void head_of_another_history_that_only_a_scan_is_shown_is_told_as_a_fork() {
    try (RekorProgram rekor = new RekorProgram(folder)) {
      WholeProgram program = rekor.program();
      rekor.others(100);
      long index = rekor.watched("artifact");
      rekor.others(300);
      program.config().log("start", "head");
      program.start();
      rekor.awaitJudged();
      byte[] note = otherHistory(rekor, index, 300);

      end(program, begin(program, rekor.name(0), 0, 300));

      Finding fork = program.awaitFinding(Kind.LOG_FORK);
      assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note"))
          .isEqualTo(new String(note, StandardCharsets.UTF_8));
    }
  }

  /// Lets the instance prove that entry in a tree of which the first entry is another one; returns
  /// the note of that tree's head.
  private static byte[] otherHistory(RekorProgram rekor, long index, long size) {
    PracticeRekor instance = rekor.simulated().rekor();
    PracticeLog other =
        new PracticeLog(
            NoteSigner.generate("other.example", new SecureRandom()), Clock.systemUTC());
    for (long i = 0; i < size; i++) {
      other.append(instance.tree(0).entry(i == 0 ? 1 : i));
    }
    TreeHead head = other.headAt(size);
    byte[] note = instance.sign(instance.treeId(0), head);
    String hashes =
        Proofs.inclusion(index, size, other::node).path().stream()
            .map(hash -> '"' + hash.toHex() + '"')
            .collect(Collectors.joining(",", "[", "]"));
    String proof =
        "\"inclusionProof\":{\"checkpoint\":\"%s\",\"hashes\":%s,\"logIndex\":%d,\"rootHash\":\"%s\",\"treeSize\":%d}"
            .formatted(
                new String(note, StandardCharsets.UTF_8).replace("\n", "\\n"),
                hashes,
                index,
                head.root().toHex(),
                size);
    Pattern honest = Pattern.compile("\"inclusionProof\":\\{[^}]*}");
    rekor
        .simulated()
        .inject(
            RekorFault.body(
                    body -> honest.matcher(body).replaceFirst(Matcher.quoteReplacement(proof)))
                .on(path -> path.endsWith("entries?logIndex=" + index)));
    return note;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct", "static-ct"})
  void log_of_certificates_is_scanned_through_either_protocol(String protocol) {
    try (CtProgram ct = new CtProgram(folder, protocol)) {
      WholeProgram program = ct.program();
      ct.others(300);
      long index = ct.watched("in plain sight");
      ct.others(700);
      program.config().log("start", "head");
      program.start();
      program.until("a head", () -> !program.daemon().store().views(ConfigFile.LOG).isEmpty());

      Scan scan = end(program, begin(program, ConfigFile.LOG, 257, 600));

      assertThat(scan.why()).isEmpty();
      assertThat(scan.state()).isEqualTo(Scan.State.DONE);
      assertThat(indexes(program.findings())).containsExactly(index);
    }
  }
}
