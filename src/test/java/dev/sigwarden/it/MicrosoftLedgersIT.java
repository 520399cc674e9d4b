package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.scitt.MicrosoftProtocol;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCose;
import dev.sigwarden.practice.PracticeIssuer;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.sim.SimulatedLedger;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerReceipt;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The public ledgers of Microsoft's Signing Transparency are followed together, two others in
/// their places.
class MicrosoftLedgersIT {
  private static final String US = ConfigFile.LOG + "/us";
  private static final String EU = ConfigFile.LOG + "/eu";

  @TempDir private Path folder;

  private final SecureRandom random = new SecureRandom();
  private WholeProgram program;
  private SimulatedLedger us;
  private SimulatedLedger eu;
  private PracticeIssuer acme;

  @BeforeEach
  void set_up() {
    program = new WholeProgram(folder);
    us = SimulatedLedger.of(new PracticeLedger("us.example", program.clock(), random));
    eu = SimulatedLedger.of(new PracticeLedger("eu.example", program.clock(), random));
    acme = PracticeIssuer.of("Acme", PracticeCose.Algorithm.ES384, program.clock(), random);
    program
        .config()
        .without("key", "entries", "url")
        .log("protocol", "microsoft-signing-transparency")
        .log("start", "\"1\"")
        .log("ready-within", "2s")
        .log("files-folder", "copies")
        .watch(
            "acme-statements",
            "{severity: critical, identities: [{issuer: \"%s\"}],".formatted(acme.did())
                + " expect: {allowlists: [acme-releases]}}")
        .allow("sha256:%s\n".formatted(LedgerProgram.digest("release")));
  }

  @AfterEach
  void close() {
    program.close();
    us.close();
    eu.close();
  }

  private static MicrosoftProtocol.Known known(String member, SimulatedLedger ledger, String kid) {
    return new MicrosoftProtocol.Known(
        member,
        ledger.ledger().host(),
        ledger.url().resolve("/"),
        Set.of(Hash.ofHex(kid)),
        ledger.identityUrl(),
        ledger.filesUrl());
  }

  /// The configuration with these ledgers in the places of the public ones.
  private Configuration among(Configuration published, List<MicrosoftProtocol.Known> ledgers) {
    FamilySettings family = published.families().get(ConfigFile.LOG);
    FamilySettings other =
        new FamilySettings(
            family.name(),
            family.protocol(),
            section(new MicrosoftProtocol(ledgers)).value().orElseThrow(),
            family.keys(),
            family.witnesses(),
            family.entryFormat(),
            family.trust(),
            family.start(),
            family.until(),
            family.timing(),
            family.mode());
    return new Configuration(
        published.file(),
        "",
        published.instance(),
        published.tenant(),
        published.requests(),
        published.storage(),
        published.http(),
        published.access(),
        published.probes(),
        published.templates(),
        published.trusts(),
        published.logs(),
        published.ledgers(),
        Map.of(ConfigFile.LOG, other),
        published.watches(),
        published.allowlists(),
        published.feeding(),
        published.receivers(),
        published.routes(),
        published.routine());
  }

  private Loaded<FamilySource> section(MicrosoftProtocol protocol) {
    try {
      Path file =
          Files.writeString(
              folder.resolve("section.yaml"), "{ready-within: 2s, files-folder: copies}");
      return SettingsFile.load(file, protocol::configure, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start() {
    String usKey = us.ledger().service().kid();
    String euKey = eu.ledger().service().kid();
    program.start(it -> among(it, List.of(known("us", us, usKey), known("eu", eu, euKey))));
  }

  private LedgerBook book(String log) {
    return program.daemon().store().ledger(log);
  }

  private void awaitJudged(String log, SimulatedLedger ledger) {
    long end = ledger.ledger().committed().seqno() + 1;
    program.until(
        log + " up to " + end, () -> book(log).state().map(it -> it.next()).orElse(0L) >= end);
  }

  private PracticeTxId signed(SimulatedLedger ledger, String artifact, long svn) {
    byte[] bytes = artifact.getBytes(StandardCharsets.UTF_8);
    PracticeTxId id = ledger.ledger().register(acme.envelope(LedgerProgram.FEED, svn, bytes));
    ledger.ledger().seal();
    return id;
  }

  @Test
  void both_ledgers_are_read_and_a_theft_is_told_of_the_one_that_holds_it() {
    signed(us, "release", 1);
    signed(eu, "release", 1);
    start();
    awaitJudged(US, us);
    awaitJudged(EU, eu);
    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().store().verdicts("acme-statements"))
        .containsEntry("expected", 2L)
        .hasSize(1);

    PracticeTxId stolen = signed(eu, "malware", 2);

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().log()).isEqualTo(EU);
    assertThat(finding.index()).isEqualTo(stolen.seqno());
    assertThat(WholeProgram.field(finding.alert().what(), "digest"))
        .isEqualTo("sha256:" + LedgerProgram.digest("malware"));
    program.assertToldOf(finding.alert());
  }

  @Test
  void copies_of_their_files_are_kept_apart_and_prove_the_receipts_also_after_a_restart() {
    signed(us, "release", 1);
    signed(eu, "release", 1);
    start();
    awaitProven(US);
    awaitProven(EU);
    program.stop();

    signed(us, "release", 2);
    start();

    awaitJudged(US, us);
    awaitProven(US);
    assertThat(program.findings()).isEmpty();
    assertThat(folder.resolve("copies/us")).isNotEmptyDirectory();
    assertThat(folder.resolve("copies/eu")).isNotEmptyDirectory();
  }

  private void awaitProven(String log) {
    program.until(
        "receipts of " + log + " proven",
        () ->
            !book(log).receipts().isEmpty()
                && book(log).receipts().stream().allMatch(LedgerReceipt::proven));
  }

  @Test
  void a_ledger_whose_key_is_another_than_the_known_one_proves_nothing() {
    signed(us, "release", 1);
    signed(eu, "malware", 1);
    String known = us.ledger().service().kid();
    program.start(it -> among(it, List.of(known("us", us, known), known("eu", eu, known))));
    awaitJudged(US, us);

    program.until("the key is refused", () -> error(EU).contains("service-keys do not fit"));

    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).isEmpty();
    assertThat(book(EU).entries(1, Long.MAX_VALUE, 10)).isEmpty();
    assertThat(book(US).entries(1, Long.MAX_VALUE, 10)).hasSize(1);
  }

  private String error(String log) {
    return program.daemon().logs().stream()
        .filter(it -> it.log().equals(log))
        .map(LogStatus::error)
        .findFirst()
        .orElse("");
  }
}
