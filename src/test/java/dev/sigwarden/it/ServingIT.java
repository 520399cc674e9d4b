package dev.sigwarden.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.notify.TestTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program serving its API: a release pipeline, commands, and where it refuses to
/// listen.
class ServingIT {
  private static final String LINES = "/api/v1/allowlists/acme-releases/lines";

  @TempDir private Path folder;

  private Serving serving;

  @BeforeEach
  void create() {
    serving = new Serving(folder);
    serving.config().grace("1h");
  }

  @AfterEach
  void close() {
    serving.close();
  }

  private String verdicts() throws IOException {
    for (JsonNode watch : serving.get("/api/v1/watches", serving.local()).json()) {
      if (watch.path("watch").asText().equals(ConfigFile.RELEASES)) {
        return watch.path("verdicts").toString();
      }
    }
    return "";
  }

  @Test
  void pipeline_hands_in_its_digest_over_a_kill_and_nobody_is_paged() throws IOException {
    Program program = serving.start();
    String ci = serving.token("ci", "release", "acme-releases");
    serving.append(Entries.watched("release 1"));
    serving.append(Entries.watched("release 2"));
    serving.until("both signatures", program, () -> verdicts().equals("{\"pending\":2}"));
    program = serving.restart();
    for (String release : new String[] {"release 1", "release 2"}) {
      String body =
          "{\"lines\":\"sha256:%s\",\"reason\":\"%s\"}".formatted(Entries.digest(release), release);
      assertThat(serving.post(LINES, ci, body).json().path("changed").asInt()).isEqualTo(1);
      program = serving.restart();
    }
    serving.until("the verdicts", program, () -> verdicts().equals("{\"expected\":2}"));
    assertThat(
            serving
                .get("/api/v1/findings?kind=unexpected-signature", serving.local())
                .json()
                .path("findings"))
        .isEmpty();
  }

  /// The digest comes before the kill, the end of the grace after it or beside it: what a busy
  /// machine makes of that changes nothing of what is told.
  @Test
  void grace_that_ends_after_a_kill_pages_for_the_signature_without_digest_and_for_no_other()
      throws IOException {
    serving.config().grace("15s");
    Program program = serving.start();
    String ci = serving.token("ci", "release", "acme-releases");
    serving.append(Entries.watched("release 1"));
    serving.append(Entries.watched("release 2"));
    serving.until("both signatures", program, () -> verdicts().equals("{\"pending\":2}"));
    String body =
        "{\"lines\":\"sha256:%s\",\"reason\":\"1\"}".formatted(Entries.digest("release 1"));
    assertThat(serving.post(LINES, ci, body).status()).isEqualTo(200);
    program = serving.restart();
    serving.until(
        "the verdicts", program, () -> verdicts().equals("{\"expected\":1,\"unexpected\":1}"));
    JsonNode findings =
        serving
            .get("/api/v1/findings?kind=unexpected-signature", serving.local())
            .json()
            .path("findings");
    assertThat(findings).hasSize(1);
    JsonNode alert = findings.get(0).path("alert");
    assertThat(alert.at("/what/digest").asText()).contains(Entries.digest("release 2"));
    assertThat(Instant.parse(alert.path("at").asText()))
        .isAfterOrEqualTo(Instant.parse(alert.path("firstSeen").asText()).plusSeconds(15));
  }

  @Test
  void commands_find_the_daemon_by_its_configuration_and_end_without_one() throws IOException {
    String config = serving.config().save().toString();
    Outcome early =
        Program.run(
            folder,
            "token",
            "create",
            "first",
            "--role",
            "viewer",
            "--reason",
            "try",
            "--config",
            config);
    assertThat(early.exit()).as(early.err()).isZero();
    assertThat(Program.run(folder, "findings", "--config", config).exit()).isEqualTo(4);
    serving.start();
    String first = early.lastLine();
    assertThat(serving.get("/api/v1/whoami", first).json().path("name").asText())
        .isEqualTo("token:first");
    String digest = "sha256:" + Entries.digest("x");
    Outcome added =
        Program.run(
            folder,
            "allow",
            "add",
            "acme-releases",
            "--digest",
            digest,
            "--reason",
            "1.0",
            "--config",
            config);
    assertThat(added.out()).as(added.err()).isEqualTo("acme-releases: 1 changed, 0 as they were\n");
    assertThat(Program.run(folder, "allow", "list", "acme-releases", "--config", config).out())
        .contains(digest)
        .contains("\"changedBy\":\"local\"");
    Outcome audit = Program.run(folder, "audit", "--config", config);
    assertThat(audit.out())
        .contains("allowlist.add acme-releases: 1.0")
        .contains("token.create first");
    Path secret = Files.writeString(folder.resolve("token"), first);
    Outcome viewer =
        Program.run(folder, "token", "list", "--url", url(), "--token-file", secret.toString());
    assertThat(viewer.exit()).isEqualTo(2);
    assertThat(viewer.err()).contains("refused (403)").doesNotContain(first);
  }

  @Test
  void person_of_the_issuer_has_the_role_of_her_group_and_her_token_is_in_no_log_nor_answer()
      throws Exception {
    WireMockServer issuer = new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    issuer.start();
    try {
      String url = "http://127.0.0.1:" + issuer.port();
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      issuer.stubFor(
          get(urlEqualTo("/.well-known/openid-configuration"))
              .willReturn(
                  aResponse()
                      .withBody(
                          "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(url, url))));
      issuer.stubFor(
          get(urlEqualTo("/keys"))
              .willReturn(
                  aResponse()
                      .withBody(
                          "{\"keys\":[%s]}"
                              .formatted(key.toJson(OutputControlLevel.PUBLIC_ONLY)))));
      serving.config().api("{oidc: {issuer: \"%s\", roles: {viewer: [soc]}}}".formatted(url));
      Program program = serving.start();
      String soc = jwt(key, url, "soc");
      String other = jwt(key, url, "sales");
      assertThat(serving.get("/api/v1/whoami", soc).json().path("name").asText())
          .isEqualTo("oidc:alice");
      assertThat(serving.get("/api/v1/findings", soc).status()).isEqualTo(200);
      assertThat(serving.post("/api/v1/tokens", soc, "{}").status()).isEqualTo(403);
      assertThat(serving.get("/api/v1/whoami", other).status()).isEqualTo(401);
      String broken = soc.substring(0, soc.length() - 8);
      assertThat(serving.get("/api/v1/whoami", broken).status()).isEqualTo(401);
      for (String token : List.of(soc, other)) {
        assertThat(program.out() + program.err()).doesNotContain(token.split("\\.")[1]);
        assertThat(serving.get("/api/v1/audit", serving.local()).body())
            .doesNotContain(token.split("\\.")[1]);
      }
    } finally {
      issuer.stop();
    }
  }

  private static String jwt(EllipticCurveJsonWebKey key, String issuer, String group)
      throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setAudience("sigwarden");
    claims.setSubject("alice");
    claims.setExpirationTimeMinutesInTheFuture(30);
    claims.setStringListClaim("groups", group);
    JsonWebSignature jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    jws.setKey(key.getPrivateKey());
    jws.setAlgorithmHeaderValue("ES256");
    return jws.getCompactSerialization();
  }

  private String url() throws IOException {
    return Files.readString(folder.resolve("state/sigwarden.local"))
        .replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1");
  }

  @Test
  void over_tls_commands_beside_the_daemon_reach_it_and_nothing_is_served_in_clear()
      throws Exception {
    TestTls tls = new TestTls("sigwarden.acme.example");
    serving.config().tls(tls.pem, tls.keyPem);
    serving.start();
    assertThat(url()).startsWith("https://127.0.0.1:");
    Path config = serving.config().path();
    Outcome tokens = Program.run(folder, "token", "list", "--config", config.toString());
    assertThat(tokens.exit()).as(tokens.err()).isZero();
    Outcome created =
        Program.run(
            folder,
            "token",
            "create",
            "soc",
            "--role",
            "viewer",
            "--reason",
            "try",
            "--config",
            config.toString());
    assertThat(created.exit()).as(created.err()).isZero();
    assertThat(serving.get("/api/v1/logs", created.lastLine()).status()).isEqualTo(200);
    Path secret = Files.writeString(folder.resolve("token"), created.lastLine());
    Outcome elsewhere =
        Program.run(folder, "findings", "--url", url(), "--token-file", secret.toString());
    assertThat(elsewhere.exit()).as("of an authority that nobody trusts").isEqualTo(4);
    assertThat(elsewhere.err()).contains("does not answer").doesNotContain(created.lastLine());
    URI clear = URI.create(url().replace("https:", "http:") + "/q/health/live");
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(
              () -> client.send(HttpRequest.newBuilder(clear).build(), BodyHandlers.discarding()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void listens_beyond_this_machine_only_with_tls_or_a_proxy_and_somebody_who_may_call()
      throws IOException {
    Path config = serving.config().save();
    String text = Files.readString(config);
    Files.writeString(
        config, text.replaceFirst("http: \\{port: 0}", "http: {port: 0, host: 0.0.0.0}"));
    Outcome clear = Program.run(folder, "run", "--config", config.toString());
    assertThat(clear.exit()).isEqualTo(2);
    assertThat(clear.err()).contains("tokens would be sent in clear");
    Files.writeString(
        config,
        text.replaceFirst(
            "http: \\{port: 0}", "http: {port: 0, host: 0.0.0.0, behind-proxy: true}"));
    Outcome nobody = Program.run(folder, "run", "--config", config.toString());
    assertThat(nobody.exit()).isEqualTo(2);
    assertThat(nobody.err()).contains("nobody could authenticate");
    String viewer =
        Program.run(
                folder,
                "token",
                "create",
                "--role",
                "viewer",
                "--reason",
                "test",
                "v",
                "--config",
                config.toString())
            .out()
            .strip();
    serving.startAsWritten();
    for (String path :
        List.of("/q/metrics", "/api/v1/openapi", "/api/v1/openapi.json", "/q/info")) {
      assertThat(serving.get(path, "").status()).as(path).isEqualTo(401);
    }
    assertThat(serving.get("/q/metrics", viewer).status()).isEqualTo(200);
    assertThat(serving.get("/api/v1/openapi", viewer).status()).isEqualTo(200);
    // Whether is told to anybody; why, which has names and what peers answered, is not.
    assertThat(serving.get("/q/health/live", "").body()).isEmpty();
    assertThat(serving.get("/q/health/ready", "").body()).isEmpty();
    assertThat(serving.get("/q/health/ready", viewer).body()).contains("watching and telling");
  }
}
