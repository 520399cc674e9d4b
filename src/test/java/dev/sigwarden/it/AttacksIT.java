package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver.Message;
import dev.sigwarden.text.HostileTexts;
import dev.sigwarden.text.Sanitizer;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Attacks on whoever reads alerts, written into a log or said by a receiver: each arrives on every
/// channel as text that does nothing.
class AttacksIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Escapes what is not ASCII, so that half surrogates can be written too.
  private static final JsonMapper ASCII =
      JsonMapper.builder(new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  /// Characters of an attack that an entry of a log can hold when all are escaped.
  private static final int LONGEST = 10_000;

  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  @TempDir private Path folder;

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("dev.sigwarden");
  private final Handler listener = listener();
  private WholeProgram program;

  private Handler listener() {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        Object[] values = entry.getParameters();
        String message = String.valueOf(entry.getMessage());
        logged.add(values == null ? message : String.format(Locale.ROOT, message, values));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @BeforeEach
  void create() {
    logger.addHandler(listener);
    program = new WholeProgram(folder);
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    logger.removeHandler(listener);
    program.close();
  }

  /// Writes an entry that names the attack and a watched text, and answers its finding once every
  /// receiver has it.
  private Finding attack(String attack) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("apiVersion", "1");
    entry.put("kind", attack.substring(0, Math.min(LONGEST, attack.length())));
    entry.put("text", "stolen words");
    byte[] bytes;
    try {
      bytes = ASCII.writeValueAsBytes(entry);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a text as JSON", e);
    }
    long index = program.log().log().size();
    program.log().append(bytes);
    program.awaitPosition(index + 1);
    Finding finding =
        program.findings().stream()
            .filter(it -> it.index() == index)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no finding for " + attack));
    assertThat(finding.alert().kind()).isEqualTo(Kind.ENTRY_UNDECODABLE);
    program.mail(finding.alert());
    program.until(
        "webhook", () -> program.hook().acceptedIds().contains(finding.alert().eventId()));
    return finding;
  }

  private MimeMessage mail(Finding finding) throws IOException, MessagingException {
    try (Stream<Path> mails = Files.list(folder.resolve("mail"))) {
      Path file =
          mails
              .filter(it -> it.getFileName().toString().startsWith(finding.alert().uid()))
              .filter(it -> it.toString().endsWith(".eml"))
              .findFirst()
              .orElseThrow();
      try (InputStream in = Files.newInputStream(file)) {
        return new MimeMessage(null, in);
      }
    }
  }

  private static List<String> headers(MimeMessage mail) throws MessagingException {
    List<String> names = new ArrayList<>();
    for (Header header : Collections.list(mail.getAllHeaders())) {
      names.add(header.getName());
    }
    return names;
  }

  private static String part(Part part, String type) throws IOException, MessagingException {
    if (part.isMimeType(type)) {
      Object content = part.getContent();
      return content instanceof InputStream in
          ? new String(in.readAllBytes(), StandardCharsets.UTF_8)
          : String.valueOf(content);
    }
    StringBuilder found = new StringBuilder();
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        found.append(part(parts.getBodyPart(i), type));
      }
    }
    return found.toString();
  }

  private static Set<String> tags(String html) {
    Set<String> tags = new TreeSet<>();
    Matcher matcher = TAG.matcher(html);
    while (matcher.find()) {
      tags.add(matcher.group());
    }
    return tags;
  }

  private Message post(Finding finding) {
    return program.hook().messages().stream()
        .filter(message -> message.id().equals(finding.alert().eventId()))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isCalm(String text) {
    return text.codePoints()
        .filter(c -> c != '\n' && c != '\r' && c != '\t')
        .allMatch(Sanitizer::isShown);
  }

  /// Header and command injection, HTML, chat controls, Markdown, terminal controls, invisible and
  /// bidirectional characters, half surrogates, template expressions, formulas, shell words,
  /// options, a megabyte: on mail headers, mail text, mail HTML, mail attachment, webhook JSON, and
  /// Sigwarden's own log.
  @Test
  void every_attack_arrives_on_every_channel_as_text_that_does_nothing() throws Exception {
    Finding calm = attack("calm");
    List<String> headers = headers(mail(calm));
    Set<String> tags = tags(part(mail(calm), "text/html"));
    String subject = mail(calm).getSubject().replace(calm.alert().uid(), "");
    // As many are told one by one in an hour as there are attacks.
    program.clock().pass(Duration.ofHours(1));
    for (String attack : HostileTexts.all()) {
      Finding finding = attack(attack);
      MimeMessage mail = mail(finding);
      String shown = attack.substring(0, Math.min(20, attack.length()));
      assertThat(headers(mail)).as(shown).isEqualTo(headers);
      assertThat(mail.getAllRecipients()).as(shown).hasSize(1);
      assertThat(mail.getSubject().replace(finding.alert().uid(), "")).isEqualTo(subject);
      String html = part(mail, "text/html");
      assertThat(tags).as(shown).containsAll(tags(html));
      assertThat(isCalm(html)).as(shown).isTrue();
      assertThat(isCalm(part(mail, "text/plain"))).as(shown).isTrue();
      JsonNode posted = JSON.readTree(post(finding).body());
      assertThat(JSON.readTree(part(mail, "application/json")))
          .as(shown)
          .isEqualTo(posted.get("data"));
      assertThat(isCalm(post(finding).body())).as(shown).isTrue();
      assertThat(post(finding).body()).as(shown).hasSizeLessThan(20_000);
    }
    assertThat(logged).isNotEmpty().allSatisfy(line -> assertThat(isCalm(line)).isTrue());
    assertThat(logged).noneMatch(line -> line.contains("\n") || line.contains("\r"));
    assertThat(logged).noneMatch(line -> line.contains("evil.example"));
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void address_that_an_entry_names_is_never_asked() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (RawServer bait = new RawServer(socket -> asked.add(socket.toString()))) {
      String url = "http://127.0.0.1:" + bait.port() + "/beacon.png";
      Finding finding = attack(url);
      program.awaitDelivered();
      program.awaitTurns(3);

      assertThat(post(finding).body()).contains("127.0.0.1");
      assertThat(program.mail(finding.alert())).doesNotContain(url);
      assertThat(asked).isEmpty();
    }
  }

  @Test
  void template_expressions_in_an_entry_are_not_evaluated() {
    Finding finding = attack("{{77777*77777}}${jndi:x}{uid}");

    assertThat(program.mail(finding.alert()))
        .contains("{{77777*77777}}")
        .doesNotContain("6049261729");
    assertThat(post(finding).body()).contains("{{77777*77777}}");
  }

  @Test
  void no_index_size_or_serial_is_a_number_that_javascript_would_round() throws Exception {
    JsonNode alert = JSON.readTree(post(attack("numbers")).body()).get("data");

    assertThat(alert.get("where").get("index").isTextual()).isTrue();
    for (String fields : List.of("who", "what", "when", "where", "scope")) {
      assertThat(alert.get(fields)).as(fields).noneMatch(JsonNode::isNumber);
    }
  }

  @Test
  void time_that_an_entry_claims_does_not_move_ours() {
    Instant before = program.clock().instant().minusSeconds(1);
    program.clock().pass(Duration.ofMinutes(-30));
    // The certificate was made by a clock that is half an hour ahead of Sigwarden's.
    program.log().append(Entries.watched("from the future"));
    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);

    assertThat(finding.alert().firstSeen()).isBefore(before);
    assertThat(program.mail(finding.alert()))
        .contains("the certificate starts later than it was seen: a clock is wrong");
  }

  @Test
  void words_of_a_receiver_are_cut_short_and_shown_as_text() {
    String words =
        "\u001b[2J<script>alert(1)</script>\u202e\r\nSubject: fine\r\n" + "x".repeat(9_000);
    program.hook().answerWith(Answer.of(400).withBody(words.getBytes(StandardCharsets.UTF_8)));
    program.log().append(Entries.watched("told to a liar"));
    String mail = program.mail(program.awaitCondition(Kind.DELIVERY_FAILING));

    assertThat(mail).contains("answered 400").contains("\\u{1B}[2J").contains("…[+");
    assertThat(mail)
        .doesNotContain("\u001b")
        .doesNotContain("\u202e")
        .doesNotContain("x".repeat(300));
    assertThat(mail.lines().filter(line -> line.startsWith("Subject:"))).isEmpty();
    assertThat(logged).noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
  }
}
