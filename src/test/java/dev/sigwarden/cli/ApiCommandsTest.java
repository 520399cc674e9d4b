package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What commands ask a daemon's API for, and what they print of its answer.
@Isolated
final class ApiCommandsTest {
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  @TempDir private Path folder;

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile String answer = "{}";
  private volatile int status = 200;

  @BeforeEach
  void listen() throws IOException {
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(
              "%s %s %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), body));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopListening() {
    System.setOut(out);
    System.setErr(err);
    server.stop(0);
  }

  private int run(String... words) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "swt_any");
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Stream<String> where = Stream.of("--url", url, "--token-file", token.toString());
    return Main.run(Stream.concat(Stream.of(words), where).toArray(String[]::new));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "silence end, silences/%s/end, ended: ",
    "token revoke, tokens/%s/revoke, revoked: ",
    "outbox retry, outbox/%s/retry, due now: "
  })
  void changes_one_thing_for_a_reason_and_says_so(String command, String path, String done)
      throws IOException {
    String[] words = command.split(" ", -1);

    assertThat(run(words[0], words[1], "a b", "--reason", "try")).isZero();

    assertThat(asked)
        .containsExactly("POST /api/v1/" + path.formatted("a%20b") + " {\"reason\":\"try\"}");
    assertThat(said()).isEqualTo(done.strip() + " a b\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"silence end", "token revoke", "outbox retry", "findings comment"})
  void changes_nothing_without_a_reason(String command) throws IOException {
    String[] words = command.split(" ", -1);

    assertThat(run(words[0], words[1], "id")).isEqualTo(2);

    assertThat(asked).isEmpty();
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("--reason");
  }

  @Test
  void makes_a_silence_and_a_token_with_the_reason_given() throws IOException {
    answer = "{\"id\":\"sws_1\",\"token\":\"swt_new\"}";

    assertThat(run("silence", "add", "watch=a", "--hours", "1", "--reason", "move")).isZero();
    assertThat(run("token", "create", "ci", "--role", "viewer", "--reason", "build")).isZero();

    assertThat(asked.getFirst())
        .startsWith("POST /api/v1/silences {\"endsAt\":")
        .contains("\"matchers\":[\"watch=a\"]", "\"force\":false", "\"reason\":\"move\"");
    assertThat(asked.getLast())
        .isEqualTo(
            "POST /api/v1/tokens {\"name\":\"ci\",\"role\":\"viewer\",\"reason\":\"build\"}");
    assertThat(said()).isEqualTo("sws_1\nswt_new\n");
  }

  @Test
  void prints_a_row_in_words_that_a_receiver_chose_without_its_control_characters()
      throws IOException {
    answer =
        """
        {"deliveries": [{"id": "7", "state": "dead", "receiver": "soc", "uid": "swf_1",
          "attempts": 3, "lastError": "no\\u001b[2J"}]}
        """;

    assertThat(run("outbox", "--state", "dead")).isZero();

    assertThat(asked.getFirst())
        .startsWith("GET /api/v1/outbox?")
        .contains("limit=100", "state=dead")
        .doesNotContain("receiver");
    assertThat(said()).isEqualTo("7  dead      soc  swf_1  attempts 3  no\\u{1B}[2J\n");
  }

  @Test
  void prints_a_row_as_it_is_if_asked_for_json() throws IOException {
    answer = "{\"ranges\": [{\"log\": \"a\", \"from\": 0}], \"more\": true}";

    assertThat(run("coverage", "releases", "--json")).isZero();

    assertThat(said()).isEqualTo("{\"log\":\"a\",\"from\":0}\n");
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("--log");
  }

  @Test
  void says_that_a_watch_judged_nothing_where_it_did() throws IOException {
    answer = "{\"ranges\": [], \"more\": false}";

    assertThat(run("coverage", "releasse")).isZero();

    assertThat(said()).isEmpty();
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("nothing was judged by a watch of this name");
  }

  @Test
  void hands_lines_to_a_team_s_list_and_writes_no_file_of_that_name() throws IOException {
    answer = "{\"changed\": 1, \"unchanged\": 0}";

    assertThat(run("allow", "add", "payments/releases", "--digest", DIGEST, "--reason", "try"))
        .isZero();

    assertThat(asked).singleElement().asString().contains("/api/v1/allowlists/payments/releases/");
    assertThat(said()).isEqualTo("payments/releases: 1 changed, 0 as they were\n");
  }

  @Test
  void speaks_of_a_token_only_once_there_is_one() throws IOException {
    status = 400;
    answer = "{\"error\": \"role: none (expected: another)\"}";

    assertThat(run("token", "create", "ci", "--role", "none", "--reason", "try")).isEqualTo(2);

    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("role: none")
        .doesNotContain("shown once");
  }

  @Test
  void lists_each_command_with_a_whole_sentence() {
    assertThat(firstLines(new CommandLine(new Main())))
        .hasSizeGreaterThan(30)
        .allSatisfy(line -> assertThat(line).endsWith("."));
  }

  private static Stream<String> firstLines(CommandLine group) {
    return group.getSubcommands().values().stream()
        .flatMap(command ->
            Stream.concat(
                Stream.of(command.getCommandSpec().usageMessage().description()[0]),
                firstLines(command)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow|add, list, revoke",
        "store|copy",
        "token|create, list, revoke",
        "template|render"
      })
  void names_the_commands_there_are_if_none_is_given(String group, String commands) {
    assertThat(Main.run(group)).isEqualTo(2);

    assertThat(complained.toString(StandardCharsets.UTF_8))
        .startsWith("what to do is missing (expected: %s)".formatted(commands));
  }
}
