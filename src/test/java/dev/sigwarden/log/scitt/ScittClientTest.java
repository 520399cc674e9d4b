package dev.sigwarden.log.scitt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogBlock;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.practice.PracticeCose;
import dev.sigwarden.practice.PracticeIssuer;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.sim.LedgerFault;
import dev.sigwarden.sim.LedgerFaults;
import dev.sigwarden.sim.SimulatedLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client against a service on TLS of its own identity.
class ScittClientTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;

  private final SimulatedLedger simulated = SimulatedLedger.open(CLOCK);
  private final PoliteHttp http =
      new PoliteHttp(
          new HttpPolicy("", 8, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(10)),
          CLOCK,
          new SecureRandom());
  private final LogTools tools = new LogTools(http, CLOCK);

  @AfterEach
  void close() {
    http.close();
    simulated.close();
  }

  private SettingsFile.Loaded<LogBlock> load(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("log.yaml"), yaml);
    return SettingsFile.load(file, new ScittProtocol()::configure, Map.of());
  }

  private LedgerClient open(String more) throws IOException {
    SettingsFile.Loaded<LogBlock> loaded =
        load(
            "{url: \"%s\", issuer: %s, service-keys: [\"%s\"], ready-within: 1s, %s}"
                .formatted(
                    simulated.url(),
                    SimulatedLedger.HOST,
                    simulated.ledger().service().kid(),
                    more));
    assertThat(loaded.problems()).isEmpty();
    return ((LedgerSource) loaded.value().orElseThrow()).open(tools);
  }

  private PracticeTxId registered() {
    PracticeIssuer acme =
        PracticeIssuer.of("Acme", PracticeCose.Algorithm.ES256, CLOCK, new SecureRandom());
    PracticeTxId id =
        simulated.ledger().register(acme.envelope("app", 1, "x".getBytes(StandardCharsets.UTF_8)));
    simulated.ledger().sign();
    return id;
  }

  @Test
  void service_is_believed_by_the_certificate_that_the_identity_service_tells() throws Exception {
    PracticeTxId id = registered();
    simulated.api().cold();
    try (LedgerClient client = open("identity: \"%s\"".formatted(simulated.identityUrl()))) {
      assertThat(client.keys().entries()).hasSize(1);
      assertThat(client.identityTrouble()).isEmpty();
      assertThat(client.entry(new TxId(id.view(), id.seqno()), true))
          .isInstanceOf(LedgerClient.Fetched.Whole.class);
    }
  }

  @Test
  void service_is_believed_by_the_certificate_of_a_file() throws Exception {
    Files.writeString(folder.resolve("service.pem"), simulated.ledger().service().certificatePem());
    try (LedgerClient client = open("certificate: service.pem")) {
      assertThat(client.committed()).isPresent();
    }
  }

  @Test
  void service_that_no_web_authority_vouches_for_is_not_asked_without_a_pin() throws Exception {
    try (LedgerClient client = open("")) {
      assertThatThrownBy(client::keys).isInstanceOf(LogUnavailableException.class);
    }
  }

  @Test
  void service_with_another_identity_than_the_pinned_one_is_not_asked() throws Exception {
    String before = simulated.ledger().service().certificatePem();
    Files.writeString(folder.resolve("service.pem"), before);
    simulated.ledger().recover();
    simulated.ledger().open(true);
    try (LedgerClient client = open("certificate: service.pem")) {
      assertThatThrownBy(client::keys).isInstanceOf(LogUnavailableException.class);
    }
  }

  @Test
  void identity_of_a_recovered_service_is_followed_and_told() throws Exception {
    try (LedgerClient client = open("identity: \"%s\"".formatted(simulated.identityUrl()))) {
      assertThat(client.keys().entries()).hasSize(1);
      simulated.ledger().recover();
      simulated.ledger().open(true);
      simulated.down();
      simulated.up();
      try {
        client.keys();
      } catch (LogUnavailableException _) {
        // The first attempt may still trust the certificate from before.
      }
      assertThat(client.keys().entries()).hasSize(2);
      assertThat(client.identityTrouble()).isPresent();
    }
  }

  @Test
  void older_key_sets_are_asked_for_where_the_newer_are_not_there() throws Exception {
    simulated.inject(LedgerFaults.keys(_ -> true));
    try (LedgerClient client = open("identity: \"%s\"".formatted(simulated.identityUrl()))) {
      assertThat(client.keys().entries()).hasSize(1);
    }
  }

  @Test
  void entry_that_is_not_ready_and_one_that_never_was_are_told_apart() throws Exception {
    PracticeTxId id = registered();
    TxId ready = new TxId(id.view(), id.seqno());
    try (LedgerClient client = open("identity: \"%s\"".formatted(simulated.identityUrl()))) {
      assertThat(client.entry(new TxId(1, 1), true))
          .isInstanceOf(LedgerClient.Fetched.Unknown.class);
      simulated.inject(LedgerFaults.redirectLoop().on(LedgerFault::entries));
      assertThat(client.entry(ready, true)).isInstanceOf(LedgerClient.Fetched.NotReady.class);
      assertThat(simulated.requests(LedgerFault::entries)).isLessThan(10);
    }
  }

  @Test
  void section_without_keys_or_with_other_texts_says_what_is_expected() throws IOException {
    assertThat(load("{url: \"https://ledger.example\"}").problems())
        .singleElement()
        .satisfies(it -> assertThat(it.format()).contains("service-keys", "at least one key"));
    assertThat(
            load("{url: \"https://ledger.example\", service-keys: [\"abc\"],"
                    + " api-version: \"a b\", files: {url: \"https://files.example\"}}")
                .problems())
        .extracting(it -> it.format())
        .anySatisfy(it -> assertThat(it).contains("64 hex digits"))
        .anySatisfy(it -> assertThat(it).contains("api-version"))
        .anySatisfy(it -> assertThat(it).contains("folder"));
  }

  @Test
  void known_ledgers_of_microsoft_are_two_with_pinned_keys_and_identities() throws Exception {
    Path file = Files.writeString(folder.resolve("log.yaml"), "{files-folder: ledgers}");
    var loaded = SettingsFile.load(file, new MicrosoftProtocol()::configure, Map.of());
    assertThat(loaded.problems()).isEmpty();

    List<LogFamily.Member> members;
    try (LogFamily family =
        loaded
            .value()
            .orElseThrow()
            .open(tools, loaded.value().orElseThrow().trust().orElseThrow())) {
      members = family.list().members();
    }

    assertThat(members).extracting(LogFamily.Member::name).containsExactly("us", "eu");
    assertThat(members)
        .allSatisfy(member -> {
          ScittLedger ledger = (ScittLedger) member.source();
          assertThat(ledger.receipts().keys()).isNotEmpty();
          assertThat(ledger.receipts().issuer())
              .isEqualTo(member.origin())
              .isEqualTo(ledger.base().getHost());
          assertThat(ledger.pin()).get().isInstanceOf(ServicePin.Source.Asked.class);
          assertThat(ledger.folder()).contains(folder.resolve("ledgers").resolve(member.name()));
        });
  }
}
