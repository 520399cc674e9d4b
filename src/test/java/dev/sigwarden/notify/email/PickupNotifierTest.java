package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.text.HostileTexts;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickupNotifierTest extends NotifierContract {
  @TempDir private Path dir;

  @Override
  protected Notifier open() {
    return Opened.receiver(
        dir,
        """
        channel: email
        to: [oncall@acme.example, soc@acme.example]
        from: sigwarden@acme.example
        pickup: mails
        """);
  }

  private List<Path> files() throws IOException {
    Path mails = dir.resolve("mails");
    if (!Files.isDirectory(mails)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(mails)) {
      return files.sorted().toList();
    }
  }

  @Override
  protected Set<String> secrets() {
    return Set.of();
  }

  @Override
  protected List<Received> received() throws Exception {
    List<Received> received = new ArrayList<>();
    for (Path file : files()) {
      MimeMessage mail = mail(file);
      received.add(new Received(mail.getMessageID(), text(mail)));
    }
    return received;
  }

  @Override
  protected boolean keepsOne() {
    return true;
  }

  @Override
  protected void takeAway() throws IOException {
    Files.writeString(dir.resolve("mails"), "a file where the folder should be");
  }

  private MimeMessage sent(Alert alert) throws Exception {
    try (Notifier notifier = open()) {
      notifier.deliver(first(alert));
    }
    return mail(files().getLast());
  }

  @Test
  void names_files_by_finding_and_message_and_leaves_no_other() throws Exception {
    sent(TestAlerts.fork());
    assertThat(files())
        .singleElement()
        .extracting(file -> file.getFileName().toString())
        .isEqualTo(TestAlerts.fork().uid() + "." + "a1".repeat(32) + ".eml");
  }

  @Test
  void carries_headers_for_people_filters_and_machines() throws Exception {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    MimeMessage mail = sent(alert);
    assertThat(mail.getSubject())
        .isEqualTo(
            "[Sigwarden][CRITICAL] acme-release: unexpected signature [" + alert.uid() + "]");
    assertThat(mail.getMessageID())
        .isEqualTo("<" + alert.uid() + ".a1a1a1a1a1a1a1a1@acme.example>");
    assertThat(mail.getHeader("To", null)).isEqualTo("oncall@acme.example, soc@acme.example");
    assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
    assertThat(mail.getHeader("X-Auto-Response-Suppress", null)).isEqualTo("All");
    assertThat(mail.getHeader("Importance", null)).isEqualTo("high");
    assertThat(mail.getHeader("List-Id", null)).contains("alerts.acme.example");
    assertThat(mail.getHeader("X-Sigwarden-Finding", null)).isEqualTo(alert.uid());
    assertThat(mail.getHeader("X-Sigwarden-Kind", null)).isEqualTo("unexpected-signature");
    assertThat(mail.getHeader("X-Sigwarden-Severity", null)).isEqualTo("critical");
    assertThat(mail.getHeader("X-Sigwarden-Watch", null)).isEqualTo("acme-release");
    assertThat(mail.getHeader("In-Reply-To")).isNull();
    assertThat(mail.getSentDate().toInstant()).isEqualTo("2026-09-01T12:00:05Z");
  }

  @Test
  void answers_the_first_telling_so_that_mail_programs_show_them_together() throws Exception {
    Alert alert = TestAlerts.again(TestAlerts.fork(), Alert.Event.UPDATED);
    try (Notifier notifier = open()) {
      notifier.deliver(later(alert));
    }
    MimeMessage mail = mail(files().getLast());
    String opened = "<" + alert.uid() + ".a1a1a1a1a1a1a1a1@acme.example>";
    assertThat(mail.getHeader("In-Reply-To", null)).isEqualTo(opened);
    assertThat(mail.getHeader("References", null)).isEqualTo(opened);
    assertThat(mail.getMessageID()).isNotEqualTo(opened);
    assertThat(mail.getSubject()).startsWith("Re: [Sigwarden][CRITICAL] rekor-2025: log fork");
  }

  @Test
  void carries_text_html_and_the_exact_alert() throws Exception {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    Multipart mixed = (Multipart) sent(alert).getContent();
    Multipart bodies = (Multipart) mixed.getBodyPart(0).getContent();
    assertThat(bodies.getBodyPart(0).getContentType()).startsWith("text/plain; charset=UTF-8");
    assertThat(bodies.getBodyPart(1).getContentType()).startsWith("text/html; charset=UTF-8");
    for (int i = 0; i < 2; i++) {
      assertThat(bodies.getBodyPart(i).getHeader("Content-Transfer-Encoding"))
          .containsExactly("quoted-printable");
    }
    assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("finding.json");
    try (InputStream in = mixed.getBodyPart(1).getInputStream()) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(json).doesNotContain("://").doesNotContain("github.com");
      assertThat(JsonMapper.builder().build().readTree(json)).isEqualTo(AlertJson.toTree(alert));
    }
  }

  @Test
  void breaks_addresses_of_the_log_and_keeps_the_operators() throws Exception {
    String text = text(sent(TestAlerts.unexpected("https://evil.example/x", "a@evil.example")));
    assertThat(text)
        .contains("hxxps://evil[.]example/x", "a@evil[.]example")
        .doesNotContain("https://evil.example")
        .contains("https://wiki.acme.example/key-compromise");
  }

  @Test
  void has_no_line_that_is_long_bare_or_a_header_of_the_attacker() throws Exception {
    for (String attack : HostileTexts.all()) {
      MimeMessage mail = sent(TestAlerts.hostile(attack));
      assertThat(mail.getAllRecipients()).hasSize(2);
      assertThat(mail.getHeader("Bcc")).isNull();
      String raw = Files.readString(files().getLast(), StandardCharsets.ISO_8859_1);
      assertThat(raw.replace("\r\n", "")).doesNotContain("\r", "\n");
      assertThat(raw.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(998));
      assertThat(raw.chars()).noneMatch(c -> c > 0x7e || c < 0x20 && "\r\n\t".indexOf(c) < 0);
    }
  }

  @Test
  void refuses_configurations_that_reach_nobody_or_somebody_else() {
    assertThat(Opened.problems(dir, "channel: email\nto: [a@b]\nfrom: c@d\n")).hasSize(1);
    assertThat(
            Opened.problems(
                dir,
                "channel: email\nto: [\"a@b\\r\\nBcc: x@evil\", \"a\\u760Ab@c\"]\nfrom: x\npickup: p\n"))
        .hasSize(3);
    assertThat(
            Opened.problems(
                dir,
                "channel: email\nto: [a@b]\nfrom: c@d\npickup: p\n"
                    + "smtp: {host: 'a b', security: plain, user: u}\n"))
        .hasSize(4);
  }

  static MimeMessage mail(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return new MimeMessage(Session.getInstance(new Properties()), in);
    }
  }

  /// Subject and every text part, decoded.
  static String text(MimeMessage mail) throws Exception {
    return mail.getSubject() + "\n" + partText(mail);
  }

  static String partText(Part part) throws Exception {
    if (part.getContent() instanceof Multipart parts) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < parts.getCount(); i++) {
        text.append(partText(parts.getBodyPart(i))).append('\n');
      }
      return text.toString();
    }
    try (InputStream in = part.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
