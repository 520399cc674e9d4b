package dev.sigwarden.peer;

import com.google.re2j.PatternSyntaxException;
import dev.sigwarden.peer.Remark.Level;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Expression;
import dev.sigwarden.watch.Watch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Turns a configuration of rekor-monitor into watches that select what it selects, one watch for
/// each monitored value. sigstore/rekor-monitor pkg/identity/identity.go and
/// pkg/fulcio/extensions/extensions.go.
///
/// Where the two differ the watch selects more: a certificate's issuer counts in both of its forms,
/// names of every kind count as subjects, a fingerprint of a key also selects certificates of that
/// key, and certificates of any authority count.
public final class RekorMonitorImport {
  private static final Allowlists NO_ALLOWLISTS = new Allowlists(List.of());

  private final Map<String, List<Map<String, Object>>> watches = new LinkedHashMap<>();
  private final List<Remark> remarks = new ArrayList<>();

  private RekorMonitorImport() {}

  /// Reads and translates a file.
  ///
  /// @throws MalformedPeerFileException if it is no configuration file of rekor-monitor
  public static Imported read(byte[] bytes) throws MalformedPeerFileException {
    Map<?, ?> values = RekorMonitorFile.parse(bytes).values();
    if (values.keySet().stream().map(String::valueOf).noneMatch(RekorMonitorSettings::isKnown)) {
      throw new MalformedPeerFileException(
          "none of rekor-monitor's keys (expected: monitoredValues)");
    }
    RekorMonitorImport translation = new RekorMonitorImport();
    translation.monitored(RekorMonitorFile.map(values, "monitoredValues"));
    new RekorMonitorSettings(translation.remarks).read(values);
    return new Imported(translation.watches, translation.remarks);
  }

  private void monitored(Map<?, ?> values) throws MalformedPeerFileException {
    String at = "monitoredValues.";
    List<Object> identities = RekorMonitorFile.items(values, "certIdentities");
    for (int i = 0; i < identities.size(); i++) {
      String path = at + "certIdentities[" + i + "]";
      if (identities.get(i) instanceof Map<?, ?> identity) {
        identity("cert-identity-" + (i + 1), path, identity);
      } else {
        refuse(path, "not a mapping");
      }
    }
    List<Object> fingerprints = RekorMonitorFile.items(values, "fingerprints");
    for (int i = 0; i < fingerprints.size(); i++) {
      String path = at + "fingerprints[" + i + "]";
      if (fingerprints.get(i) instanceof String fingerprint) {
        fingerprint("fingerprint-" + (i + 1), path, fingerprint);
      } else {
        refuse(path, "not a text");
      }
    }
    List<Object> subjects = RekorMonitorFile.items(values, "subjects");
    for (int i = 0; i < subjects.size(); i++) {
      String path = at + "subjects[" + i + "]";
      if (subjects.get(i) instanceof String subject) {
        subject("subject-" + (i + 1), path, subject);
      } else {
        refuse(path, "not a text");
      }
    }
    RekorMonitorExtensions extensions = new RekorMonitorExtensions(remarks);
    extensions
        .read(at + "oidMatchers", RekorMonitorFile.map(values, "oidMatchers"))
        .forEach(matcher -> add(matcher.watch(), matcher.path(), matcher.selectors()));
    if (watches.isEmpty()) {
      remarks.add(new Remark(Level.WARNING, "monitoredValues", "nothing in it can ever match"));
    }
  }

  private void identity(String name, String path, Map<?, ?> identity)
      throws MalformedPeerFileException {
    if (!(identity.get("certSubject") instanceof String expression) || expression.isEmpty()) {
      refuse(path + ".certSubject", "missing (rekor-monitor refuses the file)");
      return;
    }
    if (!isExpression(path + ".certSubject", expression)) {
      return;
    }
    List<Map<String, Object>> selectors = new ArrayList<>();
    String subject = anchored(path + ".certSubject", expression);
    List<Object> issuers = RekorMonitorFile.items(identity, "issuers");
    if (issuers.isEmpty()) {
      remarks.add(
          new Remark(
              Level.NOTE,
              path + ".issuers",
              "none: certificates of any issuer are selected, as before; name the one that you use"));
      selectors.add(selector("subject", subject, "issuer", "*"));
    }
    for (int i = 0; i < issuers.size(); i++) {
      String at = path + ".issuers[" + i + "]";
      if (issuers.get(i) instanceof String issuer && !issuer.isEmpty()) {
        if (isExpression(at, issuer)) {
          selectors.add(selector("subject", subject, "issuer", anchored(at, issuer)));
        }
      } else {
        refuse(at, "empty (rekor-monitor refuses the file)");
      }
    }
    add(name, path, selectors);
  }

  private void subject(String name, String path, String expression) {
    if (expression.isEmpty()) {
      refuse(path, "empty (rekor-monitor refuses the file)");
      return;
    }
    if (!isExpression(path, expression)) {
      return;
    }
    List<Map<String, Object>> selectors = new ArrayList<>();
    selectors.add(selector("subject", anchored(path, expression)));
    Anchoring.of(expression)
        .userId(expression)
        .ifPresentOrElse(
            pattern -> selectors.add(selector("user-id", pattern)),
            () ->
                refuse(
                    path,
                    "user ids of OpenPGP keys: the anchors cannot be moved to the address in them;"
                        + " write a user-id selector by hand"));
    refuse(
        path,
        "comments of SSH keys, which anybody can write: watch such a key by its ssh-fingerprint");
    add(name, path, selectors);
  }

  private void fingerprint(String name, String path, String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    if (lower.matches("[0-9a-f]{64}")) {
      warnIfNotLower(path, written, lower);
      add(
          name,
          path,
          List.of(
              selector("key-sha256", lower),
              selector("certificate-sha256", lower),
              selector("pgp-fingerprint", lower)));
    } else if (lower.matches("[0-9a-f]{40}")) {
      warnIfNotLower(path, written, lower);
      add(name, path, List.of(selector("pgp-fingerprint", lower)));
    } else if (written.matches("SHA256:[A-Za-z0-9+/]{43}")) {
      add(name, path, List.of(selector("ssh-fingerprint", written)));
    } else if (written.matches("(SHA256:)?[A-Za-z0-9+/]{43}=?")) {
      String ssh = written.startsWith("SHA256:") ? written : "SHA256:" + written;
      neverMatched(path, "an SSH key's is SHA256: and 43 characters without padding");
      add(name, path, List.of(selector("ssh-fingerprint", ssh.replace("=", ""))));
    } else {
      neverMatched(
          path,
          "%s is no fingerprint (expected: 64 or 40 lowercase hex digits, or SHA256: and 43"
                  .formatted(written)
              + " characters)");
      refuse(path, "nothing could match it");
    }
  }

  private void warnIfNotLower(String path, String written, String lower) {
    if (!written.equals(lower)) {
      neverMatched(path, "compared as text with lowercase digits; carried over in lowercase");
    }
  }

  private void neverMatched(String path, String why) {
    remarks.add(new Remark(Level.WARNING, path, "can never match in rekor-monitor: " + why));
  }

  private void refuse(String path, String why) {
    remarks.add(new Remark(Level.NOT_CARRIED_OVER, path, why));
  }

  private boolean isExpression(String path, String expression) {
    try {
      var _ = Expression.compile(expression, 0);
      return true;
    } catch (PatternSyntaxException e) {
      refuse(path, "no RE2 expression: " + e.getDescription());
      return false;
    }
  }

  private String anchored(String path, String expression) {
    Anchoring anchoring = Anchoring.of(expression);
    if (anchoring.bareDot()) {
      remarks.add(
          new Remark(
              Level.WARNING,
              path,
              "a dot that stands for any character: perhaps \\. is meant in " + expression));
    }
    if (!anchoring.start() || !anchoring.end()) {
      remarks.add(
          new Remark(
              Level.NOTE,
              path,
              "not anchored, so it matches anywhere in a value: carried over as %s; put the whole"
                      .formatted(anchoring.pattern())
                  + " value in its place if that is what you mean"));
    } else {
      remarks.add(new Remark(Level.NOTE, path, "carried over as " + anchoring.pattern()));
    }
    return anchoring.pattern();
  }

  private static Map<String, Object> selector(String key, String value) {
    Map<String, Object> selector = new LinkedHashMap<>();
    selector.put(key, value);
    return selector;
  }

  private static Map<String, Object> selector(
      String key, String value, String key2, String value2) {
    Map<String, Object> selector = selector(key, value);
    selector.put(key2, value2);
    return selector;
  }

  /// Adds those of the selectors that the reader of watches takes.
  private void add(String name, String path, List<Map<String, Object>> selectors) {
    List<Map<String, Object>> good = new ArrayList<>();
    for (Map<String, Object> selector : selectors) {
      List<Problem> problems = tried(name, selector).problems();
      problems.forEach(problem ->
          refuse(path, "%s (expected: %s)".formatted(problem.found(), problem.expected())));
      if (problems.isEmpty()) {
        good.add(selector);
      }
    }
    if (!good.isEmpty()) {
      watches.put(name, good);
    }
  }

  /// What the reader of watches says of a watch with this selector.
  static Loaded<Map<String, Watch>> tried(String name, Map<String, Object> selector) {
    StringBuilder yaml = new StringBuilder("watches:\n");
    Imported.watch(yaml, name, List.of(selector));
    return SettingsFile.read(
        yaml.toString().getBytes(StandardCharsets.UTF_8),
        "import",
        Path.of(""),
        root ->
            root.sections("watches", "whom to watch", watch -> Watch.read(watch, NO_ALLOWLISTS)),
        Map.of());
  }
}
