package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Entries that their authors made to be overlooked, or to break who reads them.
class HostileIT {
  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(20).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  /// Appends these and one watched entry behind them, and waits until all are judged: what is
  /// hostile holds up nothing.
  private void judge(byte[]... entries) {
    program.log().append(entries).append(Entries.watched("behind"));
    program.awaitJudged();
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .contains(19L + entries.length + 1);
    assertThat(program.daemon().conditions()).isEmpty();
  }

  private Finding undecodable() {
    assertThat(program.findings(Kind.ENTRY_UNDECODABLE)).hasSize(1);
    return program.findings(Kind.ENTRY_UNDECODABLE).getFirst();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void entry_that_cannot_be_decoded_is_recorded_and_passed() {
    judge(text("{\"kind\":\"nobody-knows\",\"apiVersion\":\"9\"}"));

    Finding finding = undecodable();
    assertThat(finding.alert().severity()).isEqualTo(Severity.LOW);
    assertThat(finding.alert().watch()).isEmpty();
    assertThat(finding.index()).isEqualTo(20);
    assertThat(WholeProgram.evidence(finding, "entry.bin")).contains("nobody-knows");
    assertThat(WholeProgram.evidence(finding, "inclusion.json")).contains("rootHash");
    assertThat(finding.alert().why()).contains("no text of any watch occurs in it");
    assertThat(program.mail(finding.alert()))
        .contains("Entry that could not be decoded")
        .contains("no watch judged it");
  }

  @Test
  void one_malformed_entry_among_good_ones_hides_none_of_them() {
    judge(
        Entries.watched("before"),
        text("{\"kind\":\"hashedrekord\",\"apiVersion\":\"0.0.2\",\"spec\":{"),
        Entries.other(22));

    Finding malformed = undecodable();
    assertThat(malformed.index()).isEqualTo(21);
    assertThat(program.findings())
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(20L, 21L, 23L);
    assertThat(program.position()).isEqualTo(24);
    assertThat(program.mail(malformed.alert())).contains("Entry that could not be decoded");
    program.assertToldOf(program.findings().stream().map(Finding::alert).toArray(Alert[]::new));
  }

  /// The same signature in as many bytes as an entry can have.
  private static byte[] padded(byte[] entry) {
    String text = new String(entry, StandardCharsets.UTF_8);
    int end = text.lastIndexOf('}');
    String padding =
        "a".repeat(PracticeLog.MAX_ENTRY_BYTES - text.length() - ",\"padding\":\"\"".length());
    return text("%s,\"padding\":\"%s\"}".formatted(text.substring(0, end), padding));
  }

  @Test
  void flood_of_large_entries_that_are_all_told_is_written_in_parts_and_whole() {
    int large = 150;
    byte[][] entries = new byte[large][];
    for (int i = 0; i < large; i++) {
      entries[i] = padded(Entries.watched("theft " + i));
    }
    for (byte[] entry : entries) {
      program.log().log().append(entry);
    }
    program.log().log().publish();
    program.awaitJudged();

    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .hasSize(large)
        .allSatisfy(finding -> {
          byte[] kept = finding.evidence().getFirst().toBytes();
          assertThat(kept).isEqualTo(entries[(int) finding.index() - 20]);
        })
        .extracting(Finding::index)
        .doesNotHaveDuplicates();
    assertThat(program.views().getFirst().position().head())
        .isEqualTo(program.log().log().headAt(20L + large));
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void entry_that_cannot_be_decoded_and_holds_a_watched_identity_is_as_grave_as_its_watch() {
    judge(
        text(
            "{\"kind\":\"new\",\"who\":\"https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v9\"}"));

    Finding finding = undecodable();
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.RELEASES);
    assertThat(finding.alert().why()).contains("text that a watch looks for occurs in it");
    assertThat(program.mail(finding.alert()))
        .contains("release-team@acme.example")
        .contains("treat it as a signature by that identity until somebody has read");
  }

  @Test
  void longest_entry_there_is_is_searched_to_its_end() {
    byte[] longest = new byte[PracticeLog.MAX_ENTRY_BYTES];
    Arrays.fill(longest, (byte) 'x');
    byte[] words = text("stolen words");
    System.arraycopy(words, 0, longest, longest.length - words.length, words.length);
    judge(longest, new byte[0]);

    assertThat(program.findings(Kind.ENTRY_UNDECODABLE)).hasSize(2);
    Finding finding =
        program.findings(Kind.ENTRY_UNDECODABLE).stream()
            .filter(it -> it.index() == 20)
            .findFirst()
            .orElseThrow();
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.WORDS);
    assertThat(finding.alert().severity()).isEqualTo(Severity.HIGH);
    assertThat(WholeProgram.evidence(finding, "entry.bin")).hasSize(longest.length);
    program.awaitDelivered();
  }

  @Test
  void watched_name_behind_ten_thousand_others_in_one_certificate_is_found() {
    judge(Entries.watchedBehind(10_000));

    program.until("two findings", () -> program.findings().size() == 2);
    Finding finding =
        program.findings().stream().filter(it -> it.index() == 20).findFirst().orElseThrow();
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.RELEASES);
    assertThat(program.mail(finding.alert())).hasSizeLessThan(100_000);
    program.awaitDelivered();
  }

  @Test
  void markup_and_line_breaks_from_a_log_are_shown_as_text() {
    judge(
        text(
            "stolen words\r\nSubject: all is well\r\n\r\n<script>alert(1)</script>\u202e\u0007 [x](http://evil.example)"));

    Finding finding = undecodable();
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.WORDS);
    String mail = program.mail(finding.alert());
    assertThat(mail).doesNotContain("<script>").doesNotContain("\u202e").doesNotContain("\u0007");
    assertThat(mail.lines().findFirst().orElseThrow()).doesNotContain("all is well");
    program.awaitDelivered();
  }
}
