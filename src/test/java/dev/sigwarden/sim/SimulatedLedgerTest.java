package dev.sigwarden.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import dev.sigwarden.practice.PracticeIssuer;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeTxId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedLedgerTest {
  private static final String SCRAPI = "?api-version=" + LedgerApi.VERSION;
  private static final Clock CLOCK = Clock.systemUTC();
  private static final PracticeIssuer ISSUER =
      PracticeIssuer.of("Acme", Algorithm.ES256, CLOCK, new SecureRandom());

  private final PracticeLedger ledger =
      new PracticeLedger(SimulatedLedger.HOST, CLOCK, new SecureRandom());
  private final SimulatedLedger simulated = SimulatedLedger.plain(ledger);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    simulated.close();
  }

  private static byte[] statement(int number) {
    return ISSUER.statement("app", number, "text/plain", ("payload " + number).getBytes(UTF_8));
  }

  private PracticeTxId registered(int number) {
    PracticeTxId id = ledger.register(statement(number));
    ledger.sign();
    return id;
  }

  private HttpResponse<byte[]> get(URI url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return get(simulated.url().resolve(path), headers);
  }

  private JsonNode json(String path) throws Exception {
    return LedgerFaults.json(Answer.ok(get(path).body()));
  }

  @Test
  void each_mode_has_its_own_words_for_an_entry_that_is_not_ready() throws Exception {
    simulated.api().cold();
    PracticeTxId one = registered(1);
    PracticeTxId two = registered(2);
    PracticeTxId three = registered(3);

    HttpResponse<byte[]> first = get("/entries/" + one + SCRAPI);
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(first.headers().firstValue("location").orElseThrow())
        .endsWith("/entries/" + one + SCRAPI);
    HttpResponse<byte[]> ready = get("/entries/" + one + SCRAPI);
    assertThat(ready.headers().firstValue("content-type"))
        .contains("application/scitt-receipt+cose");
    assertThat(ready.body()).isEqualTo(ledger.receipt(one.seqno()).orElseThrow());

    assertThat(get("/entries/" + two).statusCode()).isEqualTo(503);
    assertThat(get("/entries/" + two).headers().firstValue("content-type"))
        .contains("application/cose");

    assertThat(get("/entries/" + three + "/statement" + SCRAPI).statusCode()).isEqualTo(503);
    byte[] transparent = get("/entries/" + three + "/statement" + SCRAPI).body();
    assertThat(SignedStatement.parse(transparent).receipts()).hasSize(1);
  }

  @Test
  void service_from_before_scrapi_answers_in_the_older_mode_whatever_is_asked() throws Exception {
    simulated.api().older().cold();

    assertThat(get("/entries/" + registered(1) + SCRAPI).statusCode()).isEqualTo(503);
  }

  @Test
  void entry_that_is_none_is_told_from_one_that_never_was() throws Exception {
    PracticeTxId id = registered(1);

    assertThat(get("/entries/2.4").statusCode()).isEqualTo(400);
    assertThat(get("/entries/1." + id.seqno()).statusCode()).isEqualTo(404);
    assertThat(get("/entries/2.99").statusCode()).isEqualTo(503);
    assertThat(get("/entries/nonsense").statusCode()).isEqualTo(400);
  }

  @Test
  void pages_follow_each_other_and_hold_each_entry_once() throws Exception {
    simulated.api().pageSize(3);
    PracticeTxId[] ids =
        IntStream.range(0, 7).mapToObj(this::registered).toArray(PracticeTxId[]::new);

    JsonNode page = json("/entries/txIds?from=1");
    java.util.List<String> found = new java.util.ArrayList<>();
    page.path("transactionIds").forEach(id -> found.add(id.asText()));
    int pages = 1;
    while (page.has("nextLink")) {
      page = json(page.path("nextLink").asText());
      page.path("transactionIds").forEach(id -> found.add(id.asText()));
      pages++;
    }

    assertThat(found)
        .containsExactly(Arrays.stream(ids).map(Object::toString).toArray(String[]::new));
    assertThat(pages).isEqualTo(5);
    assertThat(get("/entries/txIds?from=1&to=999").statusCode()).isEqualTo(400);
    assertThat(get("/entries/txIds?from=9&to=8").statusCode()).isEqualTo(400);
  }

  @Test
  void index_that_is_cold_answers_503_once() throws Exception {
    registered(1);
    simulated.api().cold();

    assertThat(get("/entries/txIds").statusCode()).isEqualTo(503);
    assertThat(get("/entries/txIds").statusCode()).isEqualTo(200);
  }

  @Test
  void reads_need_the_token_if_there_is_one() throws Exception {
    simulated.api().token("secret");

    assertThat(get("/entries/txIds").statusCode()).isEqualTo(401);
    assertThat(get("/entries/txIds", "Authorization", "Bearer secret").statusCode()).isEqualTo(200);
    assertThat(get("/jwks").statusCode()).isEqualTo(200);
  }

  @Test
  void both_forms_of_the_keys_are_those_of_the_service() throws Exception {
    ledger.seal();
    ledger.recover();
    ledger.open(true);

    assertThat(ServiceKeys.read(get("/jwks").body()))
        .hasSize(2)
        .extracting(entry -> entry.key().spkiSha256().toHex())
        .first()
        .isEqualTo(ledger.service().kid());
    assertThat(ServiceKeys.read(get("/.well-known/scitt-keys").body()))
        .extracting(entry -> entry.key())
        .isEqualTo(
            ServiceKeys.read(get("/jwks").body()).stream().map(entry -> entry.key()).toList());
    assertThat(get("/.well-known/scitt-keys/none").statusCode()).isEqualTo(404);
  }

  @Test
  void submitted_statement_becomes_an_entry() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(simulated.url().resolve("/entries" + SCRAPI))
            .POST(HttpRequest.BodyPublishers.ofByteArray(statement(1)))
            .build();

    HttpResponse<byte[]> answer = http.send(post, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("location").orElseThrow()).endsWith("/entries/2.5");
    assertThat(json("/node/tx?transaction_id=2.5").path("status").asText()).isEqualTo("Pending");
    ledger.sign();
    assertThat(json("/node/tx?transaction_id=2.5").path("status").asText()).isEqualTo("Committed");
    assertThat(json("/node/commit").path("transaction_id").asText()).isEqualTo("2.6");
  }

  @Test
  void files_are_listed_and_read_in_ranges() throws Exception {
    registered(1);
    ledger.seal();
    registered(2);
    byte[] file = ledger.files().get("ledger_1-7.committed");

    HttpResponse<byte[]> index = get(simulated.filesUrl(), "Accept", "application/json");
    JsonNode list = LedgerFaults.json(Answer.ok(index.body()));
    assertThat(list).hasSize(1);
    assertThat(list.path(0).path("name").asText()).isEqualTo("ledger_1-7.committed");
    assertThat(list.path(0).path("size").asInt()).isEqualTo(file.length);

    URI url = simulated.filesUrl().resolve("ledger_1-7.committed");
    HttpResponse<byte[]> part = get(url, "Range", "bytes=100-199");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(file, 100, 200));
    assertThat(part.headers().firstValue("content-range")).contains("bytes 100-199/" + file.length);
    assertThat(get(url, "Range", "bytes=%d-".formatted(file.length)).statusCode()).isEqualTo(416);

    assertThat(get("/node/ledger-chunk?since=3").headers().firstValue("location"))
        .contains("/node/ledger-chunk/ledger_1-7.committed");
    assertThat(get("/node/ledger-chunk/ledger_1-7.committed").body()).isEqualTo(file);
    assertThat(get("/node/ledger-chunk?since=8").statusCode()).isEqualTo(404);
  }

  @Test
  void tls_holds_by_the_certificate_that_the_identity_service_has_and_by_no_other()
      throws Exception {
    try (SimulatedLedger secure = SimulatedLedger.open(CLOCK)) {
      JsonNode identity = LedgerFaults.json(Answer.ok(get(secure.identityUrl()).body()));
      assertThat(identity.path("ledgerTlsCertificate").asText())
          .isEqualTo(secure.ledger().service().certificatePem());

      assertThat(commit(secure, secure.ledger()).statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> commit(secure, ledger)).isInstanceOf(SSLHandshakeException.class);

      PracticeLedger before = secure.ledger().fork(secure.ledger().size());
      secure.ledger().recover();
      assertThatThrownBy(() -> commit(secure, before)).isInstanceOf(SSLHandshakeException.class);
      assertThat(commit(secure, secure.ledger()).statusCode()).isEqualTo(200);
    }
  }

  /// Asks by TLS that trusts the service of `pinned` alone.
  private static HttpResponse<byte[]> commit(SimulatedLedger of, PracticeLedger pinned)
      throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("service", pinned.service().certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      return client.send(
          HttpRequest.newBuilder(of.url().resolve("/node/commit")).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  @Test
  void hidden_entry_is_in_no_page_and_is_there_and_in_the_files() throws Exception {
    PracticeTxId shown = registered(1);
    PracticeTxId hidden = registered(2);
    simulated.inject(LedgerFaults.hidden(hidden));

    assertThat(json("/entries/txIds").path("transactionIds"))
        .extracting(JsonNode::asText)
        .containsExactly(shown.toString());
    assertThat(get("/entries/" + hidden).statusCode()).isEqualTo(200);
    simulated.heal();
    assertThat(json("/entries/txIds").path("transactionIds")).hasSize(2);
  }

  @Test
  void vanished_mutated_and_grafted_entries_are_what_they_are_called() throws Exception {
    PracticeTxId one = registered(1);
    PracticeTxId two = registered(2);
    simulated.inject(LedgerFaults.grafted(ledger, one, two));

    byte[] grafted = get("/entries/%s/statement".formatted(one)).body();
    assertThat(SignedStatement.parse(grafted).receipts().getFirst().toBytes())
        .isEqualTo(ledger.receipt(two.seqno()).orElseThrow())
        .isEqualTo(get("/entries/" + one).body());
    simulated.heal().inject(LedgerFaults.mutated(ledger, one, statement(9)));
    SignedStatement mutated =
        SignedStatement.parse(get("/entries/%s/statement".formatted(one)).body());
    assertThat(mutated.claims().svn()).hasValue(9);
    assertThat(mutated.receipts().getFirst().toBytes())
        .isEqualTo(ledger.receipt(one.seqno()).orElseThrow());
    simulated.heal().inject(LedgerFaults.vanished(one));
    assertThat(get("/entries/" + one).statusCode()).isEqualTo(404);
    assertThat(json("/entries/txIds").path("transactionIds")).hasSize(1);
  }

  @Test
  void pages_without_end_go_on_whatever_is_asked_for() throws Exception {
    registered(1);
    for (LedgerFault fault :
        new LedgerFault[] {
          LedgerFaults.endlessPages().on(LedgerFault::lists),
          LedgerFaults.endlessEmptyPages().on(LedgerFault::lists),
          LedgerFaults.nextPageIsThisOne().on(LedgerFault::lists),
          LedgerFaults.nextPageElsewhere(URI.create("http://elsewhere.example"))
        }) {
      simulated.heal().inject(fault);
      assertThat(json("/entries/txIds?from=1").path("nextLink").asText()).isNotEmpty();
    }
  }

  @Test
  void copy_of_the_files_can_be_another_than_the_ledger() throws Exception {
    registered(1);
    ledger.seal();
    registered(2);
    String name = "ledger_1-7.committed";
    simulated.inject(LedgerFaults.inProgress(ledger));
    assertThat(names()).containsExactly(name, "ledger_8");
    simulated.heal().inject(LedgerFaults.overlapping(ledger, 4, 7));
    assertThat(names()).containsExactly(name, "ledger_4-7.committed");
    simulated.heal().inject(LedgerFaults.reissued(ledger, name));
    assertThat(get(simulated.filesUrl().resolve(name)).body())
        .hasSize(ledger.files().get(name).length)
        .isNotEqualTo(ledger.files().get(name));
    simulated.heal().inject(LedgerFaults.cutDownloads(50, 1));
    assertThatThrownBy(() -> get(simulated.filesUrl().resolve(name)))
        .isInstanceOf(IOException.class);
    assertThat(get(simulated.filesUrl().resolve(name)).statusCode()).isEqualTo(200);
  }

  private java.util.List<String> names() throws Exception {
    JsonNode list =
        LedgerFaults.json(
            Answer.ok(get(simulated.filesUrl(), "Accept", "application/json").body()));
    java.util.List<String> names = new java.util.ArrayList<>();
    list.forEach(one -> names.add(one.path("name").asText()));
    return names;
  }

  @Test
  void every_other_fault_changes_what_is_said() throws Exception {
    PracticeTxId id = registered(1);
    String entry = "/entries/" + id;
    for (Map.Entry<LedgerFault, Integer> one :
        Map.of(
                LedgerFaults.neverReady(), 503,
                LedgerFaults.redirectLoop(), 302,
                LedgerFaults.tooMany(Duration.ofSeconds(1)), 429)
            .entrySet()) {
      simulated.heal().inject(one.getKey().on(LedgerFault.entry(id)));
      assertThat(get(entry).statusCode()).isEqualTo(one.getValue());
    }
    simulated.heal().inject(LedgerFaults.indexing());
    assertThat(get("/entries/txIds").statusCode()).isEqualTo(503);
    simulated.heal().inject(LedgerFaults.keys(_ -> false));
    assertThat(json("/jwks").path("keys")).isEmpty();
    PracticeLedger other = new PracticeLedger(SimulatedLedger.HOST, CLOCK, new SecureRandom());
    simulated.heal().inject(LedgerFaults.keysOf(other));
    assertThat(json("/jwks").at("/keys/0/kid").asText()).isEqualTo(other.service().kid());
    simulated.heal().inject(LedgerFaults.configuration("{}"));
    assertThat(get("/configuration").body()).isEqualTo("{}".getBytes(UTF_8));
    simulated.heal().inject(LedgerFaults.listed(new PracticeTxId(2, 4)));
    assertThat(json("/entries/txIds").path("transactionIds")).hasSize(2);
    simulated.heal().inject(LedgerFaults.serve(ledger.fork(4)));
    assertThat(json("/node/commit").path("transaction_id").asText()).isEqualTo("2.4");
  }
}
