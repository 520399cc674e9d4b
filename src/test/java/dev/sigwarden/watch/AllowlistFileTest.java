package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowlistFileTest {
  private static final String HEX =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final Digest DIGEST = Digest.of(Algorithm.SHA256, HexFormat.of().parseHex(HEX));

  @TempDir Path folder;

  private AllowlistFile.Loaded load(String text) throws Exception {
    return load(text.getBytes(StandardCharsets.UTF_8));
  }

  private AllowlistFile.Loaded load(byte[] bytes) throws Exception {
    return AllowlistFile.load(Files.write(folder.resolve("list.txt"), bytes));
  }

  private AllowlistFile.Loaded.Content content(String text) throws Exception {
    return (AllowlistFile.Loaded.Content) load(text);
  }

  private String broken(String text) throws Exception {
    return load(text) instanceof AllowlistFile.Loaded.Broken(String reason) ? reason : "not broken";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:%s",
        "%s",
        "%s  app-1.0.tar.gz",
        "%s *app-1.0.tar.gz",
        "\\%s  a\\nb",
        "sha256:%s app-1.0.tar.gz # from Monday",
        "sha256:%s # no name",
        "  sha256:%s\t name",
        "sha256:%s\r",
        "\uFEFFsha256:%s",
        "# comment\n\n   \n%s",
        "%1$s\n%1$s",
      })
  void reads_a_digest(String line) throws Exception {
    assertThat(content(line.formatted(HEX) + "\n").contains(DIGEST)).isTrue();
    assertThat(content(line.formatted(HEX.toUpperCase(Locale.ROOT)) + "\n").contains(DIGEST))
        .isTrue();
    assertThat(content(line.formatted(HEX)).terminated()).isFalse();
  }

  @Test
  void tells_algorithms_apart() throws Exception {
    String zeros = "0".repeat(64);
    AllowlistFile.Loaded.Content content =
        content("sha384:" + HEX + HEX.substring(32) + "\n" + HEX + HEX + " x\n" + zeros + "\n");
    byte[] long512 = HexFormat.of().parseHex(HEX + HEX);
    byte[] long384 = HexFormat.of().parseHex(HEX + HEX.substring(32));
    assertThat(content.contains(Digest.of(Algorithm.SHA512, long512))).isTrue();
    assertThat(content.contains(Digest.of(Algorithm.SHA384, long384))).isTrue();
    assertThat(content.contains(Digest.of(Algorithm.SHA256, new byte[32]))).isTrue();
    assertThat(content.contains(DIGEST)).isFalse();
    assertThat(content.contains(Digest.of(Algorithm.SHA512, new byte[64]))).isFalse();
    assertThat(content.count()).isEqualTo(3);
  }

  @Test
  void an_empty_file_is_an_empty_list() throws Exception {
    assertThat(content("").count()).isZero();
    assertThat(content("# nothing yet\n").count()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sha256:abcd|line 1: 4 hex digits (expected: 64)",
        "abcd|line 1: 4 hex digits (expected: 64, 96 or 128)",
        "sha256:|line 1: 0 hex digits (expected: 64)",
        "sha1:0123|line 1: sha1: (expected: sha256:, sha384:, sha512:, tbs:, spki: or ca:)",
        "SHA256:0123|line 1: SHA256: (expected: sha256:, sha384:, sha512:, tbs:, spki: or ca:)",
        "hello world|line 1: hello (expected: hex digits)",
        "sha256:é|line 1: sha256:?? (expected: hex digits)",
        ":abcd|line 1: : (expected: sha256:, sha384:, sha512:, tbs:, spki: or ca:)",
      })
  void refuses_a_bad_line_and_says_where(String line, String reason) throws Exception {
    assertThat(broken(line + "\n")).isEqualTo(reason);
    assertThat(broken(HEX + "\n\n" + line + "\n")).isEqualTo(reason.replace("line 1", "line 3"));
  }

  @Test
  void refuses_forms_that_look_like_a_digest() throws Exception {
    assertThat(broken("sha512:" + HEX + "\n")).contains("64 hex digits (expected: 128)");
    assertThat(broken(HEX + "#x\n")).contains("expected: hex digits");
    assertThat(broken("SHA256 (app) = " + HEX + "\n")).contains("line 1");
    assertThat(broken(HEX.replace('9', '９') + "\n")).contains("expected: hex digits");
  }

  @Test
  void names_at_most_twenty_bad_lines_and_nothing_unprintable() throws Exception {
    String reason = broken("\u001b[2J\u202e\n".repeat(100_000));
    assertThat(reason.split("; ")).hasSize(20);
    assertThat(reason).matches("[\\x20-\\x7e…]*");
  }

  @Test
  void refuses_lines_without_end() throws Exception {
    assertThat(broken(HEX + " " + "n".repeat(5_000) + "\n"))
        .isEqualTo("line 1: more than 4096 bytes");
    assertThat(content(HEX + " " + "n".repeat(4_000) + "\n").contains(DIGEST)).isTrue();
  }

  @Test
  void refuses_what_is_no_file() throws Exception {
    assertThat(AllowlistFile.load(folder.resolve("none")))
        .isEqualTo(new AllowlistFile.Loaded.Broken("no such file"));
    assertThat(AllowlistFile.load(folder))
        .isEqualTo(new AllowlistFile.Loaded.Broken("not a regular file"));
  }

  private static byte[] digest(Random random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return digest;
  }

  private Path huge(int count, long seed) throws Exception {
    Path file = folder.resolve("huge.txt");
    Random random = new Random(seed);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int i = 0; i < count; i++) {
        out.write(HexFormat.of().formatHex(digest(random)).getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
      }
    }
    return file;
  }

  @Tag("slow")
  @Test
  void a_million_digests_take_forty_megabytes() throws Exception {
    int count = 1_000_000;
    AllowlistFile.Loaded loaded = AllowlistFile.load(huge(count, 42));
    AllowlistFile.Loaded.Content content = (AllowlistFile.Loaded.Content) loaded;
    assertThat(content.count()).isEqualTo(count);
    DigestTable table = content.digests().get(Algorithm.SHA256);
    assertThat(table).isNotNull();
    assertThat(table.bytes()).isLessThan(41_000_000);
    Random same = new Random(42);
    Random other = new Random(43);
    for (int i = 0; i < count; i++) {
      if (!content.contains(Digest.of(Algorithm.SHA256, digest(same)))
          || content.contains(Digest.of(Algorithm.SHA256, digest(other)))) {
        throw new AssertionError("digest " + i);
      }
    }
  }

  @Test
  void refuses_more_digests_than_it_would_hold() throws Exception {
    assertThat(AllowlistFile.load(huge(1_000, 1), 1_000))
        .isInstanceOf(AllowlistFile.Loaded.Content.class);
    assertThat(AllowlistFile.load(huge(1_001, 1), 1_000))
        .isEqualTo(
            new AllowlistFile.Loaded.Broken(
                "more than 1000 digests, 10000 with due:, 100000 rules, 200 authorities or"
                    + " 2147483648 bytes"));
  }

  @Test
  void a_changed_list_never_throws_and_is_taken_whole_or_not_at_all() throws Exception {
    long seed = 99L;
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("# list\n");
    for (int i = 0; i < 20; i++) {
      text.append("sha256:")
          .append(HexFormat.of().formatHex(digest(random)))
          .append("  n")
          .append(i)
          .append('\n');
    }
    byte[] valid = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 2_000; round++) {
      byte[] changed = Mutation.of(valid, random);
      assertThat(load(changed)).as("seed %d, round %d", seed, round).isNotNull();
    }
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_first_line() throws Exception {
    assertThat(content("\uFEFF").count()).isZero();
    // As long as a line may be, with the mark and without.
    String most = HEX + " " + "n".repeat(AllowlistLine.MAX_BYTES - 65);
    assertThat(content(most + "\n").contains(DIGEST)).isTrue();
    assertThat(content("\uFEFF" + most.substring(0, 4_093) + "\n").contains(DIGEST)).isTrue();
    assertThat(broken(most + "n\n")).isEqualTo("line 1: more than 4096 bytes");
    assertThat(broken("\n\uFEFF" + HEX + "\n")).startsWith("line 2: ");
  }

  @Test
  void a_link_that_is_swapped_while_it_is_read_gives_one_list_or_the_other_and_never_a_mixture()
      throws Exception {
    List<Path> lists =
        List.of(
            Files.writeString(folder.resolve("a.txt"), digests("aa")),
            Files.writeString(folder.resolve("b.txt"), digests("bb")));
    Set<String> whole = new HashSet<>();
    for (Path list : lists) {
      whole.add(((AllowlistFile.Loaded.Content) AllowlistFile.load(list)).sha256());
    }
    Path link = Files.createSymbolicLink(folder.resolve("list.txt"), lists.getFirst());
    AtomicBoolean ended = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; !ended.get(); i++) {
                swap(link, lists.get(i % 2));
              }
            });
    Set<String> seen = new HashSet<>();
    try {
      await("lists of both kinds, and swaps in the middle of reading")
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            seen.add(
                switch (AllowlistFile.load(link)) {
                  case AllowlistFile.Loaded.Content content -> content.sha256();
                  case AllowlistFile.Loaded.Broken(String reason) -> reason;
                });
            return seen.size() > whole.size();
          });
    } finally {
      ended.set(true);
      swapping.join();
    }
    seen.removeAll(whole);
    assertThat(seen).containsExactly("changed while it was read");
  }

  private static String digests(String begin) {
    return IntStream.range(0, 5_000)
        .mapToObj(number -> "sha256:%s%062x%n".formatted(begin, number))
        .collect(Collectors.joining());
  }

  private static void swap(Path link, Path target) {
    try {
      Path fresh = link.resolveSibling("fresh");
      Files.createSymbolicLink(fresh, target);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
