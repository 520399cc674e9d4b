package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  private static final String HEX = "ab".repeat(32);

  private static Submission parse(String text) throws MalformedSubmissionException {
    return Submission.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void output_of_sha256sum_is_a_submission_in_one_form_with_its_notes() throws Exception {
    assertThat(
            parse(HEX.toUpperCase(java.util.Locale.ROOT) + "  app-1.0.tgz\n# comment\r\n\n")
                .lines())
        .containsExactly(entry("sha256:" + HEX, "app-1.0.tgz"));
  }

  @Test
  void same_line_twice_is_one_and_rules_keep_their_comment() throws Exception {
    assertThat(
            parse(
                    "sha256:%1$s # first\n%1$s second\ntbs:%1$s\nspki:%1$s dns:example.com # why\n"
                        .formatted(HEX))
                .lines())
        .containsExactly(
            entry("sha256:" + HEX, "first"),
            entry("tbs:" + HEX, ""),
            entry("spki:" + HEX + " dns:example.com", "why"));
  }

  @Test
  void one_bad_line_makes_all_of_it_bad_and_is_named() {
    assertThatThrownBy(() -> parse("sha256:" + HEX + "\nsha256:12\n"))
        .isInstanceOf(MalformedSubmissionException.class)
        .hasMessage("line 2: 2 hex digits (expected: 64)");
  }

  @Test
  void nothing_to_add_and_too_much_are_refused() {
    assertThatThrownBy(() -> parse("# only a comment\n"))
        .isInstanceOf(MalformedSubmissionException.class);
    assertThatThrownBy(() -> Submission.parse(new byte[Submission.MAX_BYTES + 1]))
        .isInstanceOf(MalformedSubmissionException.class)
        .hasMessageContaining("expected: at most");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= Submission.MAX_LINES; i++) {
      many.append("%064x\n".formatted(i));
    }
    assertThatThrownBy(() -> parse(many.toString()))
        .isInstanceOf(MalformedSubmissionException.class)
        .hasMessageContaining("lines");
  }

  @Test
  void only_the_one_form_of_a_line_is_one() {
    assertThat(Submission.isForm("sha256:" + HEX)).isTrue();
    assertThat(Submission.isForm("SHA256:" + HEX)).isFalse();
    assertThat(Submission.isForm(HEX)).isFalse();
    assertThat(Submission.isForm("sha256:" + HEX + " x")).isFalse();
    assertThat(Submission.isForm("' OR 1=1 --")).isFalse();
    assertThat(Submission.isForm("")).isFalse();
  }
}
