package dev.sigwarden.it;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCose;
import dev.sigwarden.practice.PracticeIssuer;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.sim.SimulatedLedger;
import dev.sigwarden.store.LedgerBook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;

/// The whole program with a ledger as its one section of logs, and an issuer that it watches.
final class LedgerProgram implements AutoCloseable {
  static final String FEED = "acme/app";

  private final WholeProgram program;
  private final SimulatedLedger simulated;
  private final PracticeIssuer acme;
  private final PracticeIssuer others;

  /// A stopped program; the ledger is empty but for what its service opened with.
  LedgerProgram(Path folder) {
    program = new WholeProgram(folder);
    SecureRandom random = new SecureRandom();
    simulated =
        SimulatedLedger.plain(new PracticeLedger(SimulatedLedger.HOST, program.clock(), random));
    acme = PracticeIssuer.of("Acme", PracticeCose.Algorithm.ES384, program.clock(), random);
    others = PracticeIssuer.of("Others", PracticeCose.Algorithm.ES256, program.clock(), random);
    program
        .config()
        .without("key", "entries")
        .log("protocol", "scitt")
        .log("url", simulated.url().toString())
        .log("issuer", SimulatedLedger.HOST)
        .log("start", "\"1\"")
        .log("ready-within", "2s")
        .watch(
            "acme-statements",
            "{severity: critical, owner: release-team@acme.example, identities: [{issuer: \"%s\"}],"
                    .formatted(acme.did())
                + " expect: {allowlists: [acme-releases]}}");
    keys(ledger().service().kid());
  }

  /// Accepts the keys of these ids and no others; counts from the next `save` on.
  LedgerProgram keys(String... kids) {
    program.config().log("service-keys", "[\"" + String.join("\", \"", kids) + "\"]");
    return this;
  }

  WholeProgram program() {
    return program;
  }

  SimulatedLedger simulated() {
    return simulated;
  }

  PracticeLedger ledger() {
    return simulated.ledger();
  }

  PracticeIssuer acme() {
    return acme;
  }

  /// Accepts an artifact.
  void allow(String... artifacts) {
    StringBuilder lines = new StringBuilder();
    for (String artifact : artifacts) {
      lines.append("sha256:").append(digest(artifact)).append('\n');
    }
    program.config().allow(lines.toString());
  }

  static String digest(String artifact) {
    return Hash.ofData(artifact.getBytes(StandardCharsets.UTF_8)).toHex();
  }

  /// A statement of the watched issuer about an artifact.
  byte[] statement(String artifact, long svn) {
    return acme.envelope(FEED, svn, artifact.getBytes(StandardCharsets.UTF_8));
  }

  /// The watched issuer signs an artifact, and the ledger commits it.
  PracticeTxId released(String artifact, long svn) {
    PracticeTxId id = ledger().register(statement(artifact, svn));
    ledger().sign();
    return id;
  }

  /// A statement of others about an artifact.
  byte[] foreign(byte[] artifact) {
    return others.envelope("others/app", 1, artifact);
  }

  /// Others sign so many things.
  LedgerProgram others(int count) {
    for (int i = 0; i < count; i++) {
      ledger().register(foreign(("other " + ledger().size()).getBytes(StandardCharsets.UTF_8)));
      ledger().sign();
    }
    return this;
  }

  /// Starts, and waits until all that is committed was judged.
  LedgerProgram start() {
    program.start();
    return awaitJudged();
  }

  /// The finding on changed entries that says these words, waited for.
  Finding changed(String words) {
    program.until(words, () -> saying(words).findAny().isPresent());
    return saying(words).findFirst().orElseThrow();
  }

  private Stream<Finding> saying(String words) {
    return program.findings(Kind.ENTRIES_CHANGED).stream()
        .filter(finding -> finding.alert().why().contains(words));
  }

  LedgerBook book() {
    return program.daemon().store().ledger(ConfigFile.LOG);
  }

  /// The first place that was not judged.
  long next() {
    return book().state().map(it -> it.next()).orElse(0L);
  }

  /// Waits until all that is committed was judged.
  LedgerProgram awaitJudged() {
    long end = ledger().committed().seqno() + 1;
    program.until("place " + end, () -> next() >= end);
    return this;
  }

  /// Waits until the service was asked for its keys that many times more, and what was asked before
  /// was dealt with.
  void awaitTurns(int turns) {
    long end = asked() + turns + 1;
    program.until(turns + " turns", () -> asked() >= end);
  }

  private long asked() {
    return simulated.requests(path -> path.startsWith("/configuration"));
  }

  @Override
  public void close() {
    program.close();
    simulated.close();
  }
}
