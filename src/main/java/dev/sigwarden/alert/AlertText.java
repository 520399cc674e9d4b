package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import io.quarkus.qute.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Alerts as text and HTML from the templates in use: the built-in ones (`alert-templates/` of the
/// sources) or the operator's, which may be for one channel, one kind, or both. A template of the
/// operator's that cannot be read, is not understood or fails, at the start or at any alert, is
/// replaced by the built-in one and said to be: an alert is never lost to its wording. Thread-safe.
///
/// What is rendered is bounded: fields and lists are bounded before, output is cut at `MAX_OUTPUT`.
/// Log data enters as values only and is never parsed as a template.
public final class AlertText {
  private static final Logger LOG = Logger.getLogger(AlertText.class);

  /// Characters of output; the built-in templates stay far below.
  static final int MAX_OUTPUT = 200_000;

  /// Bytes of a template file: far more words than anybody reads at night.
  static final int MAX_TEMPLATE_BYTES = 64 * 1024;

  /// Characters of a subject line, so that no mail program cuts off the id at its end.
  private static final int MAX_SUBJECT = 100;

  /// Files of a folder of templates that are read.
  private static final int MAX_FILES = 500;

  /// What an alert is rendered as.
  public enum Form {
    /// Plain text, complete by itself; lines end with a line feed.
    TEXT("alert", ".txt"),
    /// Plain text for below a headline, in a chat.
    CHAT("chat", ".txt"),
    /// An HTML document without links other than the operator's runbook and the finding in the API,
    /// and without anything that is loaded from elsewhere.
    HTML("alert", ".html");

    private final String stem;
    private final String suffix;

    Form(String stem, String suffix) {
      this.stem = stem;
      this.suffix = suffix;
    }

    private AlertTemplate parse(String source) {
      return this == HTML ? AlertTemplate.html(source) : AlertTemplate.text(source);
    }
  }

  private final Map<Form, AlertTemplate> builtIn = new EnumMap<>(Form.class);

  /// The operator's, by file name.
  private final Map<String, AlertTemplate> own = new HashMap<>();

  private final List<String> problems = new ArrayList<>();

  /// With the built-in templates.
  public AlertText() {
    this(Optional.empty(), Set.of());
  }

  private AlertText(Optional<Path> overrides, Set<String> channels) {
    for (Form form : Form.values()) {
      builtIn.put(form, form.parse(builtIn(form.stem + form.suffix)));
    }
    overrides.ifPresent(dir -> override(dir, channels));
  }

  /// With the operator's templates from a folder: `alert.txt`, `chat.txt`, `alert.html`, or the
  /// same for a channel (`email.html`), a kind (`alert-log-fork.txt`) or both
  /// (`email-log-fork.html`).
  ///
  /// @param channels the names of channels that there are
  public static AlertText of(Optional<Path> overrides, Set<String> channels) {
    return new AlertText(overrides, channels);
  }

  /// What is wrong with the operator's templates, one sentence each; empty if nothing is.
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /// The alert as plain text, in the words that are for no channel in particular.
  public String text(Alert alert) {
    return render(Form.TEXT, "", alert);
  }

  /// The same as HTML.
  public String html(Alert alert) {
    return render(Form.HTML, "", alert);
  }

  /// The alert in that form, in the words of the channel of that name.
  public String render(Form form, String channel, Alert alert) {
    String kind = "-" + alert.kind().label();
    AlertTemplate fallback = Objects.requireNonNull(builtIn.get(form));
    for (String stem : List.of(channel + kind, channel, form.stem + kind, form.stem)) {
      AlertTemplate template = own.get(stem + form.suffix);
      if (template != null) {
        return render(template, fallback, alert);
      }
    }
    return fallback.render(alert);
  }

  /// The alert in one line of at most 100 characters: severity or DRILL, watch or log, kind, id; no
  /// text from a log. Every telling of a finding has the same.
  public String subject(Alert alert) {
    String name = alert.watch().isEmpty() ? alert.log() : alert.watch();
    boolean drill = alert.kind().family() == Family.DRILL;
    String grave = drill ? Family.DRILL.name() : alert.severity().name();
    String head = "[Sigwarden][" + grave.toUpperCase(Locale.ROOT) + "] ";
    String tail =
        alert.kind().label().replace('-', ' ') + " [" + Sanitizer.clean(alert.uid(), 40) + "]";
    int room = MAX_SUBJECT - head.length() - tail.length() - 2;
    // A name that is cut keeps its beginning and its length shows: `acme-rel…`.
    String shown = name.length() <= room ? name : name.substring(0, Math.max(0, room - 1)) + "…";
    return Sanitizer.clean(head + (shown.isEmpty() ? "" : shown + ": ") + tail, MAX_SUBJECT);
  }

  private static String render(AlertTemplate template, AlertTemplate fallback, Alert alert) {
    try {
      return template.render(alert);
    } catch (TemplateException e) {
      LOG.warnf(
          "alert template failed, the built-in one is used: %s",
          Sanitizer.clean(String.valueOf(e.getMessage())));
      return fallback.render(alert);
    }
  }

  private void override(Path dir, Set<String> channels) {
    List<Path> files;
    try (Stream<Path> listed = Files.list(dir)) {
      files = listed.limit(MAX_FILES + 1L).sorted().toList();
    } catch (IOException e) {
      problems.add(dir + ": not a folder (expected: one with templates, alert.txt for example)");
      return;
    }
    if (files.size() > MAX_FILES) {
      problems.add("%s: more than %d files (expected: templates only)".formatted(dir, MAX_FILES));
      return;
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (name.endsWith(".txt") || name.endsWith(".html")) {
        override(file, name, channels);
      }
    }
  }

  private void override(Path file, String name, Set<String> channels) {
    String subject = name.substring(0, name.lastIndexOf('.'));
    List<Kind> kinds = List.of(Kind.values());
    for (Kind kind : Kind.values()) {
      if (subject.endsWith("-" + kind.label())) {
        subject = subject.substring(0, subject.length() - kind.label().length() - 1);
        kinds = List.of(kind);
        break;
      }
    }
    boolean html = name.endsWith(".html");
    if (!subject.equals("alert")
        && !channels.contains(subject)
        && (html || !subject.equals("chat"))) {
      problem(file, "no channel or kind has this name");
      return;
    }
    try {
      AlertTemplate template = (html ? Form.HTML : Form.TEXT).parse(read(file));
      for (Alert sample : Samples.all()) {
        if (kinds.contains(sample.kind()) && template.render(sample).isBlank()) {
          throw new TemplateException("it says nothing for " + sample.kind().label());
        }
      }
      own.put(name, template);
    } catch (IOException | TemplateException e) {
      problem(file, Sanitizer.clean(String.valueOf(e.getMessage())));
    }
  }

  private void problem(Path file, String what) {
    String problem = file + ": " + what + "; the built-in template is used in its place";
    LOG.warn(problem);
    problems.add(problem);
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_TEMPLATE_BYTES + 1);
      if (bytes.length > MAX_TEMPLATE_BYTES) {
        throw new IOException("larger than " + MAX_TEMPLATE_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static String builtIn(String name) {
    String resource = "/alert-templates/" + name;
    try (InputStream in = AlertText.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + ": not in the program (expected: built in)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(resource + ": cannot be read", e);
    }
  }
}
