package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.access.Permission;
import dev.sigwarden.access.Role;
import dev.sigwarden.it.Serving.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The API over HTTP: who may call what, and what nobody may.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {
  private static final String LISTS = "/api/v1/allowlists/acme-releases";
  private static final String WHY = "{\"reason\":\"test\"}";
  private static final String NO_ONE = "swf_" + "a".repeat(32);
  private static final String NO_SCAN = "/api/v1/scans/swn_" + "a".repeat(32);
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  /// One call of each method and path, and what it needs. Whoever may call gets any answer but a
  /// refusal: many of these are about things that do not exist.
  private record Endpoint(String method, String path, String body, Permission needs) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private static final List<Endpoint> ENDPOINTS =
      List.of(
          new Endpoint("GET", "/api/v1/whoami", "", Permission.CALL),
          new Endpoint("GET", "/api/v1/findings", "", Permission.READ),
          new Endpoint("GET", "/api/v1/findings/" + NO_ONE, "", Permission.READ),
          new Endpoint("GET", "/api/v1/findings/" + NO_ONE + "/evidence", "", Permission.READ),
          new Endpoint(
              "POST", "/api/v1/findings/" + NO_ONE + "/acknowledge", WHY, Permission.RESPOND),
          new Endpoint("POST", "/api/v1/findings/" + NO_ONE + "/close", WHY, Permission.RESPOND),
          new Endpoint("POST", "/api/v1/findings/" + NO_ONE + "/reopen", WHY, Permission.RESPOND),
          new Endpoint("POST", "/api/v1/findings/" + NO_ONE + "/comment", WHY, Permission.RESPOND),
          new Endpoint("GET", "/api/v1/conditions", "", Permission.READ),
          new Endpoint("GET", "/api/v1/silences", "", Permission.READ),
          new Endpoint("POST", "/api/v1/silences", WHY, Permission.RESPOND),
          new Endpoint(
              "POST", "/api/v1/silences/sws_" + "a".repeat(32) + "/end", WHY, Permission.RESPOND),
          new Endpoint("GET", "/api/v1/allowlists", "", Permission.READ),
          new Endpoint("GET", LISTS + "/lines", "", Permission.READ),
          new Endpoint(
              "POST", LISTS + "/lines", "{\"lines\":\"x\",\"reason\":\"test\"}", Permission.ALLOW),
          new Endpoint(
              "POST",
              LISTS + "/revocations",
              "{\"lines\":\"x\",\"reason\":\"test\"}",
              Permission.ADMINISTER),
          new Endpoint("GET", "/api/v1/outbox", "", Permission.READ),
          new Endpoint(
              "POST", "/api/v1/outbox/" + "0".repeat(64) + "/retry", WHY, Permission.RESPOND),
          new Endpoint("GET", "/api/v1/drills", "", Permission.READ),
          new Endpoint("GET", "/api/v1/drills/swd_" + "a".repeat(16), "", Permission.READ),
          new Endpoint(
              "POST",
              "/api/v1/drills",
              "{\"watch\":\"none\",\"reason\":\"test\"}",
              Permission.RESPOND),
          new Endpoint("GET", "/api/v1/audit", "", Permission.READ),
          new Endpoint("GET", "/api/v1/state", "", Permission.READ),
          new Endpoint("GET", "/api/v1/coverage", "", Permission.READ),
          new Endpoint("GET", "/api/v1/logs", "", Permission.READ),
          new Endpoint("GET", "/api/v1/watches", "", Permission.READ),
          new Endpoint("GET", "/api/v1/artifacts/" + DIGEST, "", Permission.READ),
          new Endpoint("GET", "/checkpoints/none.example", "", Permission.READ),
          new Endpoint("GET", "/api/v1/scans", "", Permission.READ),
          new Endpoint("POST", "/api/v1/scans", WHY, Permission.RESPOND),
          new Endpoint("GET", NO_SCAN, "", Permission.READ),
          new Endpoint("GET", NO_SCAN + "/pieces", "", Permission.READ),
          new Endpoint("GET", NO_SCAN + "/findings", "", Permission.READ),
          new Endpoint("POST", NO_SCAN + "/cancel", WHY, Permission.RESPOND),
          new Endpoint("POST", NO_SCAN + "/resume", WHY, Permission.RESPOND),
          new Endpoint("GET", "/api/v1/tokens", "", Permission.ADMINISTER),
          new Endpoint(
              "POST",
              "/api/v1/tokens",
              "{\"name\":\"-\",\"reason\":\"test\"}",
              Permission.ADMINISTER),
          new Endpoint("POST", "/api/v1/tokens/none/revoke", WHY, Permission.ADMINISTER));

  @TempDir private static Path folder;

  private Serving serving;
  private Program program;
  private final Map<Role, String> tokens = new LinkedHashMap<>();

  @BeforeAll
  void start() throws IOException {
    serving = new Serving(folder);
    serving.config().api("{per-second: 10000}");
    serving.append(Entries.watched("release 1"));
    program = serving.start();
    for (Role role : Role.values()) {
      String name = "matrix-" + role.label();
      tokens.put(
          role,
          role == Role.RELEASE
              ? serving.token(name, role.label(), "acme-releases")
              : serving.token(name, role.label()));
    }
    serving.until(
        "the finding",
        program,
        () ->
            serving
                .get("/api/v1/findings", serving.local())
                .body()
                .contains("unexpected-signature"));
  }

  @AfterAll
  void stop() {
    serving.close();
  }

  private String firstFinding() throws IOException {
    return serving
        .get("/api/v1/findings?kind=unexpected-signature", serving.local())
        .json()
        .path("findings")
        .path(0)
        .path("uid")
        .asText();
  }

  @Test
  void every_endpoint_is_open_for_exactly_the_roles_that_may_and_for_nobody_without_a_token()
      throws IOException {
    for (Endpoint endpoint : ENDPOINTS) {
      for (String none : List.of("", "swt_" + "A".repeat(43), "eyJhbGciOiJub25lIn0.e30.")) {
        Answer answer = serving.call(endpoint.method(), endpoint.path(), none, endpoint.body());
        assertThat(answer.status()).as("%s with '%s'", endpoint, none).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      }
      for (Role role : Role.values()) {
        Answer answer =
            serving.call(endpoint.method(), endpoint.path(), tokens.get(role), endpoint.body());
        boolean refused = answer.status() == 401 || answer.status() == 403;
        assertThat(refused)
            .as("%s as %s: %d %s", endpoint, role, answer.status(), answer.body())
            .isEqualTo(!role.may(endpoint.needs()));
        assertThat(answer.status()).as("%s as %s", endpoint, role).isLessThan(500);
      }
    }
  }

  @Test
  void published_description_names_every_endpoint_and_no_other() throws IOException {
    Answer answer = serving.call("GET", "/api/v1/openapi", "", "", "Accept", "application/json");
    assertThat(answer.status()).isEqualTo(200);
    List<String> described = new ArrayList<>();
    JsonNode paths = answer.json().path("paths");
    paths
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    described.add(
                        method.getKey().toUpperCase(java.util.Locale.ROOT)
                            + " "
                            + path.getKey().replaceAll("\\{[^}]*}", "X"))));
    List<String> known =
        ENDPOINTS.stream()
            .map(it ->
                it.method()
                    + " "
                    + it.path()
                        .replaceAll(
                            "swf_a+|sws_a+|swn_a+|swd_a+|0{64}|acme-releases|sha256:[a-f0-9]+|none\\.example",
                            "X")
                        .replace("tokens/none", "tokens/X"))
            .toList();
    assertThat(described).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void token_is_shown_once_and_its_text_is_nowhere_on_disk_nor_in_any_answer() throws IOException {
    String token = serving.token("shown-once", "viewer");
    for (String path : List.of("/api/v1/tokens", "/api/v1/audit", "/q/metrics", "/q/health")) {
      assertThat(serving.get(path, serving.local()).body()).doesNotContain(token.substring(4));
    }
    serving.get("/api/v1/tokens", token);
    serving.get("/api/v1/findings?kind=" + token, token);
    serving.get("/api/v1/" + token, token);
    assertThat(program.err() + program.out()).doesNotContain(token.substring(4));
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(token.substring(4));
      }
    }
  }

  @Test
  void revoked_token_is_worth_nothing_at_once_and_who_did_it_is_written_down() throws IOException {
    String token = serving.token("short", "viewer");
    assertThat(serving.get("/api/v1/logs", token).status()).isEqualTo(200);
    assertThat(serving.post("/api/v1/tokens/short/revoke", tokens.get(Role.ADMIN), WHY).status())
        .isEqualTo(200);
    assertThat(serving.get("/api/v1/logs", token).status()).isEqualTo(401);
    JsonNode deed =
        serving
            .get("/api/v1/audit?subject=short", serving.local())
            .json()
            .path("entries")
            .path(0)
            .path("deed");
    assertThat(deed.path("who").asText()).isEqualTo("token:matrix-admin");
    assertThat(deed.path("action").asText()).isEqualTo("token.revoke");
    assertThat(deed.path("reason").asText()).isEqualTo("test");
    assertThat(deed.path("source").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void release_token_adds_to_its_own_list_only_and_sees_nothing() throws IOException {
    String release = tokens.get(Role.RELEASE);
    String body = "{\"lines\":\"%s app\",\"reason\":\"release\"}";
    Answer other = serving.post("/api/v1/allowlists/other/lines", release, body.formatted(DIGEST));
    assertThat(other.status()).isEqualTo(403);
    String own = "sha256:" + "11".repeat(32);
    assertThat(
            serving
                .post(LISTS + "/lines", release, body.formatted(own))
                .json()
                .path("changed")
                .asInt())
        .isEqualTo(1);
    assertThat(
            serving
                .post(LISTS + "/lines", release, body.formatted(own))
                .json()
                .path("unchanged")
                .asInt())
        .isEqualTo(1);
    assertThat(
            serving
                .get("/api/v1/artifacts/" + own, serving.local())
                .json()
                .path("files")
                .toString())
        .isEqualTo("[\"acme-releases\"]");
    assertThat(
            serving
                .post(LISTS + "/revocations", tokens.get(Role.ADMIN), body.formatted(own))
                .status())
        .isEqualTo(200);
    assertThat(serving.post(LISTS + "/lines", release, body.formatted(own)).status())
        .isEqualTo(409);
    assertThat(
            serving
                .get("/api/v1/artifacts/" + own, serving.local())
                .json()
                .path("files")
                .toString())
        .isEqualTo("[]");
    assertThat(
            serving
                .get("/api/v1/findings?kind=allowlist-changed", serving.local())
                .json()
                .path("findings"))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void finding_is_taken_judged_and_opened_again_with_its_history() throws IOException {
    String uid = firstFinding();
    String responder = tokens.get(Role.RESPONDER);
    String path = "/api/v1/findings/" + uid;
    assertThat(serving.post(path + "/acknowledge", responder, WHY).json().path("state").asText())
        .isEqualTo("acknowledged");
    assertThat(serving.post(path + "/acknowledge", responder, WHY).status()).isEqualTo(409);
    assertThat(serving.post(path + "/close", responder, WHY).status()).isEqualTo(400);
    assertThat(
            serving
                .post(path + "/close", responder, "{\"reason\":\"ours\",\"verdict\":\"benign\"}")
                .json()
                .path("verdict")
                .asText())
        .isEqualTo("benign");
    assertThat(serving.post(path + "/comment", responder, "{\"reason\":\"noted\"}").status())
        .isEqualTo(200);
    assertThat(serving.post(path + "/reopen", responder, WHY).json().path("state").asText())
        .isEqualTo("open");
    JsonNode history = serving.get(path, responder).json().path("history");
    assertThat(history.findValuesAsText("action"))
        .containsExactly("acknowledged", "closed", "commented", "reopened");
    assertThat(history.findValuesAsText("who")).containsOnly("token:matrix-responder");
  }

  @Test
  void evidence_of_a_finding_is_a_file_with_everything_in_it()
      throws IOException, InterruptedException {
    String path = "/api/v1/findings/" + firstFinding() + "/evidence";
    Answer answer = serving.get(path, serving.local());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/zip");
    assertThat(answer.body()).startsWith("PK").contains("finding.json").contains("inclusion.json");
  }

  @Test
  void newest_proven_checkpoint_is_served_as_the_note_that_the_log_signed() throws IOException {
    String origin =
        serving.get("/api/v1/logs", serving.local()).json().path(0).path("origin").asText();
    Answer note = serving.get("/checkpoints/" + origin, serving.local());
    assertThat(note.status()).isEqualTo(200);
    assertThat(note.body()).startsWith(origin + "\n1\n").contains("\n\n— " + origin + " ");
  }

  @Test
  void silence_needs_an_end_and_a_reason_and_keeps_no_misbehaviour_unsaid_without_force()
      throws IOException {
    String responder = tokens.get(Role.RESPONDER);
    String end = java.time.Instant.now().plusSeconds(3_600).toString();
    String good =
        "{\"matchers\":[\"watch=other\"],\"endsAt\":\"%s\",\"reason\":\"move\"}".formatted(end);
    Answer made = serving.post("/api/v1/silences", responder, good);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(made.json().path("author").asText()).isEqualTo("token:matrix-responder");
    assertThat(
            serving
                .post("/api/v1/silences", responder, good.replace("watch=other", "kind=log-fork"))
                .status())
        .isEqualTo(400);
    assertThat(
            serving.post("/api/v1/silences", responder, good.replace("\"move\"", "\" \"")).status())
        .isEqualTo(400);
    assertThat(
            serving.post("/api/v1/silences", responder, good.replace("watch=", "signer=")).status())
        .isEqualTo(400);
    String ended = "/api/v1/silences/" + made.json().path("id").asText() + "/end";
    assertThat(serving.post(ended, responder, WHY).status()).isEqualTo(200);
    assertThat(serving.post(ended, responder, WHY).status()).isEqualTo(404);
  }

  @Test
  void injection_into_filters_is_a_refused_value_and_never_a_query() throws IOException {
    String admin = tokens.get(Role.ADMIN);
    for (String attack :
        List.of("'%20OR%201=1--", "%22;DROP%20TABLE%20finding;--", "open%00", "%F0%9F%92%A9")) {
      for (String filter :
          List.of(
              "state", "family", "kind", "severity", "watch", "log", "from", "cursor", "limit")) {
        Answer answer = serving.get("/api/v1/findings?" + filter + "=" + attack, admin);
        assertThat(answer.status())
            .as("%s=%s: %s", filter, attack, answer.body())
            .isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("SQL");
      }
      assertThat(serving.get("/api/v1/outbox?receiver=" + attack, admin).status()).isEqualTo(400);
      assertThat(serving.get("/api/v1/audit?subject=" + attack, admin).status()).isEqualTo(400);
      assertThat(serving.get("/api/v1/artifacts/" + attack, admin).status()).isBetween(400, 404);
    }
    assertThat(serving.get("/api/v1/findings", admin).status()).isEqualTo(200);
  }

  @Test
  void tricks_with_paths_reach_nothing_without_a_token() throws IOException {
    for (String path :
        List.of(
            "/api/v1/whoami/../findings",
            "/api/v1//findings",
            "/api/v1/findings/",
            "/api/v1/%66indings",
            "/api/v1/findings;x=1",
            "/API/v1/findings",
            "/q/../api/v1/findings",
            "/q/health/..%2f..%2fapi/v1/findings",
            "/checkpoints/../api/v1/tokens",
            "/checkpoints/%2e%2e/api/v1/tokens")) {
      String answer =
          raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(answer.lines().findFirst().orElse(""))
          .as(path)
          .matches("HTTP/1.1 (400|401|404|405).*");
      assertThat(answer).as(path).doesNotContain("\"findings\":[");
    }
  }

  @Test
  void page_of_another_site_and_a_form_are_refused_even_with_a_token() throws IOException {
    String admin = tokens.get(Role.ADMIN);
    String body = "{\"name\":\"forged\",\"role\":\"admin\",\"reason\":\"x\"}";
    assertThat(
            serving
                .call(
                    "POST",
                    "/api/v1/tokens",
                    admin,
                    body,
                    "Content-Type",
                    "application/json",
                    "Origin",
                    "https://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(
            serving
                .call(
                    "POST",
                    "/api/v1/tokens",
                    admin,
                    body,
                    "Content-Type",
                    "application/json",
                    "Sec-Fetch-Site",
                    "cross-site")
                .status())
        .isEqualTo(403);
    for (String type :
        List.of(
            "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
      assertThat(serving.call("POST", "/api/v1/tokens", admin, body, "Content-Type", type).status())
          .as(type)
          .isEqualTo(415);
    }
    assertThat(
            serving
                .call(
                    "POST",
                    "/api/v1/tokens",
                    "",
                    body,
                    "Content-Type",
                    "application/json",
                    "Cookie",
                    "token=" + admin)
                .status())
        .isEqualTo(401);
    assertThat(serving.get("/api/v1/tokens", admin).body()).doesNotContain("forged");
    assertThat(
            serving
                .call(
                    "OPTIONS",
                    "/api/v1/tokens",
                    "",
                    "",
                    "Origin",
                    "https://evil.example",
                    "Access-Control-Request-Method",
                    "POST")
                .headers()
                .map())
        .doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void page_whose_name_was_made_to_lead_here_reads_neither_health_nor_metrics() throws IOException {
    for (String path : List.of("/q/health", "/q/metrics", "/api/v1/openapi", "/api/v1/whoami")) {
      for (String host : List.of("evil.example", "evil.example:8321", "127.0.0.1.evil.example")) {
        assertThat(asked(path, host)).as("%s at %s", path, host).startsWith("HTTP/1.1 403");
      }
    }
    for (String host : List.of("localhost", "LOCALHOST:1", "127.0.0.1:8321", "[::1]:8321")) {
      assertThat(asked("/q/metrics", host)).as(host).startsWith("HTTP/1.1 200");
    }
  }

  private String asked(String path, String host) throws IOException {
    return raw("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host));
  }

  @Test
  void bodies_and_headers_beyond_their_bounds_are_refused() throws IOException {
    String admin = tokens.get(Role.ADMIN);
    String large = "{\"lines\":\"" + "# x".repeat(3 << 20) + "\",\"reason\":\"x\"}";
    assertThat(
            raw(
                "POST "
                    + LISTS
                    + "/lines HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                    + admin
                    + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + large.length()
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            raw(
                "GET /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
                    + "x".repeat(20_000)
                    + "\r\n\r\n"))
        .matches("(?s)HTTP/1.1 4(00|31).*");
    for (String bad :
        List.of(
            "",
            "[]",
            "null",
            "{",
            "{\"name\":1}",
            "{\"unknown\":\"x\"}",
            "{\"name\":\"a\",\"name\":{}}",
            "[".repeat(100_000))) {
      Answer answer = serving.post("/api/v1/tokens", admin, bad);
      assertThat(answer.status())
          .as("'%s': %s", bad.length() > 50 ? "many [" : bad, answer.body())
          .isEqualTo(400);
      assertThat(answer.body()).doesNotContain("com.fasterxml").doesNotContain("\tat ");
    }
  }

  /// Sends bytes as they are and reads the answer.
  private String raw(String request) throws IOException {
    URI url =
        URI.create(
            program
                .err()
                .lines()
                .filter(it -> it.contains("Listening on: "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*Listening on: (\\S+).*", "$1"));
    try (Socket socket = new Socket(url.getHost(), url.getPort());
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(30_000);
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
