package dev.sigwarden.alert;

import dev.sigwarden.watch.Severity;

/// Kinds of findings and conditions.
public enum Kind {
  UNEXPECTED_SIGNATURE(
      "unexpected-signature", Family.IDENTITY, Severity.HIGH, "Unexpected signature"),
  LOOKALIKE("lookalike", Family.IDENTITY, Severity.MEDIUM, "Look-alike of a watched identity"),
  UNVERIFIED_CLAIM(
      "unverified-claim",
      Family.IDENTITY,
      Severity.LOW,
      "A certificate that claims a watched identity"),
  EXPECTED_ENTRY_MISSING(
      "expected-entry-missing", Family.IDENTITY, Severity.HIGH, "A release without its log entry"),
  ENTRY_UNDECODABLE(
      "entry-undecodable", Family.IDENTITY, Severity.LOW, "Entry that could not be decoded"),
  LOG_FORK("log-fork", Family.INTEGRITY, Severity.CRITICAL, "A log showed two histories"),
  LOG_ROLLBACK("log-rollback", Family.INTEGRITY, Severity.CRITICAL, "A log went back"),
  CHECKPOINT_INVALID(
      "checkpoint-invalid",
      Family.INTEGRITY,
      Severity.CRITICAL,
      "A checkpoint that cannot be believed"),
  LEAVES_MISMATCH(
      "leaves-mismatch",
      Family.INTEGRITY,
      Severity.CRITICAL,
      "Entries that are not in the signed tree"),
  SHARDS_CHANGED(
      "shards-changed", Family.INTEGRITY, Severity.CRITICAL, "Shards of a log vanished or moved"),
  ENTRIES_CHANGED(
      "entries-changed",
      Family.INTEGRITY,
      Severity.CRITICAL,
      "Entries of a ledger changed, vanished or came late"),
  RECEIPT_INVALID(
      "receipt-invalid",
      Family.INTEGRITY,
      Severity.CRITICAL,
      "A ledger's receipt that does not hold"),
  SERVICE_KEYS_CHANGED(
      "service-keys-changed",
      Family.INTEGRITY,
      Severity.CRITICAL,
      "Other keys of a ledger's service"),
  POLICY_CHANGED(
      "policy-changed", Family.INTEGRITY, Severity.HIGH, "A ledger's registration policy changed"),
  STATEMENT_INVALID(
      "statement-invalid",
      Family.INTEGRITY,
      Severity.HIGH,
      "A ledger took a statement that is not its issuer's"),
  VERSION_ROLLBACK(
      "version-rollback", Family.IDENTITY, Severity.HIGH, "A security version went down"),
  ENTRY_UNAVAILABLE(
      "entry-unavailable",
      Family.OPERATIONAL,
      Severity.HIGH,
      "Entries that a ledger lists and does not prove"),
  LOG_APPEARED("log-appeared", Family.OPERATIONAL, Severity.INFO, "A new log is followed"),
  LOG_KEY_CHANGED(
      "log-key-changed", Family.OPERATIONAL, Severity.MEDIUM, "Other keys sign for a log"),
  LOG_DELISTED("log-delisted", Family.OPERATIONAL, Severity.MEDIUM, "A log is not listed any more"),
  LOG_UNREACHABLE("log-unreachable", Family.OPERATIONAL, Severity.MEDIUM, "Log unreachable"),
  MIRROR_UNREACHABLE(
      "mirror-unreachable",
      Family.OPERATIONAL,
      Severity.MEDIUM,
      "An address of a log does not answer"),
  CHECKPOINT_STALE("checkpoint-stale", Family.OPERATIONAL, Severity.MEDIUM, "Checkpoint stale"),
  MERGE_DELAY_MISSED(
      "merge-delay-missed",
      Family.OPERATIONAL,
      Severity.HIGH,
      "A log missed its maximum merge delay"),
  WITNESS_STALE("witness-stale", Family.OPERATIONAL, Severity.MEDIUM, "Witness cosignatures stale"),
  LOG_BACKLOG("log-backlog", Family.OPERATIONAL, Severity.MEDIUM, "Entries are judged late"),
  ALERT_FLOOD(
      "alert-flood", Family.OPERATIONAL, Severity.HIGH, "More findings than are told one by one"),
  DELIVERY_FAILING(
      "delivery-failing", Family.OPERATIONAL, Severity.HIGH, "A receiver does not take alerts"),
  ALLOWLIST_UNREADABLE(
      "allowlist-unreadable", Family.OPERATIONAL, Severity.HIGH, "An allowlist cannot be read"),
  ALLOWLIST_CHANGED(
      "allowlist-changed", Family.IDENTITY, Severity.MEDIUM, "An allowlist was changed"),
  TRUST_STALE(
      "trust-stale", Family.OPERATIONAL, Severity.HIGH, "A trusted root cannot be refreshed"),
  CONFIG_REJECTED(
      "config-rejected", Family.OPERATIONAL, Severity.HIGH, "New configuration rejected"),
  CONFIG_DIFFERS(
      "config-differs", Family.OPERATIONAL, Severity.HIGH, "Replicas' configurations differ"),
  INTERNAL_ERROR(
      "internal-error", Family.OPERATIONAL, Severity.HIGH, "Sigwarden met an error of its own"),
  DATABASE_AWAY("database-away", Family.OPERATIONAL, Severity.HIGH, "The database took no writes"),
  DRILL_FAILED("drill-failed", Family.OPERATIONAL, Severity.HIGH, "A drill failed"),
  CLOCK_SKEW("clock-skew", Family.OPERATIONAL, Severity.HIGH, "This machine's clock is wrong"),
  HEARTBEAT("heartbeat", Family.OPERATIONAL, Severity.INFO, "Sigwarden is alive"),
  REPORT("report", Family.OPERATIONAL, Severity.INFO, "Report on what was found"),
  DRILL("drill", Family.DRILL, Severity.INFO, "DRILL: test signature"),
  TEST("test", Family.DRILL, Severity.INFO, "Test of the alert path");

  private final String label;
  private final Family family;
  private final Severity severity;
  private final String title;

  Kind(String label, Family family, Severity severity, String title) {
    this.label = label;
    this.family = family;
    this.severity = severity;
    this.title = title;
  }

  /// The name used in configuration, alerts and ids.
  public String label() {
    return label;
  }

  /// The family.
  public Family family() {
    return family;
  }

  /// The severity unless a watch or the circumstances say otherwise.
  public Severity severity() {
    return severity;
  }

  /// A headline in our own words.
  public String title() {
    return title;
  }
}
