package dev.sigwarden.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.settings.SettingsFile.Loaded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsFileTest {
  static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "hunter2\n", "EMPTY", "");

  record Case(String title, String file, String answer) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Loaded<Map<String, Object>> load(byte[] bytes) {
    Path folder = Path.of("/nowhere");
    return SettingsFile.read(bytes, "f.yaml", folder, SampleSettings::read, ENVIRONMENT);
  }

  static Loaded<Map<String, Object>> load(String text) {
    return load(text.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (var in = SettingsFileTest.class.getResourceAsStream("files.txt")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String[] blocks = all.split("(?m)^=== ");
      for (int i = 1; i < blocks.length; i++) {
        int title = blocks[i].indexOf('\n');
        int answer = blocks[i].indexOf("=> ", title);
        cases.add(
            new Case(
                blocks[i].substring(0, title),
                blocks[i].substring(title + 1, answer),
                blocks[i].substring(answer).strip()));
      }
    }
    return cases.stream();
  }

  private static String answer(Loaded<?> loaded) {
    if (loaded.problems().isEmpty()) {
      return "=> " + loaded.value().orElseThrow();
    }
    assertThat(loaded.value()).isEmpty();
    return String.join("\n", loaded.problems().stream().map(p -> "=> " + p.format()).toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void says_of_a_file_what_the_table_says(Case one) {
    assertThat(answer(load(one.file()))).isEqualTo(one.answer());
  }

  @Test
  void knows_a_byte_order_mark() {
    assertThat(answer(load("\uFEFFcontact: a"))).isEqualTo("=> {contact=a}");
  }

  @Test
  void refuses_bytes_that_are_not_utf_8_and_names_the_line() {
    byte[] bytes = "contact: a\ntitle: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(answer(load(bytes)))
        .isEqualTo("=> f.yaml:2: a byte that is not UTF-8 (expected: UTF-8 text)");
  }

  @Test
  void refuses_a_character_cut_at_the_end() {
    byte[] bytes = {'a', ':', ' ', (byte) 0xC3};

    assertThat(answer(load(bytes)))
        .isEqualTo("=> f.yaml:1: a byte that is not UTF-8 (expected: UTF-8 text)");
  }

  @Test
  void refuses_nul_and_names_the_line() {
    assertThat(answer(load("contact: a\ntitle: \0\n")))
        .isEqualTo("=> f.yaml:2: the character U+0000 (expected: printable text)");
  }

  @Test
  void refuses_a_file_over_the_cap() {
    assertThat(answer(load(new byte[17 << 20])))
        .isEqualTo("=> f.yaml: the file is too large (expected: at most 16777216 bytes)");
  }

  @Test
  void refuses_more_values_than_a_configuration_has() {
    assertThat(answer(load("contact: a\ntags: [" + "a,".repeat(1_500_000) + "]")))
        .isEqualTo(
            "=> f.yaml: too many values (expected: at most %d with this heap, see -Xmx)"
                .formatted(YamlText.MAX_EVENTS));
    assertThat(YamlText.MAX_EVENTS).isBetween(100_000, 1_000_000);
  }

  @Test
  void refuses_aliases_that_multiply() {
    StringBuilder bomb = new StringBuilder("contact: a\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      String before = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", before, before, before)));
    }

    assertThat(load(bomb.toString()).problems())
        .extracting(Problem::found)
        .containsExactly("aliases multiply the file");
  }

  @Test
  void refuses_nesting_without_end() {
    for (String open : List.of("[", "{a: ", "- ", "? ")) {
      assertThat(load(open.repeat(100_000)).problems()).as(open).hasSize(1);
    }
  }

  @Test
  void keeps_a_bounded_number_of_problems() {
    StringBuilder text = new StringBuilder("contact: a\n");
    for (int i = 0; i < 1_000; i++) {
      text.append("unknown-").append(i).append(": x\n");
    }

    List<Problem> problems = load(text.toString()).problems();

    assertThat(problems).hasSize(201);
    assertThat(problems.getLast().found()).isEqualTo("and 800 more problems");
  }

  @Test
  void loads_a_file_and_reads_a_secret_file_again_at_each_use(@TempDir Path folder)
      throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "one\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path file = folder.resolve("sigwarden.yaml");
    Files.writeString(file, "contact: a\npassword-file: secret\nwords: words.txt\n");
    Files.writeString(folder.resolve("words.txt"), "w\n");

    Loaded<Map<String, Object>> loaded = SettingsFile.load(file, SampleSettings::read, ENVIRONMENT);

    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.value().orElseThrow()).containsEntry("words", "w\n");
    Secret read = (Secret) loaded.value().orElseThrow().get("password");
    assertThat(read.read()).isEqualTo("one");
    Files.writeString(secret, "two\r\n");
    assertThat(read.read()).isEqualTo("two");
    assertThat(read).asString().doesNotContain("one", "two");
  }

  @Test
  void warns_of_a_secret_file_that_others_may_read_and_uses_it(@TempDir Path folder)
      throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "one");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    Path file = folder.resolve("f.yaml");
    Files.writeString(file, "contact: a\npassword-file: secret\n");

    Loaded<Map<String, Object>> loaded = SettingsFile.load(file, SampleSettings::read, ENVIRONMENT);

    assertThat(loaded.value()).isPresent();
    assertThat(loaded.problems())
        .extracting(Problem::format)
        .containsExactly(
            "%s:2: warning: password-file: others may use %s (expected: mode 0600 or 0400)"
                .formatted(Printable.bare(file.toString()), Printable.bare(secret.toString())));
  }

  @Test
  void refuses_secret_files_that_hold_no_secret(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("empty"), "\n");
    Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF});
    Files.write(folder.resolve("huge"), new byte[Secrets.MAX_BYTES + 1]);
    Files.createDirectory(folder.resolve("folder"));
    for (String name : List.of("empty", "binary", "huge", "folder", "absent")) {
      Path file = folder.resolve("f.yaml");
      Files.writeString(file, "contact: a\npassword-file: " + name + "\n");

      Loaded<Map<String, Object>> loaded =
          SettingsFile.load(file, SampleSettings::read, ENVIRONMENT);

      assertThat(loaded.value()).as(name).isEmpty();
      assertThat(loaded.problems()).as(name).hasSize(1);
    }
  }

  @Test
  void says_when_there_is_no_file(@TempDir Path folder) {
    assertThat(answer(SettingsFile.load(folder, SampleSettings::read, Map.of())))
        .endsWith(": not a regular file");
    Path absent = folder.resolve("absent.yaml");
    assertThat(answer(SettingsFile.load(absent, SampleSettings::read, Map.of())))
        .endsWith(": no such file");
  }

  @Test
  void a_reader_that_refuses_what_stands_in_for_a_wrong_value_adds_nothing() {
    Loaded<String> loaded =
        SettingsFile.read(
            "a: [x]\nb: y\n".getBytes(StandardCharsets.UTF_8),
            "f.yaml",
            Path.of("/"),
            root -> {
              if (root.text("a", "a word").equals("sample")) {
                throw new IllegalArgumentException("sample");
              }
              return root.text("b", "another");
            },
            Map.of());

    assertThat(answer(loaded)).isEqualTo("=> f.yaml:1: a: a list (expected: a text)");
  }

  @Test
  void a_reader_that_throws_without_a_problem_is_a_bug() {
    assertThatThrownBy(() ->
            SettingsFile.read(
                "a: x".getBytes(StandardCharsets.UTF_8),
                "f.yaml",
                Path.of("/"),
                root -> {
                  throw new IllegalArgumentException(root.text("a", "a word"));
                },
                Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x");
  }

  @Test
  void takes_the_trailing_newline_from_a_variable() throws IOException {
    Object secret = load("contact: a\npassword: ${SECRET}").value().orElseThrow().get("password");

    assertThat(((Secret) secret).read()).isEqualTo("hunter2");
  }

  @Test
  void never_shows_a_secret_in_a_problem() {
    for (String line :
        List.of(
            "password: hunter2",
            "password: \"hunter2",
            "password: [hunter2]",
            "password: hunter2: x",
            "password: !!binary hunter2",
            "password: *hunter2",
            "password: !hunter2 x",
            "password: !hunter2!x y",
            "password: &hunter2 &hunter2 x",
            "password: '\\hunter2",
            "password: \"\\xhunter2\"",
            "http: {url: 'https://x:hunter2@a/'}")) {
      assertThat(load("contact: a\n" + line + "\n").problems().toString())
          .as(line)
          .startsWith("[f.yaml:")
          .doesNotContain("hunter2");
    }
  }
}
