package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.bundle.TestBundle;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.store.StorePlace;
import dev.sigwarden.trust.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the reader of a configuration refuses before anything starts.
class ConfigurationTest {
  private static final String HOOK =
      """
      contact: it@sigwarden.invalid
      receivers:
        soc:
          channel: webhook
          url: https://soc.acme.example/hook
          secret: ${HOOK}
          token: ${TOKEN}
      """;

  private static final String VKEY = NoteSigner.generate("log.example").verifierKey().toString();

  private static final String MINISIGN =
      "untrusted comment: minisign public key\n"
          + "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n";

  @TempDir private Path folder;

  private List<Problem> problems(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("sigwarden.yaml"), yaml);
    return Configuration.load(file, environment).problems();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:hunter2@db/sigwarden",
        "SQLITE:data.db",
        "sqlite:",
        "sqlite:data.db?mode=memory",
        "data/sigwarden.db"
      })
  void refuses_a_database_that_the_daemon_could_not_open_and_shows_no_password(String url)
      throws IOException {
    List<Problem> problems =
        problems(
            "contact: it@sigwarden.invalid\nstorage: {url: \"%s\"}\n".formatted(url), Map.of());

    assertThat(problems).extracting(Problem::path).containsExactly("storage.url");
    assertThat(problems.getFirst().format()).contains("`sqlite:`").doesNotContain("hunter2");
  }

  @Test
  void refuses_a_log_with_a_trusted_root_that_is_not_there() throws IOException {
    List<Problem> problems =
        problems(
            """
            contact: it@sigwarden.invalid
            trust: {sigstore: {source: public-good}}
            logs:
              one: {protocol: tiles, url: "http://127.0.0.1:9/", trust: sigstor,
                key: example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx}
            """,
            Map.of());

    assertThat(problems).extracting(Problem::path).containsExactly("logs.one.trust");
    assertThat(problems.getFirst().format()).contains("did you mean \"sigstore\"?");
  }

  @Test
  void takes_a_database_s_path_from_the_file_s_folder() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            "contact: it@sigwarden.invalid\nstorage: {url: \"sqlite:state/x.db\"}\n");

    assertThat(Configuration.load(file, Map.of()).value().orElseThrow().storage().place().shown())
        .isEqualTo("sqlite:" + folder.resolve("state/x.db"));
  }

  private Configuration storage(String yaml, Map<String, String> env) throws IOException {
    for (String named : List.of("ca.pem", "own.pem", "own.key")) {
      Files.writeString(folder.resolve(named), "");
    }
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"), "contact: it@sigwarden.invalid\nstorage: " + yaml);
    return Configuration.load(file, env).value().orElseThrow();
  }

  @Test
  void takes_a_server_without_its_account_in_the_address() throws IOException {
    Storage storage =
        storage(
                "{url: \"postgresql://db-1.example:5433,[::1]/sigwarden\", user: sig,"
                    + " password: \"${DB}\", tls: verify-ca, ca-file: ca.pem, connections: 4,"
                    + " statement-timeout: 5s, folder: roots}",
                Map.of("DB", "hunter2"))
            .storage();
    assertThat(storage.folder()).isEqualTo(folder.resolve("roots"));
    assertThat(storage.place().shown()).isEqualTo("postgresql://db-1.example:5433,[::1]/sigwarden");
    assertThat(storage.place())
        .isInstanceOfSatisfying(
            StorePlace.Server.class,
            server -> {
              assertThat(server.user()).isEqualTo("sig");
              assertThat(server.tls()).isEqualTo(StorePlace.Tls.VERIFY_CA);
              assertThat(server.authorities()).contains(folder.resolve("ca.pem"));
              assertThat(server.connections()).isEqualTo(4);
            });
    assertThat(storage.toString()).doesNotContain("hunter2");
  }

  @Test
  void takes_a_certificate_to_show_to_a_server_that_is_checked_by_an_authority()
      throws IOException {
    String server = "{url: \"postgresql://db/x\", user: sig, ";
    String both = "client-certificate-file: own.pem, client-key-file: own.key";
    assertThat(storage(server + "ca-file: ca.pem, " + both + "}", Map.of()).storage().place())
        .isInstanceOfSatisfying(
            StorePlace.Server.class,
            place ->
                assertThat(place.client())
                    .contains(
                        new StorePlace.Client(
                            folder.resolve("own.pem"), folder.resolve("own.key"))));
    Map<String, String> refused =
        Map.of(
            server + both + "}",
            "storage.client-certificate-file",
            server + "ca-file: ca.pem, tls: \"off\", " + both + "}",
            "storage.client-certificate-file",
            server + "ca-file: ca.pem, client-certificate-file: own.pem}",
            "storage.client-key-file",
            server + "ca-file: ca.pem, client-key-file: own.key}",
            "storage.client-certificate-file",
            server + "ca-file: ca.pem, " + both.replace(".key", ".p8") + "}",
            "storage.client-key-file",
            "{" + both + "}",
            "storage.client-certificate-file");
    for (Map.Entry<String, String> each : refused.entrySet()) {
      assertThat(problems("contact: it@sigwarden.invalid\nstorage: " + each.getKey(), Map.of()))
          .as(each.getKey())
          .extracting(Problem::format)
          .anyMatch(line -> line.contains(each.getValue()));
    }
  }

  @Test
  void names_files_for_the_server_that_are_not_there() throws IOException {
    String server =
        "{url: \"postgresql://db/x\", user: sig, ca-file: ca.pem, client-certificate-file: own.pem,"
            + " client-key-file: own.key}";
    assertThat(problems("contact: it@sigwarden.invalid\nstorage: " + server, Map.of()))
        .extracting(Problem::path)
        .containsExactly(
            "storage.ca-file", "storage.client-certificate-file", "storage.client-key-file");
  }

  @Test
  void checks_a_server_s_certificate_and_name_unless_told_otherwise() throws IOException {
    assertThat(storage("{url: \"postgresql://db/x\", user: sig}", Map.of()).storage().place())
        .isInstanceOfSatisfying(
            StorePlace.Server.class,
            server -> assertThat(server.tls()).isEqualTo(StorePlace.Tls.VERIFY_FULL));
  }

  @Test
  void refuses_an_address_with_an_account_or_options_without_showing_it() throws IOException {
    for (String url :
        List.of(
            "postgresql://u:hunter2@db/x",
            "postgresql://db/x?password=hunter2",
            "postgresql://db",
            "postgresql:///x",
            "mysql://db/x",
            "postgresql://db/x;hunter2")) {
      assertThat(
              problems(
                  "contact: it@sigwarden.invalid\nstorage: {url: \"%s\", user: sig}\n"
                      .formatted(url),
                  Map.of()))
          .as(url)
          .extracting(Problem::format)
          .anyMatch(line -> line.contains("storage.url"))
          .noneMatch(line -> line.contains("hunter2"));
    }
  }

  @Test
  void refuses_a_server_without_an_account_and_an_account_for_a_file() throws IOException {
    assertThat(
            problems(
                "contact: it@sigwarden.invalid\nstorage: {url: \"postgresql://db/x\"}\n", Map.of()))
        .extracting(Problem::path)
        .contains("storage.user");
    assertThat(
            problems(
                "contact: it@sigwarden.invalid\nstorage: {url: \"sqlite:x.db\", user: sig}\n",
                Map.of()))
        .extracting(Problem::path)
        .contains("storage.user");
  }

  @Test
  void who_only_looks_needs_no_password_of_the_database() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            "contact: it@sigwarden.invalid\nstorage: {url: \"postgresql://db/x\", user: sig,"
                + " password: \"${DB}\"}\n");
    assertThat(Configuration.loadForLooking(file).problems()).isEmpty();
  }

  @Test
  void refuses_a_webhook_secret_and_a_token_of_the_wrong_form_without_showing_them()
      throws IOException {
    List<Problem> problems = problems(HOOK, Map.of("HOOK", "hunter2", "TOKEN", "two words"));

    assertThat(problems)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("receivers.soc.secret", "receivers.soc.token");
    assertThat(problems)
        .extracting(Problem::format)
        .noneMatch(line -> line.contains("hunter2") || line.contains("two words"))
        .anyMatch(line -> line.contains("whsec_ and base64"));
  }

  @Test
  void takes_a_webhook_secret_of_the_right_form() throws IOException {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAAAAAAAAA=";

    assertThat(problems(HOOK, Map.of("HOOK", secret, "TOKEN", "t0ken"))).isEmpty();
  }

  @Test
  void tells_each_mistake_once_with_what_stands_there_and_what_may() throws IOException {
    String yaml =
        """
        contact: it (at) sigwarden.invalid
        logs:
          one: {protocol: tiles, url: "ftp://log.example/a?token=hunter2", key: garbage, entries: "ra\\u001bw"}
          two: {protocol: tiles, url: "https://u:hunter2@log.example/", keys: x, entries: raww}
        watches:
          acme:
            identities:
              - {subjct: "x@acme.example"}
              - {subject: "x@acme.example", key-file: [a]}
        receivers:
          mail: {channel: email, to: [oncall], pickup: mails}
        """;

    assertThat(problems(yaml, Map.of()))
        .extracting(problem -> problem.format().substring(problem.file().length()))
        .containsExactly(
            ":1: contact: it (at) sigwarden.invalid"
                + " (expected: up to 200 printable ASCII characters without parentheses)",
            ":3: logs.one.url: ftp://log.example/a?… (expected: a URL without query or fragment)",
            ":3: logs.one.key: vkey: \"garbage\" (expected: name+hash+base64)",
            ":3: logs.one.entries: ra\\u{1B}w, did you mean \"raw\"? (expected: one of ct, raw, rekor, scittstatement)",
            ":4: logs.two.url: a URL with an @ in it"
                + " (expected: a URL without user name or password)",
            ":4: logs.two.entries: raww, did you mean \"raw\"? (expected: one of ct, raw, rekor, scittstatement)",
            ":4: logs.two.keys: unknown key, did you mean \"key\"? (expected: one of backlog-after,"
                + " entries, key, minimum-index, mode, origin, poll, protocol, rollback-after,"
                + " stale-after, start, trust, unreachable-after, url, witness-policy)",
            ":8: watches.acme.identities[0].subjct: unknown key, did you mean \"subject\"?"
                + " (expected: one of certificate-sha256, did, dns, eku, email, extensions, feed, ip,"
                + " issuer, key-file, key-sha256, minisign-key-id, pgp-fingerprint, pointer,"
                + " ssh-fingerprint, subject, subject-dn, text, tuf-key-id, uri, user-id)",
            ":9: watches.acme.identities[1].key-file: a list (expected: a text)",
            ":11: receivers.mail.to: oncall (expected: name@domain in plain ASCII)",
            ":11: receivers.mail.from: missing (expected: the sender, an address that you may use)");
  }

  @Test
  void asks_a_section_of_a_whole_instance_for_a_trusted_root_that_names_logs() throws IOException {
    String yaml =
        """
        contact: it@sigwarden.invalid
        trust:
          public: {source: public-good}
          own: {source: authorities, ca-file: ca.pem}
        logs:
          good: {protocol: sigstore, trust: public}
          missing: {protocol: sigstore}
          misspelt: {protocol: sigstore, trust: pubic}
          empty: {protocol: sigstore, trust: own}
          keyed: {protocol: sigstore, trust: public, key: x}
          twice:
            protocol: sigstore
            trust: public
            overrides:
              - {url: "https://a.example", origin: b.example}
              - {url: "https://a.example/", protocol: rekor-tiles}
              - {url: "https://c.example", protocol: v2}
        """;
    TestAuthority authority = new TestAuthority(Instant.parse("2026-01-01T00:00:00Z"));
    Files.writeString(folder.resolve("ca.pem"), authority.pem(true, true));

    assertThat(problems(yaml, Map.of()))
        .extracting(problem -> problem.format().substring(problem.file().length()))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith(":7: logs.missing.trust: missing"),
            line ->
                assertThat(line)
                    .startsWith(":8: logs.misspelt.trust: pubic, did you mean \"public\"?"),
            line -> assertThat(line).startsWith(":9: logs.empty.trust: own, which names no log"),
            line -> assertThat(line).startsWith(":10: logs.keyed.key: unknown key"),
            line -> assertThat(line).contains("logs.twice.overrides: https://a.example twice"),
            line ->
                assertThat(line)
                    .contains("logs.twice.overrides[2].protocol: v2")
                    .contains("by-key, rekor, rekor-tiles"));
  }

  @Test
  void takes_ten_thousand_watches_with_every_key() throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            "contact: it@sigwarden.invalid\nallowlists: {acme-releases: {file: a.txt}}\nwatches:\n");
    Files.writeString(folder.resolve("a.txt"), "# none\n");
    for (int i = 0; i < 10_000; i++) {
      yaml.append(
          """
            watch-%d:
              severity: critical
              owner: release-team@acme.example
              runbook: https://wiki.acme.example/key-compromise
              identities:
                - subject: https://github.com/acme/app-%d/.github/workflows/release.yml@refs/tags/*
                  issuer: https://token.actions.githubusercontent.com
                - {subject: release-%d@acme.example, issuer: https://accounts.google.com}
              expect:
                allowlists: [acme-releases]
                require: {runner-environment: github-hosted}
                grace: 15m
              lookalikes: true
              lookalike-severity: low
          """
              .formatted(i, i, i));
    }

    assertThat(problems(yaml.toString(), Map.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"contact: 'a", "contact: \"a", "contact: a\nlogs: {", "tags: [a"})
  void says_where_a_quote_or_bracket_was_opened_that_is_never_closed(String yaml)
      throws IOException {
    int opened = (int) yaml.lines().count();

    assertThat(problems(yaml + "\nx: y\nz:\n", Map.of()))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isGreaterThanOrEqualTo(opened);
          assertThat(problem.found())
              .endsWith("in what begins with a quote or bracket on line " + opened);
        });
  }

  private static String signedBy(String subject, String more) {
    return """
    contact: it@sigwarden.invalid
    logs:
      log: {protocol: tiles, url: "https://log.example", key: "%s", entries: rekor}
      proofs: {protocol: tiles, url: "https://proofs.example", key: "%s", mode: consistency-only}
    watches:
      acme-release:
        identities:
          - {subject: "https://github.com/acme/app/.github/workflows/*", issuer: "https://token.actions.githubusercontent.com"}
        expect: {allowlists: [acme]}
    allowlists:
      acme:
        api: true
        %s
        signed-by-identity:
          subject: "%s"
          issuer: https://token.actions.githubusercontent.com
          trusted-root: root.json
    """
        .formatted(VKEY, VKEY, more, subject);
  }

  private List<Problem> problemsSignedBy(String subject, String more) throws IOException {
    Files.write(
        folder.resolve("root.json"), TestAuthority.bytes(new TestBundle().trustedRootJson()));
    return problems(signedBy(subject, more), Map.of());
  }

  @Test
  void refuses_an_allowlist_that_an_identity_has_to_sign_which_a_watch_watches()
      throws IOException {
    String watched = "https://github.com/acme/app/.github/workflows/allow.yml@refs/heads/main";
    assertThat(problemsSignedBy(watched, ""))
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.format())
                .contains("watch acme-release watches the identity in signed-by-identity of")
                .contains("allowlist acme"));
    assertThat(problemsSignedBy(watched.replace("/app/", "/allow/"), "")).isEmpty();
  }

  @Test
  void refuses_a_pattern_for_who_has_to_sign_and_two_who_have_to() throws IOException {
    String other = "https://github.com/acme/allow/.github/workflows/allow.yml@refs/heads/";
    assertThat(problemsSignedBy(other + "*", ""))
        .extracting(Problem::path)
        .containsExactly("allowlists.acme.signed-by-identity.subject");
    Files.writeString(folder.resolve("key.pub"), MINISIGN);
    assertThat(problemsSignedBy(other + "main", "signed-by: key.pub"))
        .extracting(Problem::path)
        .containsExactly("allowlists.acme.signed-by");
  }

  @Test
  void takes_one_trusted_root_for_who_has_to_sign_which_names_logs() throws IOException {
    String subject = "https://github.com/acme/allow/.github/workflows/allow.yml@refs/heads/main";
    Files.write(
        folder.resolve("root.json"), TestAuthority.bytes(new TestBundle().trustedRootJson()));
    Files.write(folder.resolve("web.json"), new TestAuthority(Instant.EPOCH).trustedRoot());
    String given = "      trusted-root: root.json\n";
    Map<String, List<String>> expected =
        Map.of(
            "      trust: sigstore\n",
            List.of(),
            "      trust: kept\n",
            List.of(),
            "",
            List.of("missing"),
            given + "      trust: kept\n",
            List.of("and trusted-root as well"),
            "      trust: kep\n",
            List.of("kep, did you mean \"kept\"?"),
            "      trust: web\n",
            List.of("web, which names no log"));
    for (Map.Entry<String, List<String>> one : expected.entrySet()) {
      String trusts =
          """
          trust:
            sigstore: {source: public-good}
            kept: {source: trusted-root, file: root.json}
            web: {source: trusted-root, file: web.json}
          """;
      String yaml = signedBy(subject, "").replace(given, one.getKey()) + trusts;
      assertThat(problems(yaml, Map.of()))
          .as(one.getKey())
          .allMatch(it -> it.path().equals("allowlists.acme.signed-by-identity.trust"))
          .extracting(Problem::found)
          .isEqualTo(one.getValue());
    }
  }

  @Test
  void refuses_a_list_whose_file_names_a_log_that_nobody_judges() throws IOException {
    for (String log : List.of("nobody", "proofs", "log")) {
      Files.writeString(
          folder.resolve("allow.txt"),
          "due:2026-11-22T10:00:00Z log:%s %s\n".formatted(log, "ab".repeat(32)));
      List<Problem> problems =
          problemsSignedBy(
                      "https://github.com/acme/allow/.github/workflows/allow.yml@refs/heads/main",
                      "")
                  .isEmpty()
              ? problems(
                  signedBy("a", "file: allow.txt").replaceFirst("(?s) *signed-by-identity.*", ""),
                  Map.of())
              : List.of();
      assertThat(problems)
          .extracting(Problem::path)
          .isEqualTo(log.equals("log") ? List.of() : List.of("allowlists.acme.file"));
    }
  }
}
