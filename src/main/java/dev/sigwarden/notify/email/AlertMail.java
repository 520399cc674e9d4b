package dev.sigwarden.notify.email;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Message;
import dev.sigwarden.text.Fold;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Severity;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the mail of an alert: text and HTML, and the alert as JSON. The same message gives the
/// same `Message-ID` on every attempt; later tellings of a finding answer the first, so mail
/// programs show them together.
final class AlertMail {
  /// Characters of a line of text: what every mail program and terminal shows.
  private static final int WIDTH = 80;

  /// Bytes of the attached JSON; a longer one is left out, the text says everything.
  private static final int MAX_ATTACHMENT = 100_000;

  /// Characters of a message key that its id shows: 64 bits, enough to tell tellings apart.
  private static final int KEY_CHARS = 16;

  private final EmailOptions options;
  private final AlertText text;
  private final JsonMapper json =
      JsonMapper.builder(new JsonFactoryBuilder().characterEscapes(new NoAddresses()).build())
          .build();

  AlertMail(EmailOptions options, AlertText text) {
    this.options = options;
    this.text = text;
  }

  /// The whole mail.
  MimeMessage full(Session session, Message message) throws MessagingException {
    Alert alert = Defang.alert(message.alert());
    MimeMultipart bodies = new MimeMultipart("alternative");
    bodies.addBodyPart(part(plain(alert), "plain"));
    bodies.addBodyPart(part(text.render(Form.HTML, "email", alert), "html"));
    byte[] attached = attachment(message.alert());
    MimeMessage mail = headers(session, message);
    if (attached.length > MAX_ATTACHMENT) {
      mail.setContent(bodies);
    } else {
      MimeBodyPart wrapped = new MimeBodyPart();
      wrapped.setContent(bodies);
      MimeBodyPart file = new MimeBodyPart();
      file.setDataHandler(new DataHandler(new ByteArrayDataSource(attached, "application/json")));
      file.setFileName("finding.json");
      file.setDisposition("attachment");
      file.setHeader("Content-Transfer-Encoding", "base64");
      MimeMultipart all = new MimeMultipart("mixed");
      all.addBodyPart(wrapped);
      all.addBodyPart(file);
      mail.setContent(all);
    }
    mail.saveChanges();
    return mail;
  }

  /// The alert as text, folded; commands stay whole, so that they can be pasted.
  private String plain(Alert alert) {
    Set<String> commands = new HashSet<>(alert.check());
    commands.addAll(alert.acts());
    return Fold.at(WIDTH, text.render(Form.TEXT, "email", alert), commands);
  }

  /// A mail that gives no filter a reason: our own words and the id, nothing from the log. For
  /// servers that refused the whole one for its content.
  MimeMessage minimal(Session session, Message message) throws MessagingException {
    Alert alert = message.alert();
    MimeMessage mail = headers(session, message);
    String body =
        """
        %s  %s
        %s

        %s
        The mail server refused the full text of this alert for its content. Look at this finding
        in Sigwarden, or at another receiver's copy.
        """
            .formatted(
                alert.severity().name(), alert.kind().label(), alert.uid(), alert.kind().title());
    mail.setText(body, "UTF-8", "plain");
    mail.setHeader("Content-Transfer-Encoding", "quoted-printable");
    mail.saveChanges();
    return mail;
  }

  private MimeMessage headers(Session session, Message message) throws MessagingException {
    Alert alert = message.alert();
    boolean first = message.key().equals(message.openedKey());
    MimeMessage mail = new IdentifiedMessage(session, messageId(alert, message.key()));
    InternetAddress from = options.from().toInternetAddress();
    mail.setFrom(from);
    for (MailAddress to : options.to()) {
      mail.addRecipient(jakarta.mail.Message.RecipientType.TO, to.toInternetAddress());
    }
    mail.setSentDate(Date.from(alert.at()));
    mail.setSubject((first ? "" : "Re: ") + text.subject(alert), "UTF-8");
    if (!first) {
      String opened = messageId(alert, message.openedKey());
      mail.setHeader("In-Reply-To", opened);
      mail.setHeader("References", opened);
    }
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setHeader("X-Auto-Response-Suppress", "All");
    mail.setHeader("List-Id", "Sigwarden alerts <alerts." + options.from().domain() + ">");
    if (alert.severity() == Severity.CRITICAL) {
      mail.setHeader("Importance", "high");
    }
    mail.setHeader("X-Sigwarden-Finding", headerWord(alert.uid()));
    mail.setHeader("X-Sigwarden-Severity", alert.severity().label());
    mail.setHeader("X-Sigwarden-Kind", alert.kind().label());
    if (!alert.watch().isEmpty()) {
      mail.setHeader("X-Sigwarden-Watch", headerWord(alert.watch()));
    }
    return mail;
  }

  private String messageId(Alert alert, String key) {
    String shortKey = key.substring(0, Math.min(KEY_CHARS, key.length()));
    return "<%s.%s@%s>"
        .formatted(headerWord(alert.uid()), headerWord(shortKey), options.from().domain());
  }

  /// The text as one header word: `setHeader` folds nothing and passes line breaks on, so nothing
  /// but plain characters may reach it.
  static String headerWord(String text) {
    return Sanitizer.clean(text, 100).replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static MimeBodyPart part(String content, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(content, "UTF-8", subtype);
    // Keeps lines short and without bare line breaks, whatever the content.
    part.setHeader("Content-Transfer-Encoding", "quoted-printable");
    return part;
  }

  /// The exact values, in JSON's own escaped form, so that no filter sees an address in them.
  private byte[] attachment(Alert alert) {
    try {
      return json.writeValueAsString(AlertJson.toTree(alert)).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers: not writable as JSON", e);
    }
  }

  /// Escapes the characters that make an address.
  private static final class NoAddresses extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private final int[] escapes = standardAsciiEscapesForJSON();

    NoAddresses() {
      for (char c : new char[] {'.', '/', '@', ':'}) {
        escapes[c] = ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }

  /// Keeps the id that it is given; the library would make a random one.
  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
