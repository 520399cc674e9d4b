package dev.sigwarden.daemon;

import dev.sigwarden.alert.AllowlistAlerts;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.AuditEntry;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Desk;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Store;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.watch.Allowlist;
import dev.sigwarden.watch.AllowlistProblem;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Keeps the allowlists level with their files and with what came through the API, tells of a file
/// that cannot be read (its content from before stays in force, so a new release would raise an
/// alert), and writes each change of a file into the audit log. Thread-safe.
final class AllowlistWatch {
  /// What the audit log calls the change of a file.
  private static final String CHANGED = "allowlist.file";

  /// Lines of the audit log that are searched for the last change of a file: those of the API stand
  /// between. Beyond, the file counts as seen first.
  private static final int SEARCHED = 1_000;

  private final Configuration configuration;
  private final Store store;
  private final Conditions conditions;
  private final ConditionBoard board;
  private final Submissions submissions;
  private final TailTools tools;
  private final Clock clock;

  /// The SHA-256 of each file as it was audited last.
  private final Map<String, String> audited = new HashMap<>();

  AllowlistWatch(Configuration configuration, TailTools tools) {
    this.configuration = configuration;
    this.store = tools.store();
    this.conditions = tools.conditions();
    this.board = tools.board();
    this.submissions = new Submissions(store.desk(), configuration.allowlists());
    this.tools = tools;
    this.clock = tools.clock();
  }

  /// Takes over files whose signatures can be checked since a moment ago.
  void signed() {
    if (!configuration.allowlists().trusts().isEmpty()) {
      var _ = refresh();
    }
  }

  /// Takes over what changed in the database.
  void submitted() {
    submissions.refresh();
  }

  /// Takes over everything that changed before this was called.
  ///
  /// @return the revision of the lists
  synchronized long refresh() {
    configuration.allowlists().refresh();
    submissions.refresh();
    return configuration.allowlists().revision();
  }

  /// The same, and tells of it. Files whose signatures cannot be checked yet are no trouble.
  ///
  /// @param speaks whether this process tells, and not another that reads the same files
  synchronized void level(boolean speaks) {
    if (!tools.ready("")) {
      return;
    }
    Map<String, String> broken =
        configuration.allowlists().refresh().stream()
            .collect(Collectors.toMap(AllowlistProblem::allowlist, AllowlistProblem::reason));
    submissions.refresh();
    if (!speaks) {
      // Whoever speaks meanwhile writes down what changes.
      audited.clear();
      return;
    }
    for (String name : configuration.allowlists().names()) {
      String reason = broken.get(name);
      if (reason != null) {
        board.raise(conditions.allowlistUnreadable(name, reason, clock.instant()), "");
      } else {
        board.resolve(
            FindingId.condition(configuration.tenant(), Kind.ALLOWLIST_UNREADABLE.label(), name),
            "");
      }
      configuration.allowlists().named(name).ifPresent(this::audit);
    }
  }

  private void audit(Allowlist list) {
    String now = list.contentSha256();
    if (list.file().isEmpty() || now.isEmpty()) {
      return;
    }
    Optional<String> before =
        Optional.ofNullable(audited.get(list.name())).or(() -> lastAudited(list.name()));
    if (before.filter(now::equals).isEmpty()) {
      Deed deed =
          new Deed(
              "file",
              "",
              "",
              CHANGED,
              list.name(),
              "",
              "sha256 %s, %d lines".formatted(now, list.fileSize()));
      List<Filing> announcement =
          before.isEmpty() ? List.of() : announcement(list, before.get(), now);
      store.desk().note(deed, announcement);
    }
    audited.put(list.name(), now);
  }

  private List<Filing> announcement(Allowlist list, String before, String now) {
    return list
        .terms()
        .told()
        .map(severity ->
            new AllowlistAlerts(configuration.tenant(), clock)
                .fileChanged(list.name(), severity, before, now))
        .map(finding -> new Filing(finding, configuration.routes().plan(finding.alert())))
        .stream()
        .toList();
  }

  private Optional<String> lastAudited(String list) {
    Desk desk = store.desk();
    return desk.audit(list, Long.MAX_VALUE, SEARCHED).stream()
        .map(AuditEntry::deed)
        .filter(deed -> deed.action().equals(CHANGED))
        .map(deed -> deed.detail().replaceFirst("^sha256 ([0-9a-f]+),.*", "$1"))
        .findFirst();
  }
}
