package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Leaks;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.Shows;
import dev.sigwarden.notify.Shows.Part;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.text.HostileTexts;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Mail that is signed: by S/MIME, checked by Bouncy Castle and, where it is there, by OpenSSL.
class SignedMailTest extends NotifierContract {
  private static final String FROM = "sigwarden@acme.example";
  private static final String PASSWORD = "pa55wordPa55wordPa55word";
  private static final String PEM = "{certificate: signer.pem, key-file: signer.key}";
  private static final String PKCS12 = "{pkcs12: signer.p12, password-file: password}";

  private final Instant end = Instant.now().plus(Duration.ofDays(30));
  private final TestSigner signer = signer("EC", 256, end);
  @TempDir private Path dir;

  private static TestSigner signer(String algorithm, int bits, Instant end) {
    try {
      return new TestSigner(algorithm, bits, FROM, KeyPurposeId.id_kp_emailProtection, end);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void save() throws Exception {
    signer.save(dir, PASSWORD);
  }

  private static String yaml(String smime) {
    return """
    channel: email
    to: [oncall@acme.example]
    from: %s
    pickup: mails
    smime: %s
    """
        .formatted(FROM, smime);
  }

  @Override
  protected Notifier open() {
    return open(PEM, Clock.systemUTC());
  }

  private Notifier open(String smime, Clock clock) {
    return Opened.receiver(dir, yaml(smime), Map.of(), clock);
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(PASSWORD, signer.secret());
  }

  @Override
  protected boolean keepsOne() {
    return true;
  }

  private List<byte[]> mails() throws IOException {
    if (!Files.isDirectory(dir.resolve("mails"))) {
      return List.of();
    }
    List<byte[]> mails = new ArrayList<>();
    try (Stream<Path> files = Files.list(dir.resolve("mails"))) {
      for (Path file : files.sorted().toList()) {
        mails.add(Files.readAllBytes(file));
      }
    }
    return mails;
  }

  private static MimeMessage parsed(byte[] mail) throws Exception {
    return new MimeMessage(null, new ByteArrayInputStream(mail));
  }

  @Override
  protected List<Received> received() throws Exception {
    List<Received> received = new ArrayList<>();
    for (byte[] mail : mails()) {
      MimeMessage parsed = parsed(mail);
      MimeMultipart both = (MimeMultipart) parsed.getContent();
      String said = parsed.getSubject() + "\n" + PickupNotifierTest.partText(both.getBodyPart(0));
      received.add(new Received(parsed.getMessageID(), said));
    }
    return received;
  }

  @Override
  protected void takeAway() throws IOException {
    Files.writeString(dir.resolve("mails"), "a file where the folder should be");
  }

  /// The signature's word on a mail, its parts taken apart by the boundary alone.
  private static boolean isSignedBy(TestSigner signer, byte[] mail) throws Exception {
    String text = new String(mail, StandardCharsets.ISO_8859_1);
    String head = text.substring(0, text.indexOf("\r\n\r\n")).replaceAll("\r\n[ \t]", " ");
    assertThat(head)
        .contains("multipart/signed; ")
        .contains("protocol=\"application/pkcs7-signature\"")
        .contains("micalg=sha-256")
        .doesNotContain("Content-Transfer-Encoding");
    String boundary = "--" + head.replaceFirst("(?s).*boundary=\"([^\"]+)\".*", "$1");
    String[] parts = text.split("(\r\n)?" + java.util.regex.Pattern.quote(boundary) + "(\r\n|--)");
    byte[] said = parts[1].getBytes(StandardCharsets.ISO_8859_1);
    String signature = parts[2];
    assertThat(signature).contains("smime.p7s");
    byte[] cms =
        Base64.getMimeDecoder().decode(signature.substring(signature.indexOf("\r\n\r\n")).strip());
    CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(said), cms);
    assertThat(signed.getCertificates().getMatches(null)).hasSize(2);
    SignerInformation by = signed.getSignerInfos().getSigners().iterator().next();
    try {
      return by.verify(new JcaSimpleSignerInfoVerifierBuilder().build(signer.certificate));
    } catch (CMSException e) {
      return false;
    }
  }

  private static Delivery deliver(Notifier opened, Alert alert) {
    try (Notifier notifier = opened) {
      return notifier.deliver(first(alert));
    }
  }

  @ParameterizedTest
  @CsvSource({"EC, 256, PEM", "EC, 384, PKCS12", "RSA, 2048, PEM", "RSA, 3072, PKCS12"})
  void every_kind_of_alert_is_signed_and_reads_as_before(String algorithm, int bits, String form)
      throws Exception {
    TestSigner key = signer(algorithm, bits, end);
    key.save(dir, PASSWORD);
    for (Alert alert : TestAlerts.all().values()) {
      assertThat(deliver(open(form.equals("PEM") ? PEM : PKCS12, Clock.systemUTC()), alert))
          .isInstanceOf(Delivery.Delivered.class);
    }
    // One file for each finding or condition, whose tellings have the same key here.
    assertThat(mails().size())
        .isEqualTo(TestAlerts.all().values().stream().map(Alert::uid).distinct().count());
    for (byte[] mail : mails()) {
      assertThat(isSignedBy(key, mail)).isTrue();
      MimeMultipart both = (MimeMultipart) parsed(mail).getContent();
      assertThat(both.getCount()).isEqualTo(2);
      MimeMultipart all = (MimeMultipart) both.getBodyPart(0).getContent();
      assertThat(all.getContentType()).startsWith("multipart/mixed");
      MimeMultipart bodies = (MimeMultipart) all.getBodyPart(0).getContent();
      assertThat(bodies.getContentType()).startsWith("multipart/alternative");
      assertThat(bodies.getBodyPart(0).getContentType()).startsWith("text/plain");
      assertThat(bodies.getBodyPart(1).getContentType()).startsWith("text/html");
      assertThat(all.getBodyPart(1).getFileName()).isEqualTo("finding.json");
      assertThat(parsed(mail).getHeader("X-Sigwarden-Finding")).hasSize(1);
    }
  }

  @Test
  void change_of_a_word_is_noticed() throws Exception {
    deliver(open(), TestAlerts.fork());
    String mail = new String(mails().getFirst(), StandardCharsets.ISO_8859_1);
    int at = mail.indexOf("text/plain");
    String changed =
        mail.substring(0, at) + mail.substring(at).replaceFirst("CRITICAL", "HARMLESS");
    assertThat(changed).isNotEqualTo(mail);
    assertThat(isSignedBy(signer, mail.getBytes(StandardCharsets.ISO_8859_1))).isTrue();
    assertThat(isSignedBy(signer, changed.getBytes(StandardCharsets.ISO_8859_1))).isFalse();
  }

  static Stream<String> attacks() {
    return HostileTexts.all().stream();
  }

  @Shows(Part.HOSTILE)
  @ParameterizedTest
  @MethodSource("attacks")
  void text_of_a_log_adds_no_header_no_part_and_breaks_no_signature(String attack)
      throws Exception {
    deliver(open(), TestAlerts.hostile("x"));
    deliver(open(), TestAlerts.hostile(attack));
    List<String> shapes = new ArrayList<>();
    for (byte[] mail : mails()) {
      assertThat(isSignedBy(signer, mail)).isTrue();
      MimeMultipart both = (MimeMultipart) parsed(mail).getContent();
      MimeMultipart all = (MimeMultipart) both.getBodyPart(0).getContent();
      List<String> headers = new ArrayList<>();
      parsed(mail).getAllHeaders().asIterator().forEachRemaining(it -> headers.add(it.getName()));
      shapes.add(headers + " " + both.getCount() + " " + all.getCount());
    }
    assertThat(shapes.stream().distinct()).hasSize(1);
  }

  @Test
  void signature_survives_a_mail_server() throws Exception {
    TestTls tls = new TestTls("localhost");
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      String smtp = "smtp: {host: localhost, port: %d, ca-file: ca.pem}".formatted(server.port());
      String yaml = yaml(PEM).replace("pickup: mails", smtp);
      assertThat(
              deliver(
                  Opened.receiver(dir, yaml, Map.of(), Clock.systemUTC()),
                  TestAlerts.hostile("a\r\n.\r\nb\n.")))
          .isInstanceOf(Delivery.Delivered.class);
      String sent = server.mails.getFirst().replace("\r\n..", "\r\n.");
      assertThat(isSignedBy(signer, sent.getBytes(StandardCharsets.ISO_8859_1))).isTrue();
      // The mail without the alert's text is signed as well.
      server.answers.put(".", "554 spam");
      deliver(Opened.receiver(dir, yaml, Map.of(), Clock.systemUTC()), TestAlerts.fork());
      String minimal = server.mails.getLast();
      assertThat(minimal).doesNotContain("text/html");
      assertThat(isSignedBy(signer, minimal.getBytes(StandardCharsets.ISO_8859_1))).isTrue();
    }
  }

  @Test
  void openssl_takes_the_signature() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl"))),
        "no openssl on the path");
    deliver(open(), TestAlerts.fork());
    Path mail = dir.resolve("mail.eml");
    Files.write(mail, mails().getFirst());
    for (String command : List.of("cms", "smime")) {
      Process openssl =
          new ProcessBuilder(
                  "openssl",
                  command,
                  "-verify",
                  "-in",
                  mail.toString(),
                  "-CAfile",
                  dir.resolve("authority.pem").toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(openssl.waitFor()).as(said).isZero();
      assertThat(said).containsIgnoringCase("verification successful").contains("multipart/mixed");
    }
  }

  @Test
  void nothing_is_sent_unsigned_once_the_certificate_has_ended_and_a_new_one_counts_at_once()
      throws Exception {
    TestClock late = new TestClock();
    late.advance(Duration.between(late.instant(), end.plusSeconds(1)));
    try (Notifier notifier = open(PEM, late)) {
      Message message = first(TestAlerts.fork());
      assertThat(notifier.deliver(message))
          .isInstanceOfSatisfying(
              Delivery.Unauthorized.class,
              refused -> assertThat(refused.reason()).contains("certificate valid from"));
      assertThat(mails()).isEmpty();
      TestSigner renewed = signer("EC", 256, end.plus(Duration.ofDays(30)));
      renewed.save(dir, PASSWORD);
      assertThat(notifier.deliver(message)).isInstanceOf(Delivery.Delivered.class);
      assertThat(isSignedBy(renewed, mails().getFirst())).isTrue();
      Files.delete(dir.resolve("signer.key"));
      assertThat(notifier.deliver(message)).isInstanceOf(Delivery.Unauthorized.class);
    }
  }

  private String problem(String smime) {
    List<String> problems = Opened.problems(dir, yaml(smime));
    assertThat(problems).hasSize(1);
    assertThat(new Leaks(secrets()).in(problems.getFirst())).isEmpty();
    return problems.getFirst();
  }

  @Test
  void refuses_at_the_start_what_could_not_sign() throws Exception {
    signer("EC", 256, Instant.now().minusSeconds(60)).save(dir, PASSWORD);
    assertThat(problem(PEM)).contains("certificate valid from");
    assertThat(problem(PKCS12)).contains("certificate valid from");
    new TestSigner("EC", 256, "eve@other.example", KeyPurposeId.id_kp_emailProtection, end)
        .save(dir, PASSWORD);
    assertThat(problem(PEM)).contains("a certificate of eve@other.example");
    new TestSigner("EC", 256, FROM, KeyPurposeId.id_kp_serverAuth, end).save(dir, PASSWORD);
    assertThat(problem(PEM)).contains("for other purposes");
    signer("RSA", 1024, end).save(dir, PASSWORD);
    assertThat(problem(PEM)).contains("RSA of 2048 bits");
    signer.save(dir, PASSWORD);
    Files.writeString(
        dir.resolve("signer.pem"),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(
                Base64.getMimeEncoder()
                    .encodeToString(signer("EC", 256, end).certificate.getEncoded())));
    assertThat(problem(PEM)).contains("a certificate of another key");
    Files.writeString(dir.resolve("password"), "another\n");
    assertThat(problem(PKCS12)).contains("cannot be read");
    Files.writeString(dir.resolve("signer.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertThat(problem(PEM)).contains("cannot be read");
    assertThat(problem("{certificate: signer.pem}")).contains("another choice of keys");
    assertThat(problem("{certificate: none.pem, key-file: signer.key}")).contains("none.pem");
  }
}
