package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.Chromium;
import dev.sigwarden.Chromium.Shown;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.text.HostileTexts;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The HTML of mails as a browser shows it: it asks for nothing, runs nothing, links to the
/// operator's own pages only, and fits a phone. Skipped where there is no Chromium.
class MailInBrowserTest {
  /// Pixels: a phone's screen, and 80 columns of a fixed font of 14 pixels.
  private static final List<Integer> WIDTHS = List.of(360, 80 * 14 * 3 / 5);

  /// What a mail is made of. Nothing of it loads, submits or runs anything.
  private static final Set<String> ELEMENTS =
      Set.of(
          ("html head meta title body p b h1 h2 table tbody tr th td bdi a pre ol li")
              .toUpperCase(Locale.ROOT)
              .split(" "));

  private static final String ALL = "[...document.querySelectorAll('*')]";

  /// Elements of which a part is not on the screen, whatever the mail program does with the rest.
  private static final String TOO_WIDE =
      ALL
          + ".filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0"
          + " || e.getBoundingClientRect().right > screen.width + 1)"
          + ".map(e => e.tagName + ' ' + e.textContent.slice(0, 60))";

  @TempDir private static Path profile;
  private static Chromium browser;
  @TempDir private Path dir;

  @BeforeAll
  static void start() throws Exception {
    Path program =
        Chromium.program().orElseGet(() -> abort("no Chromium on the PATH of this machine"));
    browser = new Chromium(program, profile);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  /// Each kind, each event of one, and each attack.
  static Stream<Arguments> alerts() {
    Map<String, Alert> all = new LinkedHashMap<>(TestAlerts.all());
    for (Alert.Event event : Alert.Event.values()) {
      all.put("event " + event.label(), TestAlerts.again(TestAlerts.fork(), event));
    }
    List<String> attacks = HostileTexts.all();
    for (int i = 0; i < attacks.size(); i++) {
      all.put("attack " + i, TestAlerts.hostile(attacks.get(i)));
    }
    return all.entrySet().stream().map(it -> Arguments.of(it.getKey(), it.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alerts")
  void mail_asks_for_nothing_runs_nothing_and_fits(String name, Alert alert) throws Exception {
    URI page = page(html(alert));
    Shown shown = browser.show(page);
    assertThat(shown.requests()).containsExactly(page.toString());
    assertThat(shown.scripts()).as(name).isEmpty();
    for (int width : WIDTHS) {
      browser.resize(width);
      assertThat(browser.value("screen.width").asInt()).isEqualTo(width);
      assertThat(texts(TOO_WIDE)).as("what does not fit %d pixels", width).isEmpty();
    }
    assertThat(new TreeSet<>(texts(ALL + ".map(e => e.tagName)"))).isSubsetOf(ELEMENTS);
    assertThat(texts(ALL + ".flatMap(e => e.getAttributeNames())"))
        .containsAnyOf("style")
        .isSubsetOf("style", "href", "lang", "charset", "colspan", "name", "content");
    assertThat(texts("[...document.links].map(e => e.href + ' ' + e.textContent)"))
        .isSubsetOf(alert.runbook() + " " + alert.runbook(), alert.url() + " " + alert.url());
    assertThat(browser.value("document.body.innerText").asText("")).contains(alert.uid());
  }

  @Test
  void page_that_does_what_no_mail_may_is_noticed() throws Exception {
    URI page =
        page(
            "<!doctype html><p style='width:1000px'>wide</p><img src='http://127.0.0.1:1/x'"
                + " onerror='alert(1)'><script>document.title = 1</script>");
    browser.resize(360);
    Shown shown = browser.show(page);
    assertThat(shown.requests()).contains("http://127.0.0.1:1/x");
    assertThat(shown.scripts()).hasSizeGreaterThan(1);
    assertThat(texts(TOO_WIDE)).contains("P wide");
  }

  private static List<String> texts(String expression) {
    List<String> texts = new ArrayList<>();
    JsonNode found = browser.value(expression);
    assertThat(found.isArray()).as(expression).isTrue();
    found.forEach(text -> texts.add(text.asText("")));
    return texts;
  }

  private URI page(String html) throws IOException {
    return Files.writeString(dir.resolve("mail.html"), html).toUri();
  }

  /// What the receiver of a mail has of it.
  private String html(Alert alert) throws Exception {
    try (Notifier notifier =
        Opened.receiver(
            dir, "channel: email\nto: [soc@acme.example]\nfrom: a@acme.example\npickup: mails\n")) {
      notifier.deliver(NotifierContract.first(alert));
    }
    try (Stream<Path> mails = Files.list(dir.resolve("mails"))) {
      Part bodies = PickupNotifierTest.mail(mails.findFirst().orElseThrow());
      if (bodies.isMimeType("multipart/mixed")) {
        bodies = ((Multipart) bodies.getContent()).getBodyPart(0);
      }
      Part html = ((Multipart) bodies.getContent()).getBodyPart(1);
      assertThat(html.getContentType()).startsWith("text/html");
      try (InputStream in = html.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }
}
