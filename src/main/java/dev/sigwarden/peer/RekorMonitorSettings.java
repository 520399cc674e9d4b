package dev.sigwarden.peer;

import dev.sigwarden.peer.Remark.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a file of rekor-monitor says beside whom to watch: where it goes in Sigwarden, in words.
final class RekorMonitorSettings {
  private static final String RECEIVER =
      "write a receiver (%s) and a route to it; secrets are taken from files or the environment";

  /// Keys and what becomes of them.
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("startIndex", "give the log `start`, or run `sigwarden scan --from`"),
          Map.entry("endIndex", "run `sigwarden scan --to`: a daemon has no end"),
          Map.entry(
              "outputIdentities",
              "findings and observations are kept in the database; `sigwarden scan` prints JSON lines"),
          Map.entry("outputIdentitiesFormat", "goes with outputIdentities"),
          Map.entry(
              "logInfoFile",
              "rekor-monitor reads it nowhere; Sigwarden keeps each log's position in its database"),
          Map.entry("identityMetadataFile", "the position is kept in the database"),
          Map.entry("githubIssue", RECEIVER.formatted("a webhook, for an issue tracker")),
          Map.entry("emailNotificationSMTP", RECEIVER.formatted("channel email with smtp")),
          Map.entry(
              "emailNotificationMailgun", RECEIVER.formatted("channel email, Mailgun's SMTP")),
          Map.entry(
              "emailNotificationSendGrid", RECEIVER.formatted("channel email, SendGrid's SMTP")),
          Map.entry(
              "caRootsFile",
              "certificates of any authority are selected: rekor-monitor passes over those that these"
                  + " did not issue"),
          Map.entry("caIntermediatesFile", "goes with caRootsFile"),
          Map.entry("ctShards", "give each shard a place under logs"));

  private static final Set<String> MONITORED =
      Set.of("certIdentities", "fingerprints", "subjects", "oidMatchers");

  private static final Set<String> MATCHERS =
      Set.of("oidExtensions", "fulcioExtensions", "customExtensions");

  private final List<Remark> remarks;

  RekorMonitorSettings(List<Remark> remarks) {
    this.remarks = remarks;
  }

  /// Whether rekor-monitor knows a key at the top.
  static boolean isKnown(String key) {
    return key.equals("monitoredValues") || SETTINGS.containsKey(key);
  }

  /// Remarks on all keys that no watch was made of.
  void read(Map<?, ?> values) {
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      String key = String.valueOf(entry.getKey());
      String advice = SETTINGS.get(key);
      if (advice != null && entry.getValue() != null) {
        remarks.add(new Remark(Level.NOT_CARRIED_OVER, key, advice));
      } else if (!key.equals("monitoredValues") && advice == null) {
        unknown(key, "");
      }
    }
    Map<?, ?> monitored = RekorMonitorFile.map(values, "monitoredValues");
    shape(values, "", "monitoredValues", true);
    for (Object key : monitored.keySet()) {
      String name = String.valueOf(key);
      String at = "monitoredValues." + name;
      if (MATCHERS.contains(name)) {
        unknown(at, "; it is read under monitoredValues.oidMatchers only");
      } else if (!MONITORED.contains(name)) {
        unknown(at, "");
      } else {
        shape(monitored, "monitoredValues.", name, name.equals("oidMatchers"));
      }
    }
    Map<?, ?> matchers = RekorMonitorFile.map(monitored, "oidMatchers");
    for (Object key : matchers.keySet()) {
      String name = String.valueOf(key);
      String at = "monitoredValues.oidMatchers.";
      if (MATCHERS.contains(name)) {
        shape(matchers, at, name, name.equals("fulcioExtensions"));
      } else {
        unknown(at + name, "");
      }
    }
  }

  private void unknown(String path, String more) {
    remarks.add(
        new Remark(
            Level.WARNING,
            path,
            "can never match in rekor-monitor: it passes over keys that it does not know" + more));
  }

  /// A value of another shape cannot be decoded by rekor-monitor.
  private void shape(Map<?, ?> of, String path, String key, boolean mapping) {
    Object value = of.get(key);
    if (value != null && !(mapping ? value instanceof Map : value instanceof List)) {
      remarks.add(
          new Remark(
              Level.NOT_CARRIED_OVER,
              path + key,
              mapping
                  ? "not a mapping (rekor-monitor refuses the file)"
                  : "not a list (rekor-monitor refuses the file)"));
    }
  }
}
