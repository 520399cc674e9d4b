package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@ResourceLock(Resources.SYSTEM_OUT)
class TemplateCommandTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
  @TempDir private Path dir;

  @BeforeEach
  void catchOutput() {
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void giveBack() {
    System.setOut(out);
    System.setErr(err);
  }

  private int run(String... arguments) {
    return new CommandLine(new TemplateCommand()).execute(arguments);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void renders_every_kind_with_the_built_in_words() {
    assertThat(run("render")).isEqualTo(Exit.OK);
    for (Kind kind : Kind.values()) {
      assertThat(said()).contains(kind.label(), kind.title());
    }
  }

  @Test
  void renders_one_kind_in_html_with_markup_shown_as_text() {
    assertThat(run("render", "log-fork", "--form", "html", "--event", "resolved"))
        .isEqualTo(Exit.OK);
    assertThat(said()).contains("<!doctype html>", "&lt;b&gt;release", "Resolved");
    assertThat(said()).doesNotContain("<b>release");
  }

  @Test
  void renders_the_operators_words_and_says_what_is_wrong_with_them() throws IOException {
    Files.writeString(dir.resolve("slack.txt"), "mine: {title}");
    assertThat(
            run(
                "render",
                "test",
                "--templates",
                dir.toString(),
                "--channel",
                "slack",
                "--form=chat"))
        .isEqualTo(Exit.OK);
    assertThat(said()).startsWith("mine: ");
    Files.writeString(dir.resolve("slack.txt"), "{nothing}");
    assertThat(run("render", "test", "--templates", dir.toString())).isEqualTo(Exit.FINDINGS);
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("slack.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"log-frok", "--form=pdf", "--channel=fax", "--event=eaten"})
  void refuses_what_it_does_not_know(String argument) {
    assertThat(run("render", argument)).isNotEqualTo(Exit.OK);
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("expected: ");
  }
}
