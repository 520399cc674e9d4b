package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines that say by when, and in which log, an entry must appear.
class ExpectedEntryTest {
  private static final String HEX = "ab".repeat(32);
  private static final Instant DUE = Instant.parse("2026-11-22T10:00:00Z");

  @TempDir private Path folder;

  private static Submission parse(String text) throws MalformedSubmissionException {
    return Submission.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void line_is_the_same_line_with_a_time_and_without() throws Exception {
    Submission said =
        parse(
            """
            due:2026-11-22T10:00:00Z log:rekor-2025 sha256:%1$s app.tar.gz
            \tdue:2026-11-22T10:00:00Z  tbs:%1$s  # shop
            %1$s  other words
            """
                .formatted(HEX));
    assertThat(said.lines())
        .containsExactly(
            java.util.Map.entry("sha256:" + HEX, "app.tar.gz"),
            java.util.Map.entry("tbs:" + HEX, "shop"));
    assertThat(said.expected())
        .containsExactly(
            new ExpectedEntry("sha256:" + HEX, "rekor-2025", DUE),
            new ExpectedEntry("tbs:" + HEX, "", DUE));
  }

  @Test
  void words_that_are_written_are_read_as_what_they_mean() throws Exception {
    for (String log : List.of("", "rekor-2025")) {
      assertThat(parse(ExpectedEntry.words(DUE, log) + "sha256:" + HEX).expected())
          .containsExactly(new ExpectedEntry("sha256:" + HEX, log, DUE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "due: HEX",
        "due:HEX",
        "due:tomorrow HEX",
        "due:2026-11-22 HEX",
        "due:2026-13-22T10:00:00Z HEX",
        "due:2026-11-22T10:00:00.5Z HEX",
        "due:2026-11-22T10:00:00+01:00 HEX",
        "due:+12026-11-22T10:00:00Z HEX",
        "due:2026-11-22T10:00:00Z",
        "due:2026-11-22T10:00:00Z # HEX",
        "due:2026-11-22T10:00:00Z log: HEX",
        "due:2026-11-22T10:00:00Z log:a/b HEX",
        "due:2026-11-22T10:00:00Z log:../etc HEX",
        "due:2026-11-22T10:00:00Z log:a",
        "due:2026-11-22T10:00:00Z log:a log:b HEX",
        "due:2026-11-22T10:00:00Z due:2026-11-22T10:00:00Z HEX",
        "due:2026-11-22T10:00:00Z spki:HEX dns:a.example",
        "due:2026-11-22T10:00:00Z ca:aaaa",
        "log:a HEX",
        "Due:2026-11-22T10:00:00Z HEX",
      })
  void any_other_form_is_refused(String line) {
    assertThatThrownBy(() -> parse(line.replace("HEX", HEX)))
        .isInstanceOf(MalformedSubmissionException.class)
        .hasMessageContaining("(expected: ");
  }

  @Test
  void file_has_what_its_lines_say_and_names_only_logs_that_are_judged() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("allow.txt"),
            "due:%s log:rekor %s\n%s\n".formatted(DUE, HEX, "cd".repeat(32)));
    AllowlistFile.Loaded loaded = AllowlistFile.load(file);
    assertThat(loaded)
        .isInstanceOfSatisfying(
            AllowlistFile.Loaded.Content.class,
            content -> {
              assertThat(content.count()).isEqualTo(2);
              assertThat(content.expected())
                  .containsExactly(new ExpectedEntry("sha256:" + HEX, "rekor", DUE));
            });
  }

  @Test
  void file_with_more_of_them_than_are_kept_is_refused() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= ExpectedEntry.MAX; i++) {
      text.append("due:%s %064x\n".formatted(DUE, i));
    }
    Path file = Files.writeString(folder.resolve("allow.txt"), text);
    assertThat(AllowlistFile.load(file))
        .isInstanceOfSatisfying(
            AllowlistFile.Loaded.Broken.class,
            broken -> assertThat(broken.reason()).contains("10000 with due:"));
  }

  @Test
  void log_that_is_not_judged_is_named_with_those_that_are() {
    Allowlist any = Allowlist.submitted("acme");
    List<ExpectedEntry> entries = List.of(new ExpectedEntry("sha256:" + HEX, "rekor", DUE));
    assertThat(any.unknown(entries)).isEmpty();
    Allowlist some = Allowlist.submitted("acme", Optional.of(Set.of("other")));
    assertThat(some.unknown(entries)).hasValueSatisfying(why -> assertThat(why).contains("other"));
    assertThat(some.unknown(List.of(new ExpectedEntry("sha256:" + HEX, "", DUE)))).isEmpty();
  }
}
