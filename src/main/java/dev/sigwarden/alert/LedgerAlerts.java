package dev.sigwarden.alert;

import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.watch.Severity;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/// Turns what was seen of a ledger into alerts. One finding per fact: a fork per tree that is
/// contradicted, a rollback per place that was reached, an entry per transaction and what became of
/// it, a key per change.
public final class LedgerAlerts {
  private static final String RULE_OUT =
      "Rule out our side: was the ledger's address changed in the configuration, is a proxy in"
          + " between, was this database restored from a backup?";

  private static final String KEEP =
      "Keep the evidence of this finding: receipts that contradict each other are proof by"
          + " themselves, whoever holds them.";

  private static final String REPORT =
      "Report it to the ledger's operator and to those who rely on its receipts.";

  private static final List<String> LYING =
      List.of(
          "Stop trusting this ledger: hold back deployments whose checks rely on its receipts.",
          KEEP,
          "Ask for the same entry from another network, and compare it with the one kept here.",
          RULE_OUT,
          REPORT,
          "Sigwarden goes on reading the ledger. Only a person closes this finding.");

  private static final List<String> KEYS =
      List.of(
          "Look for the operator's announcement: a new key means that the service was recovered"
              + " after a disaster, and what it had lost is gone.",
          "With the ledger's files at hand, replay them (sigwarden scan --log ledger:DIR): they say"
              + " whether the new key endorses the one before.",
          "If it is genuine, add the key's id to service-keys in the configuration. Sigwarden then"
              + " reads on, and looks at every older entry again.",
          "If it is not, stop trusting this ledger, and report it.",
          RULE_OUT);

  private static final List<String> POLICY =
      List.of(
          "Compare both policies, which are kept with this finding: who may register statements now"
              + " who could not before?",
          "Look for the operator's announcement, and for the proposal in the ledger's governance.",
          "A weaker policy is how statements in your name come in: watch this ledger's findings.");

  private static final List<String> VERSION =
      List.of(
          "Ask the owner whether the older version was signed again on purpose.",
          "If it was not: whoever takes the newest statement for the newest version is being led"
              + " back to one with known holes. Freeze deployments of this feed.",
          "Have verifiers refuse what is below the highest version (sigwarden verify --min-svn).");

  private static final List<String> STATEMENT =
      List.of(
          "The service says that it checks signatures before it registers: either it does not, or"
              + " its policy was changed. Check the statement with the command above.",
          "Do not rely on this ledger's word for the issuers of its statements.",
          REPORT);

  private final Alerts alerts;
  private final LogFindings findings;

  /// Alerts of one tenant; the clock gives the time of each telling.
  public LedgerAlerts(String tenant, Alerts alerts, Clock clock) {
    this.alerts = alerts;
    this.findings = new LogFindings(tenant, clock);
  }

  /// Two receipts that cannot be of one history.
  ///
  /// @param size the tree that is contradicted
  /// @param known its receipt in words
  /// @param shown the other one in words
  /// @param reason what contradicts
  public Alert fork(
      WhereSeen where, long size, String known, String shown, String reason, Instant firstSeen) {
    return alert(
        Kind.LOG_FORK,
        Kind.LOG_FORK.severity(),
        "/ledger",
        size,
        where,
        "The service signed two trees of which neither continues the other.",
        new Fields().add("known", known).add("shown", shown).add("reason", reason),
        firstSeen,
        LYING);
  }

  /// The service says that less is committed than it had proven before.
  ///
  /// @param place the last place that was read
  /// @param shown the newest transaction now
  public Alert rollback(WhereSeen where, long place, String shown, Instant firstSeen) {
    return alert(
        Kind.LOG_ROLLBACK,
        Kind.LOG_ROLLBACK.severity(),
        "/ledger",
        place,
        where,
        "The newest transaction of the ledger is before one that it had committed.",
        new Fields().add("known-place", Long.toString(place)).add("newest-now", shown),
        firstSeen,
        LYING);
  }

  /// What became of an entry of a past that was closed.
  public enum Became {
    /// It has other bytes.
    CHANGED("Another statement stands where one was proven before."),
    /// The service denies it.
    VANISHED("An entry that was proven before is gone."),
    /// The service has it, and its list of entries does not.
    UNLISTED("The service's list leaves out an entry that it had listed."),
    /// It was not there when its range was read.
    LATE("An entry came up in a range that was closed."),
    /// The ledger's files have it, and the service's list does not.
    HIDDEN("The ledger's files hold an entry that the service's list hides."),
    /// The service has it, and the ledger's files do not.
    ABSENT("The ledger's files lack an entry that the service proved."),
    /// A file of the ledger is not what it was, or not what a ledger is.
    FILE("A file of the ledger is not what it was, or breaks the ledger's own rules.");

    private final String words;

    Became(String words) {
      this.words = words;
    }
  }

  /// An entry, or a file, is not what an append-only ledger has.
  ///
  /// @param subject the transaction or file
  /// @param place its place; that of a file is its first
  /// @param reason what was found; may hold text from the service
  public Alert entry(
      WhereSeen where,
      Became became,
      String subject,
      long place,
      String reason,
      Instant firstSeen) {
    return alert(
        Kind.ENTRIES_CHANGED,
        Kind.ENTRIES_CHANGED.severity(),
        "/" + became.name().toLowerCase(java.util.Locale.ROOT),
        place,
        where,
        became.words,
        new Fields()
            .fromLog(became == Became.FILE ? "file" : "transaction", subject)
            .fromLog("reason", reason),
        firstSeen,
        LYING);
  }

  /// A receipt that does not hold, or not for its entry. Told once a day for each transaction.
  ///
  /// @param transaction the entry that was asked for
  /// @param reason what does not hold; may hold text from the service
  public Alert receiptInvalid(
      WhereSeen where, String transaction, long place, String reason, Instant firstSeen) {
    return receipt(
        Kind.RECEIPT_INVALID.severity(), "", where, transaction, place, reason, firstSeen);
  }

  /// A receipt that is dated before an earlier one: a clock of the service is wrong.
  public Alert receiptTime(
      WhereSeen where, String transaction, long place, String reason, Instant firstSeen) {
    return receipt(Severity.MEDIUM, "/time", where, transaction, place, reason, firstSeen);
  }

  private Alert receipt(
      Severity severity,
      String cause,
      WhereSeen where,
      String transaction,
      long place,
      String reason,
      Instant firstSeen) {
    return alert(
        Kind.RECEIPT_INVALID,
        severity,
        cause + "/" + LocalDate.ofInstant(firstSeen, ZoneOffset.UTC),
        place,
        where,
        "The receipt that the service serves for an entry does not prove it.",
        new Fields().add("transaction", transaction).fromLog("reason", reason),
        firstSeen,
        LYING);
  }

  /// What became of a key of the service.
  public enum KeyChange {
    /// One that nobody vouches for signs, or is shown.
    UNKNOWN("The service has a key that nobody vouches for: what it signs is not believed."),
    /// A new one, which the ledger says goes on from the one before.
    ENDORSED("The service has a new key, which the ledger's files show to go on from the old one."),
    /// A new one that the operator named.
    ACCEPTED("The service has a new key, which the configuration names."),
    /// One that was shown is shown no more.
    REMOVED("A key of the service is shown no more: receipts by it cannot be checked any longer."),
    /// The service proves itself by a certificate of another key.
    IDENTITY("The service proves itself by a certificate of a key that is not accepted.");

    private final String words;

    KeyChange(String words) {
      this.words = words;
    }

    private Kind kind() {
      return switch (this) {
        case UNKNOWN, REMOVED, IDENTITY -> Kind.SERVICE_KEYS_CHANGED;
        case ENDORSED, ACCEPTED -> Kind.LOG_KEY_CHANGED;
      };
    }

    private Severity severity() {
      return this == ACCEPTED ? Severity.INFO : kind().severity();
    }
  }

  /// The service's keys are not what they were.
  ///
  /// @param key its id, or what is said of it
  public Alert keys(WhereSeen where, KeyChange change, String key, Instant firstSeen) {
    return alert(
        change.kind(),
        change.severity(),
        "/" + change.name().toLowerCase(java.util.Locale.ROOT) + "/" + key,
        -1,
        where,
        change.words,
        new Fields().fromLog("key", key),
        firstSeen,
        KEYS);
  }

  /// The service says another policy than before.
  ///
  /// @param before the SHA-256 of what it said before, in hex
  /// @param now the SHA-256 of what it says now, in hex
  public Alert policy(WhereSeen where, String before, String now, Instant firstSeen) {
    return alert(
        Kind.POLICY_CHANGED,
        Kind.POLICY_CHANGED.severity(),
        "/" + before + "/" + now,
        -1,
        where,
        "The service registers statements by other rules than before.",
        new Fields().add("policy-before", "sha256:" + before).add("policy-now", "sha256:" + now),
        firstSeen,
        POLICY);
  }

  /// The service registered a statement that is not its issuer's.
  ///
  /// @param reason why not
  public Alert statementInvalid(
      WhereSeen where, String transaction, String reason, Instant firstSeen) {
    return alert(
        Kind.STATEMENT_INVALID,
        Kind.STATEMENT_INVALID.severity(),
        "",
        where.index(),
        where,
        "The service registered a statement whose signature is not its issuer's.",
        new Fields().add("transaction", transaction).fromLog("reason", reason),
        firstSeen,
        STATEMENT);
  }

  /// A watched issuer signed an older security version than before, for the same feed.
  ///
  /// @param because both versions
  /// @param around as in `Alerts.unexpectedSignature`
  public Alert versionRollback(
      WhereSeen where,
      SigningEvent event,
      Selected selected,
      String because,
      Instant firstSeen,
      Surroundings around) {
    return alerts.signature(
        Kind.VERSION_ROLLBACK,
        selected.severity(),
        VERSION,
        where,
        event,
        selected,
        because,
        firstSeen,
        around);
  }

  private Alert alert(
      Kind kind,
      Severity severity,
      String rule,
      long place,
      WhereSeen where,
      String why,
      Fields what,
      Instant firstSeen,
      List<String> steps) {
    return findings.opened(
        kind,
        severity,
        rule,
        place,
        where,
        why,
        what,
        firstSeen,
        where.index() < 0 ? List.of() : new Commands().statement(where.address()).list(),
        steps);
  }
}
