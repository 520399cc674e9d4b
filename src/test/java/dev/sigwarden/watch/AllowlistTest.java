package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Allowlists while their files change under them.
final class AllowlistTest {
  private static final Instant NOW = Instant.parse("2026-07-01T10:00:00Z");

  @TempDir Path folder;

  private Path file;
  private Allowlists allowlists;

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("good.txt");
    write(file, "a");
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    allowlists = new Allowlists(List.of(Allowlist.of("good", file, clock)));
    assertThat(allowlists.refresh()).isEmpty();
  }

  /// Writes a list of the digests of these texts, last changed an hour ago.
  private static void write(Path file, String... texts) throws Exception {
    List<String> lines =
        java.util.Arrays.stream(texts).map(text -> sha256(text) + " " + text).toList();
    Files.write(file, lines);
    changed(file, Duration.ofHours(1));
  }

  private static void changed(Path file, Duration ago) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(ago)));
  }

  private boolean has(String text) {
    return allowlists.contains("good", sha256(text));
  }

  private String problem() {
    List<AllowlistProblem> problems = allowlists.refresh();
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().allowlist()).isEqualTo("good");
    return problems.getFirst().reason();
  }

  @Test
  void a_list_that_is_not_there_holds_nothing() {
    assertThat(allowlists.contains("other", sha256("a"))).isFalse();
    assertThat(allowlists.names()).containsExactly("good");
  }

  @Test
  void takes_a_file_that_was_replaced() throws Exception {
    long before = allowlists.revision();
    Path next = folder.resolve("next");
    write(next, "b");
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("b")).isTrue();
    assertThat(has("a")).isFalse();
    assertThat(allowlists.revision()).isGreaterThan(before);
  }

  @Test
  void takes_a_link_that_was_turned_to_another_file() throws Exception {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, file);
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    allowlists = new Allowlists(List.of(Allowlist.of("good", link, clock)));
    allowlists.refresh();
    Path other = folder.resolve("other");
    write(other, "b");
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("b")).isTrue();
  }

  @Test
  void a_file_that_did_not_change_changes_no_revision() throws Exception {
    long before = allowlists.revision();
    allowlists.refresh();
    changed(file, Duration.ofMinutes(5));
    allowlists.refresh();
    assertThat(allowlists.revision()).isEqualTo(before);
  }

  @Test
  void a_broken_file_leaves_the_old_content_and_is_told_until_it_is_mended() throws Exception {
    long before = allowlists.revision();
    Files.writeString(file, sha256("b") + "\nnonsense\n");
    changed(file, Duration.ofMinutes(5));
    assertThat(problem()).isEqualTo("line 2: nonsense (expected: hex digits)");
    assertThat(problem()).isEqualTo("line 2: nonsense (expected: hex digits)");
    assertThat(has("a")).isTrue();
    assertThat(has("b")).isFalse();
    assertThat(allowlists.revision()).isEqualTo(before);
    write(file, "b");
    changed(file, Duration.ofMinutes(4));
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("b")).isTrue();
  }

  @Test
  void a_file_put_back_as_it_was_is_no_problem_any_more() throws Exception {
    Files.move(file, folder.resolve("away"));
    assertThat(problem()).isEqualTo("no such file");
    Files.move(folder.resolve("away"), file);
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("a")).isTrue();
  }

  @Test
  void a_missing_file_or_a_folder_in_its_place_leaves_the_old_content() throws Exception {
    Files.delete(file);
    assertThat(problem()).isEqualTo("no such file");
    Files.createDirectory(file);
    assertThat(problem()).isEqualTo("not a regular file");
    assertThat(has("a")).isTrue();
  }

  @Test
  void a_file_that_is_being_written_waits_until_it_is_left_alone() throws Exception {
    Files.writeString(file, sha256("b") + "\n" + sha256("c") + " the na");
    changed(file, Duration.ofSeconds(1));
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("a")).isTrue();
    assertThat(has("b")).isFalse();
    changed(file, Duration.ofSeconds(10));
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("b") && has("c")).isTrue();
  }

  @Test
  void a_second_change_within_the_same_moment_is_seen() throws Exception {
    write(file, "b");
    changed(file, Duration.ZERO);
    allowlists.refresh();
    assertThat(has("b")).isTrue();
    write(file, "c");
    changed(file, Duration.ZERO);
    allowlists.refresh();
    assertThat(has("c")).isTrue();
    assertThat(has("b")).isFalse();
  }

  @Test
  void an_emptied_file_is_an_empty_list() throws Exception {
    write(file);
    assertThat(allowlists.refresh()).isEmpty();
    assertThat(has("a")).isFalse();
  }
}
