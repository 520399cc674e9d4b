package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.Golden;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.text.HostileTexts;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertTextTest {
  private static final Pattern TAG = Pattern.compile("<[^>]*>");
  private final AlertText text = new AlertText();

  static Stream<String> names() {
    return TestAlerts.all().keySet().stream();
  }

  static Stream<String> attacks() {
    return HostileTexts.all().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void says_every_kind_in_the_agreed_words(String name) {
    Alert alert = TestAlerts.all().get(name);
    Golden.check(AlertTextTest.class, name + ".txt", text.text(alert));
    Golden.check(AlertTextTest.class, name + ".html", text.html(alert));
    Golden.check(AlertTextTest.class, name + ".json", AlertJson.write(alert) + "\n");
  }

  @Test
  void has_agreed_words_for_every_kind() {
    assertThat(TestAlerts.all().values().stream().map(Alert::kind).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Kind.values());
  }

  @ParameterizedTest
  @MethodSource("names")
  void puts_severity_name_kind_and_id_into_a_short_subject(String name) {
    Alert alert = TestAlerts.all().get(name);
    boolean drill = alert.kind().family() == Family.DRILL;
    assertThat(text.subject(alert))
        .startsWith("[Sigwarden][" + (drill ? "DRILL" : alert.severity()) + "] ")
        .endsWith(alert.kind().label().replace('-', ' ') + " [" + alert.uid() + "]")
        .hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void says_first_that_a_log_may_be_lying() {
    assertThat(text.text(TestAlerts.fork())).contains("THE LOG MAY BE LYING");
    assertThat(text.html(TestAlerts.fork())).contains("The log may be lying");
    assertThat(text.text(TestAlerts.unreachable())).doesNotContain("LYING");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void turns_no_text_of_a_log_into_markup(String attack) {
    Alert alert = TestAlerts.hostile(attack);
    assertThat(tagNames(text.html(alert))).isSubsetOf(tagNames(text.html(TestAlerts.hostile("x"))));
    assertThat(links(text.html(alert))).containsOnly("https://wiki.acme.example/key-compromise");
    assertThat(text.html(alert)).contains("<bdi>");
    assertThat(text.text(alert).codePoints().filter(c -> c != '\n').allMatch(Sanitizer::isShown))
        .isTrue();
    assertThat(text.subject(alert))
        .isEqualTo(
            "[Sigwarden][CRITICAL] acme-release: unexpected signature [" + alert.uid() + "]");
  }

  @Test
  void evaluates_nothing_that_stands_in_a_log() {
    String attack = "{title}{uid}{7*7}{config:user.name}{#for i in 9}x{/for}";
    assertThat(text.text(TestAlerts.hostile(attack))).contains(attack);
  }

  @Test
  void renders_any_random_text_in_bounded_size() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> calm = tagNames(text.html(TestAlerts.hostile("x")));
    for (int round = 0; round < 2000; round++) {
      Alert alert = TestAlerts.hostile(HostileTexts.random(random));
      assertThat(tagNames(text.html(alert))).as("seed %d round %d", seed, round).isSubsetOf(calm);
      assertThat(text.text(alert).length()).isLessThan(AlertText.MAX_OUTPUT);
    }
  }

  @Test
  void uses_the_operators_words(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("alert.txt"), "{severityUpper} {#for f in who}{f.text};{/for}");
    AlertText own = AlertText.of(Optional.of(dir), Set.of("email"));
    assertThat(own.problems()).isEmpty();
    assertThat(own.text(TestAlerts.unexpected("a"))).startsWith("CRITICAL a;");
    assertThat(own.html(TestAlerts.fork())).isEqualTo(text.html(TestAlerts.fork()));
  }

  @Test
  void prefers_words_for_the_channel_and_the_kind(@TempDir Path dir) throws IOException {
    for (String name :
        List.of("alert", "alert-log-fork", "email", "email-log-fork", "chat", "chat-test")) {
      Files.writeString(dir.resolve(name + ".txt"), name);
    }
    AlertText own = AlertText.of(Optional.of(dir), Set.of("email", "slack"));
    assertThat(own.problems()).isEmpty();
    Alert fork = TestAlerts.fork();
    Alert other = TestAlerts.unreachable();
    assertThat(own.render(Form.TEXT, "email", fork)).isEqualTo("email-log-fork");
    assertThat(own.render(Form.TEXT, "email", other)).isEqualTo("email");
    assertThat(own.render(Form.TEXT, "slack", fork)).isEqualTo("alert-log-fork");
    assertThat(own.render(Form.TEXT, "slack", other)).isEqualTo("alert");
    assertThat(own.render(Form.CHAT, "slack", fork)).isEqualTo("chat");
    assertThat(own.render(Form.CHAT, "slack", TestAlerts.all().get("test"))).isEqualTo("chat-test");
    assertThat(own.render(Form.HTML, "email", fork)).isEqualTo(text.html(fork));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {"emial.txt", "alert-log-frok.txt", "log-fork.txt", "chat.html", ".txt", "x.html"})
  void says_that_a_file_is_for_nothing(String name, @TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve(name), "x");
    assertThat(AlertText.of(Optional.of(dir), Set.of("email")).problems())
        .singleElement()
        .asString()
        .contains(name, "no channel or kind");
  }

  @Test
  void escapes_in_the_operators_html_too(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("alert.html"), "<p>{#for f in who}{f.text}{/for}</p>");
    assertThat(AlertText.of(Optional.of(dir), Set.of("email")).html(TestAlerts.unexpected("<b>")))
        .startsWith("<p>&lt;b&gt;");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "{nothing}",
        "{title.raw}",
        "{title.length}",
        "{title.getClass}",
        "{config:user}",
        "{cdi:bean}",
        "{inject:bean}",
        "{#include alert.txt /}",
        "{#eval title /}",
        "{#for}",
        "{#if title}",
        "   "
      })
  void falls_back_to_the_built_in_words_and_says_so(String broken, @TempDir Path dir)
      throws IOException {
    Files.writeString(dir.resolve("alert.txt"), broken);
    AlertText own = AlertText.of(Optional.of(dir), Set.of("email"));
    assertThat(own.problems()).hasSize(1);
    assertThat(own.problems().getFirst()).contains("alert.txt").contains("built-in");
    assertThat(own.text(TestAlerts.fork())).isEqualTo(text.text(TestAlerts.fork()));
  }

  @Test
  void refuses_a_template_file_of_more_than_64_kib(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("alert.txt"), "x".repeat(64 * 1024 + 1));
    assertThat(AlertText.of(Optional.of(dir), Set.of("email")).problems()).hasSize(1);
  }

  @Test
  void says_that_the_folder_is_missing(@TempDir Path dir) {
    assertThat(AlertText.of(Optional.of(dir.resolve("no")), Set.of()).problems()).isNotEmpty();
  }

  static String tags(String html) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = TAG.matcher(html);
    while (matcher.find()) {
      out.append(matcher.group());
    }
    return out.toString();
  }

  static Set<String> tagNames(String html) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = TAG.matcher(html);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static Set<String> links(String html) {
    Set<String> links = new TreeSet<>();
    Matcher matcher = Pattern.compile("href=\"([^\"]*)\"").matcher(html);
    while (matcher.find()) {
      links.add(matcher.group(1));
    }
    return links;
  }
}
