package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import io.quarkus.qute.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Alerts as text and HTML from the templates in use: the built-in ones (`alert-templates/` of the
/// sources) or the operator's. A template of the operator's that cannot be read, is not understood
/// or fails, at the start or at any alert, is replaced by the built-in one and said to be: an alert
/// is never lost to its wording. Thread-safe.
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

  private static final String TEXT_NAME = "alert.txt";
  private static final String HTML_NAME = "alert.html";

  private final AlertTemplate builtInText;
  private final AlertTemplate builtInHtml;
  private final AlertTemplate text;
  private final AlertTemplate html;
  private final List<String> problems;

  /// With the built-in templates.
  public AlertText() {
    this(Optional.empty());
  }

  private AlertText(Optional<Path> overrides) {
    List<String> found = new ArrayList<>();
    this.builtInText = AlertTemplate.text(builtIn(TEXT_NAME));
    this.builtInHtml = AlertTemplate.html(builtIn(HTML_NAME));
    this.text =
        overrides.map(dir -> override(dir, TEXT_NAME, builtInText, found)).orElse(builtInText);
    this.html =
        overrides.map(dir -> override(dir, HTML_NAME, builtInHtml, found)).orElse(builtInHtml);
    this.problems = List.copyOf(found);
  }

  /// With the operator's templates from a folder: `alert.txt`, `alert.html` or both.
  public static AlertText of(Optional<Path> overrides) {
    return new AlertText(overrides);
  }

  /// What is wrong with the operator's templates, one sentence each; empty if nothing is.
  public List<String> problems() {
    return problems;
  }

  /// The alert as plain text, complete by itself; lines end with a line feed.
  public String text(Alert alert) {
    return render(text, builtInText, alert);
  }

  /// The alert as an HTML document without links other than the operator's runbook, and without
  /// anything that is loaded from elsewhere.
  public String html(Alert alert) {
    return render(html, builtInHtml, alert);
  }

  /// The alert in one line of at most 100 characters: severity, watch or log, kind, id; no text
  /// from a log. Every telling of a finding has the same.
  public String subject(Alert alert) {
    String name = alert.watch().isEmpty() ? alert.log() : alert.watch();
    String head = "[Sigwarden][" + alert.severity().name().toUpperCase(Locale.ROOT) + "] ";
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

  private static AlertTemplate override(
      Path dir, String name, AlertTemplate builtIn, List<String> problems) {
    Path file = dir.resolve(name);
    if (!Files.exists(file)) {
      if (!Files.isDirectory(dir)) {
        problems.add(dir + ": not a folder (expected: one with alert.txt or alert.html)");
      }
      return builtIn;
    }
    try {
      String source = read(file);
      AlertTemplate template =
          name.equals(HTML_NAME) ? AlertTemplate.html(source) : AlertTemplate.text(source);
      for (Alert sample : Samples.all()) {
        if (template.render(sample).isBlank()) {
          throw new TemplateException("it says nothing for " + sample.kind().label());
        }
      }
      return template;
    } catch (IOException | TemplateException e) {
      String problem =
          "%s: %s; the built-in template is used in its place"
              .formatted(file, Sanitizer.clean(String.valueOf(e.getMessage())));
      LOG.warn(problem);
      problems.add(problem);
      return builtIn;
    }
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
