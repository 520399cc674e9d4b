package dev.sigwarden.alert;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.IfSectionHelper;
import io.quarkus.qute.LoopSectionHelper;
import io.quarkus.qute.SetSectionHelper;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import io.quarkus.qute.WhenSectionHelper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One template and the names that it may use. The engine is our own and knows little: values are
/// texts and lists, found by name; no class, bean, configuration or file can be reached, no value
/// is evaluated as a template and none can be marked safe.
final class AlertTemplate {
  private static final Engine ENGINE =
      Engine.builder()
          .addSectionHelpers(
              new IfSectionHelper.Factory(),
              new LoopSectionHelper.Factory(),
              new WhenSectionHelper.Factory(),
              new SetSectionHelper.Factory())
          .addValueResolvers(
              ValueResolvers.mapResolver(),
              // Loops hand out their elements through it.
              ValueResolvers.mapperResolver(),
              ValueResolvers.thisResolver(),
              ValueResolvers.orResolver(),
              ValueResolvers.trueResolver(),
              ValueResolvers.logicalAndResolver(),
              ValueResolvers.logicalOrResolver(),
              ValueResolvers.equalsResolver())
          .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
          .strictRendering(true)
          .build();

  private final Template template;

  private AlertTemplate(String source, String contentType) {
    this.template = ENGINE.parse(source, Variant.forContentType(contentType));
  }

  /// A template of plain text.
  ///
  /// @throws TemplateException if it is not understood
  static AlertTemplate text(String source) {
    return new AlertTemplate(source, Variant.TEXT_PLAIN);
  }

  /// A template of HTML, every value escaped.
  ///
  /// @throws TemplateException if it is not understood
  static AlertTemplate html(String source) {
    return new AlertTemplate(source, Variant.TEXT_HTML);
  }

  /// The alert in the template's words.
  ///
  /// @throws TemplateException if the template uses a name that does not exist
  String render(Alert alert) {
    String out = template.render(values(alert));
    return out.length() <= AlertText.MAX_OUTPUT ? out : out.substring(0, AlertText.MAX_OUTPUT);
  }

  private static Map<String, Object> values(Alert alert) {
    Map<String, Object> values = new HashMap<>();
    values.put("uid", alert.uid());
    values.put("revision", Integer.toString(alert.revision()));
    values.put("event", alert.event().label());
    values.put("kind", alert.kind().label());
    values.put("family", alert.kind().family().label());
    values.put("severity", alert.severity().label());
    values.put("severityUpper", alert.severity().label().toUpperCase(Locale.ROOT));
    values.put("title", alert.title());
    values.put("why", alert.why());
    values.put("log", alert.log());
    values.put("watch", alert.watch());
    values.put("owner", alert.owner());
    values.put("runbook", alert.runbook());
    values.put("runbookLink", link(alert.runbook()));
    values.put("firstSeen", alert.firstSeen().toString());
    values.put("at", alert.at().toString());
    values.put("check", alert.check());
    values.put("steps", steps(alert.steps()));
    values.put("acts", alert.acts());
    values.put("url", alert.url());
    List<Map<String, Object>> groups = new ArrayList<>();
    group(values, groups, "who", alert.who());
    group(values, groups, "what", alert.what());
    group(values, groups, "when", alert.when());
    group(values, groups, "where", alert.where());
    group(values, groups, "scope", alert.scope());
    values.put("groups", groups);
    return values;
  }

  private static void group(
      Map<String, Object> values,
      List<Map<String, Object>> groups,
      String name,
      List<Field> fields) {
    int width = fields.stream().mapToInt(field -> field.name().length()).max().orElse(0);
    List<Map<String, String>> shown = new ArrayList<>();
    for (Field field : fields) {
      shown.add(
          Map.of(
              "name",
              field.name(),
              "label",
              field.name() + " ".repeat(width - field.name().length()),
              "text",
              field.value(),
              "fromLog",
              field.fromLog() ? "yes" : ""));
    }
    values.put(name, shown);
    if (!shown.isEmpty()) {
      groups.add(Map.of("heading", name.toUpperCase(Locale.ROOT), "fields", shown));
    }
  }

  private static List<Map<String, String>> steps(List<String> steps) {
    List<Map<String, String>> numbered = new ArrayList<>();
    for (String step : steps) {
      numbered.add(Map.of("number", Integer.toString(numbered.size() + 1), "text", step));
    }
    return numbered;
  }

  /// The runbook if it may stand in a link: the operator wrote it, and it is a web address.
  private static String link(String runbook) {
    return runbook.startsWith("https://") || runbook.startsWith("http://") ? runbook : "";
  }
}
