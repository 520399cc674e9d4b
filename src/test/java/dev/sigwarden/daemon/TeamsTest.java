package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Label;
import dev.sigwarden.alert.Labels;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A configuration of several files: what teams may say, what they may not, and what is read.
class TeamsTest {
  private static final String MAIN =
      """
      contact: it@sigwarden.invalid
      teams:
        payments: {receivers: [soc], allowlists: [shared]}
        web: {own-receivers: true}
      watches:
        app: {identities: [{text: "main"}]}
      allowlists:
        shared: {api: true}
        secret: {api: true}
      receivers:
        soc: {channel: email, from: a@acme.example, to: [soc@acme.example], pickup: soc}
        board: {channel: email, from: a@acme.example, to: [board@acme.example], pickup: board}
      route: {receiver: board}
      """;

  private static final String PAYMENTS =
      """
      watches:
        app:
          identities: [{text: "payments"}]
          expect: {allowlists: [shared, payments/releases]}
      allowlists:
        releases: {file: releases.txt}
      route:
        receiver: soc
        routes: [{matchers: ['watch=~".*"'], receiver: soc}]
      """;

  private static final String WEB =
      """
      watches:
        app: {identities: [{text: "web"}]}
      receivers:
        hook: {channel: email, from: a@acme.example, to: [web@acme.example], pickup: mail}
      route: {receiver: web/hook}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void create() {
    write("sigwarden.yaml", MAIN);
    write("teams/payments.yaml", PAYMENTS);
    write("teams/payments/releases.txt", "sha256:" + "ab".repeat(32) + "\n");
    write("teams/web.yaml", WEB);
  }

  private Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Loaded<Configuration> load() {
    return Configuration.load(folder, Map.of("TOKEN", "hunter2"));
  }

  private Configuration good() {
    Loaded<Configuration> loaded = load();
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow();
  }

  private String problems() {
    return load().problems().stream()
        .filter(problem -> !problem.warning())
        .map(Problem::format)
        .map(text -> text.replace(folder + "/", ""))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> told(Configuration configuration, String kind, String watch) {
    Labels labels = new Labels(Map.of(Label.KIND, kind, Label.WATCH, watch));
    return configuration.routes().plan(labels).tellings().stream().map(Telling::receiver).toList();
  }

  @Test
  void folder_is_its_main_file_and_what_is_a_team_s_is_called_by_the_team() {
    Configuration configuration = good();
    assertThat(configuration.watches().all())
        .extracting(Watch::name)
        .containsExactly("app", "payments/app", "web/app");
    assertThat(configuration.allowlists().names())
        .containsExactly("shared", "secret", "payments/releases");
    assertThat(configuration.allowlists().named("payments/releases").orElseThrow().size())
        .isEqualTo(1);
    assertThat(configuration.receivers()).containsOnlyKeys("soc", "board", "web/hook");
    assertThat(configuration.file()).isEqualTo(folder.resolve("sigwarden.yaml"));
  }

  @Test
  void commands_that_look_and_reach_see_the_teams_too() {
    assertThat(Configuration.loadForLooking(folder).value().orElseThrow().watches().all())
        .hasSize(3);
    assertThat(Configuration.loadForReaching(folder, Map.of()).value().orElseThrow().allowlists())
        .contains("payments/releases", "shared");
  }

  @Test
  void team_hears_of_its_own_watches_alone_and_takes_nobody_s_alerts_away() {
    Configuration configuration = good();
    assertThat(told(configuration, "unexpected-signature", "payments/app"))
        .containsExactly("board", "soc");
    assertThat(told(configuration, "unexpected-signature", "web/app"))
        .containsExactly("board", "web/hook");
    assertThat(told(configuration, "unexpected-signature", "app")).containsExactly("board");
    assertThat(told(configuration, "fork", "")).containsExactly("board");
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs", "storage", "http", "trust", "api", "tenant", "teams", "inhibit"})
  void refuses_what_only_the_main_file_may_say(String key) {
    write("teams/payments.yaml", PAYMENTS + key + ": {}\n");
    assertThat(problems()).startsWith("teams/payments.yaml:10: " + key + ": unknown key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [shared, payments/releases] | [secret]   | teams/payments.yaml:4: watches.app.expect.allowlists: secret
          [shared, payments/releases] | [releases] | releases, did you mean "payments/releases"?
          receiver: soc\\n            | receiver: board\\n | teams/payments.yaml:8: route.receiver: unknown receiver board
          receiver: soc\\n            | receiver: web/hook\\n | unknown receiver web/hook
          file: releases.txt          | file: ../web.yaml | "../web.yaml" (expected: a path in the folder payments of this file)
          file: releases.txt          | file: /etc/passwd | "/etc/passwd" (expected: a path in the folder payments
          app:                        | pay/ments: | the name "pay/ments"
          """)
  void holds_a_team_to_its_own_and_what_it_was_granted(String from, String to, String told) {
    String changed = PAYMENTS.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertThat(changed).isNotEqualTo(PAYMENTS);
    write("teams/payments.yaml", changed);
    assertThat(problems()).contains(told);
  }

  @Test
  void follows_no_link_out_of_a_team_s_folder() throws IOException {
    Path secret = write("../outside.txt", "sha256:" + "cd".repeat(32) + "\n");
    Files.delete(folder.resolve("teams/payments/releases.txt"));
    Files.createSymbolicLink(folder.resolve("teams/payments/releases.txt"), secret);
    assertThat(problems()).contains("a path in the folder payments of this file");
    Files.delete(secret);
  }

  @Test
  void reads_nothing_that_a_team_s_file_became_a_link_to_later() throws IOException {
    Path secret = write("../outside.txt", "the password of everybody\n");
    try {
      Configuration configuration = good();
      Path list = folder.resolve("teams/payments/releases.txt");
      Files.delete(list);
      Files.createSymbolicLink(list, secret);

      assertThat(configuration.allowlists().refresh())
          .singleElement()
          .satisfies(problem -> assertThat(problem.reason()).startsWith("a link out of the folder"))
          .satisfies(problem -> assertThat(problem.reason()).doesNotContain("password"));
    } finally {
      Files.delete(secret);
    }
  }

  @Test
  void gives_a_team_no_secret_of_the_environment_and_no_receivers_unasked() {
    String hook =
        """
        receivers:
          soc: {channel: webhook, url: "https://acme.example/hook", secret: "${TOKEN}", token: "${TOKEN}"}
        """;
    write("teams/payments.yaml", PAYMENTS + hook);
    assertThat(problems())
        .contains("receivers of a team that may have none")
        .contains("receivers.soc.secret: the environment variable TOKEN")
        .doesNotContain("hunter2");
  }

  @Test
  void tells_problems_of_all_files_at_once_each_with_its_file_and_line() {
    write("sigwarden.yaml", MAIN.replace("contact:", "contct:"));
    write("teams/payments.yaml", PAYMENTS.replace("expect:", "expects:"));
    write("teams/web.yaml", WEB.replace("text:", "texts:"));
    assertThat(problems())
        .contains("sigwarden.yaml:1: contct: unknown key")
        .contains("teams/payments.yaml:4: watches.app.expects: unknown key")
        .contains("teams/web.yaml:2: watches.app.identities[0].texts: unknown key");
    assertThat(load().value()).isEmpty();
  }

  @Test
  void neither_a_file_without_a_team_nor_a_team_without_a_file_passes_in_silence()
      throws IOException {
    Files.move(folder.resolve("teams/web.yaml"), folder.resolve("teams/wep.yaml"));
    write("teams/web.yml", WEB);
    assertThat(problems())
        .contains("sigwarden.yaml:2: teams: web without a file (expected: the file teams/web.yaml)")
        .contains("teams/wep.yaml: a file that teams does not name, did you mean \"web\"?")
        .contains("teams/web.yml: a file that teams does not name");
  }

  @Test
  void passes_over_what_is_hidden_and_reads_what_kubernetes_shows_through_links()
      throws IOException {
    write("..2026_11_23/sigwarden.yaml", MAIN);
    write("..2026_11_23/teams/payments.yaml", PAYMENTS);
    write("..2026_11_23/teams/web.yaml", WEB);
    write("..2026_11_23/teams/payments/releases.txt", "sha256:" + "ab".repeat(32) + "\n");
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Files.createSymbolicLink(mount.resolve("..data"), folder.resolve("..2026_11_23"));
    Files.createSymbolicLink(mount.resolve("sigwarden.yaml"), Path.of("..data/sigwarden.yaml"));
    Files.createSymbolicLink(mount.resolve("teams"), Path.of("..data/teams"));
    write("..2026_11_23/teams/.payments.yaml.swp", "half");
    write("..2026_11_23/teams/..data", "half");
    Loaded<Configuration> loaded = Configuration.load(mount, Map.of());
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.value().orElseThrow().revision()).isEqualTo(good().revision());
  }

  @Test
  void refuses_more_files_than_any_organisation_has_teams() {
    for (int i = 0; i <= 1_000; i++) {
      write("teams/t%d.yaml".formatted(i), "");
    }
    assertThat(problems()).contains("more files in teams (expected: at most 1000)");
  }

  @Test
  void files_share_one_bound_of_bytes() {
    String comment = ("# " + "x".repeat(998) + "\n").repeat(9_000);
    write("sigwarden.yaml", MAIN + comment);
    write("teams/payments.yaml", PAYMENTS + comment);
    assertThat(problems())
        .isEqualTo("teams/payments.yaml: the file is too large (expected: at most 16777216 bytes)");
  }

  @Test
  void revision_is_of_what_all_files_say_and_of_nothing_else() {
    String before = good().revision();
    assertThat(before).matches("[0-9a-f]{64}");
    write("sigwarden.yaml", "# a comment\n" + MAIN + "instance: two\nhttp: {port: 1}\n");
    assertThat(good().revision()).isEqualTo(before);
    write("teams/web.yaml", WEB.replace("\"web\"", "\"wep\""));
    String team = good().revision();
    assertThat(team).isNotEqualTo(before);
    write("sigwarden.yaml", MAIN + "tenant: other\n");
    assertThat(good().revision()).isNotEqualTo(team);
  }

  @Test
  void fingerprint_changes_with_each_file_that_is_changed_added_or_taken_away() throws IOException {
    Path file = folder.resolve("sigwarden.yaml");
    String before = Configuration.fingerprint(file);
    assertThat(Configuration.fingerprint(file)).isEqualTo(before);
    write("teams/web.yaml", WEB + "# more\n");
    String changed = Configuration.fingerprint(file);
    assertThat(changed).isNotEqualTo(before);
    Files.delete(folder.resolve("teams/web.yaml"));
    assertThat(Configuration.fingerprint(file)).isNotEqualTo(changed).isNotEqualTo(before);
  }
}
