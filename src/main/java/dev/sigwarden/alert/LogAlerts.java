package dev.sigwarden.alert;

import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.SplitView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// Turns a log's misbehaviour into the loudest alerts there are. One finding per fact: a fork per
/// branch, a rollback per known size, a mismatch per range of entries; checkpoints that cannot be
/// believed once per cause, reason and UTC day, up to a bound, so that a log asked every few
/// seconds cannot flood anyone.
public final class LogAlerts {
  /// Findings a UTC day on checkpoints of one log with one cause: enough to keep the evidence of
  /// lies that differ, few enough that a log which invents a new one for each answer floods nobody.
  static final int REASONS_A_DAY = 16;

  private static final List<String> LYING_STEPS =
      List.of(
          "Stop trusting this log: hold back releases and deployments whose checks rely on it.",
          "Do not fetch over the evidence. Both signed heads and the proof are kept with this"
              + " finding; copy them elsewhere.",
          "Ask for the log's checkpoint from another network and from its witnesses, and compare"
              + " size and root hash with the heads above.",
          "Rule out our side: was the log's key or address changed in the configuration, is a proxy"
              + " or mirror in between, was this database restored from a backup?",
          "Report it to the log's operator and to the ecosystem's security contact with both signed"
              + " heads. Two contradicting heads signed by one key are proof by themselves.",
          "Sigwarden goes on watching what the log serves as a branch beside the proven history."
              + " Only a person closes this finding.");

  private static final List<String> LIST_STEPS =
      List.of(
          "Stop trusting this log: hold back releases and deployments whose checks rely on it.",
          "Ask for the log's list of shards from another network, and compare it with the one kept"
              + " with this finding.",
          "Rule out our side: was the log's address changed in the configuration, is a proxy or"
              + " mirror in between, was this database restored from a backup?",
          "Report it to the log's operator and to the ecosystem's security contact, with the signed"
              + " head of the shard that is kept with this finding: its size is what was promised"
              + " to stay.",
          "Sigwarden goes on asking for the shard. Only a person closes this finding.");

  private final LogFindings findings;

  /// Alerts of one tenant; the clock gives the time of each telling.
  public LogAlerts(String tenant, Clock clock) {
    this.findings = new LogFindings(tenant, clock);
  }

  /// The log signed two heads of which neither continues the other.
  ///
  /// @param where the log; `branch` is the number of the branch that the new head starts
  /// @param known the head known before
  /// @param shown the head that the log shows now
  /// @param parts where the two histories part, if that is proven
  /// @param firstSeen when the second head was seen
  public Alert fork(
      WhereSeen where,
      TreeHead known,
      TreeHead shown,
      Optional<SplitView.Range> parts,
      Instant firstSeen) {
    String why =
        known.size() == shown.size()
            ? "Two signed heads of the same size have different root hashes."
            : "No proof shows that one of the two signed heads continues the other.";
    return lying(
        Kind.LOG_FORK,
        "/branch-" + where.branch(),
        known.size(),
        where,
        why,
        parts
            .map(range -> parting(heads(known, shown), range))
            .orElseGet(() -> heads(known, shown)),
        firstSeen);
  }

  private static Fields parting(Fields what, SplitView.Range range) {
    return range.to() - range.from() == 1
        ? what.add("first-divergent-entry", Long.toString(range.from()))
        : what.add("first-divergent-entry", "in [%d, %d)".formatted(range.from(), range.to()));
  }

  /// The log signed or served a head that is smaller than one it signed before.
  public Alert rollback(WhereSeen where, TreeHead known, TreeHead shown, Instant firstSeen) {
    return lying(
        Kind.LOG_ROLLBACK,
        "/branch-" + where.branch(),
        known.size(),
        where,
        "The log shows a smaller tree than it had signed before.",
        heads(known, shown),
        firstSeen);
  }

  /// The log's checkpoint cannot be believed: malformed, wrong key, bad signature, witnesses
  /// missing.
  ///
  /// @param cause a stable word of ours for what is wrong: `signature`, `malformed`, `witnesses`,
  ///   `time`, `final-head`
  /// @param reason what was found: another reason is another finding, unless both fall into the
  ///   same of `REASONS_A_DAY` parts; may hold text from the log
  public Alert checkpointInvalid(WhereSeen where, String cause, String reason, Instant firstSeen) {
    LocalDate day = LocalDate.ofInstant(firstSeen, ZoneOffset.UTC);
    return lying(
        Kind.CHECKPOINT_INVALID,
        "/" + cause + "/" + day + "/" + part(reason),
        -1,
        where,
        "The log answered with a checkpoint that cannot be believed: "
            + Sanitizer.clean(cause)
            + ".",
        new Fields().fromLog("reason", reason),
        firstSeen);
  }

  /// The log serves entries that are not in the tree it signed.
  ///
  /// @param from the first index of the range that does not match
  /// @param to the index after the last
  /// @param head the signed head that they were checked against
  /// @param reason what was found; may hold text from the log
  public Alert leavesMismatch(
      WhereSeen where, long from, long to, TreeHead head, String reason, Instant firstSeen) {
    return lying(
        Kind.LEAVES_MISMATCH,
        "/branch-" + where.branch(),
        from,
        where,
        "Entries that the log serves do not hash to the tree that it signed.",
        new Fields()
            .add("entries", "[" + from + ", " + to + ")")
            .add("signed-head", text(head))
            .fromLog("reason", reason),
        firstSeen);
  }

  /// What can be wrong with a member's place in the list of its family.
  public enum Missing {
    /// It has none.
    VANISHED,
    /// It has another one.
    MOVED
  }

  /// A family of logs that keeps its own list does not list a member in its place any more.
  ///
  /// @param where the member
  /// @param reason what was found and what was expected
  public Alert shardsChanged(WhereSeen where, Missing what, String reason, Instant firstSeen) {
    return alert(
        Kind.SHARDS_CHANGED,
        "/" + what,
        -1,
        where,
        "Shards that were signed once do not vanish and do not change places.",
        new Fields().fromLog("reason", reason),
        firstSeen,
        LIST_STEPS);
  }

  /// A log joined a family that is followed: it is followed too, from its first entry. No
  /// misbehaviour, and told once.
  ///
  /// @param family the operator's name of the family
  public Alert appeared(WhereSeen where, String family, Instant firstSeen) {
    return alert(
        Kind.LOG_APPEARED,
        "",
        -1,
        where,
        "A log was added to %s; it is followed from its first entry on."
            .formatted(Sanitizer.clean(family)),
        new Fields().add("family", family),
        firstSeen,
        List.of("Nothing is to be done if its operator has announced it; ask them if not."));
  }

  /// The list that a log was found on names other keys for it than before; they are believed from
  /// now on. No misbehaviour by itself, and told once for each set of keys.
  ///
  /// @param family the operator's name of the list
  /// @param before the vkeys that were named until now
  /// @param now those that are named now
  public Alert keysChanged(
      WhereSeen where, String family, List<String> before, List<String> now, Instant firstSeen) {
    Fields what = new Fields().add("family", family);
    before.stream()
        .filter(key -> !now.contains(key))
        .forEach(key -> what.fromLog("key-removed", key));
    now.stream()
        .filter(key -> !before.contains(key))
        .forEach(key -> what.fromLog("key-added", key));
    return alert(
        Kind.LOG_KEY_CHANGED,
        "/" + String.join(" ", now),
        -1,
        where,
        "%s names other keys for this log than before; checkpoints that they sign are believed."
            .formatted(Sanitizer.clean(family)),
        what,
        firstSeen,
        List.of(
            "Ask for the operator's announcement of new keys, in a place that is not the list.",
            "If there is none: whoever can alter the list can sign for the log. Stop trusting both,"
                + " and tell the log's operator.",
            "The history that was proven under the old keys goes on counting: a head by a new key"
                + " that does not continue it is told as a fork."));
  }

  private Alert lying(
      Kind kind,
      String rule,
      long index,
      WhereSeen where,
      String why,
      Fields what,
      Instant firstSeen) {
    return alert(kind, rule, index, where, why, what, firstSeen, LYING_STEPS);
  }

  /// The log merged an entry later than it promised, by its own times. Told once a day at most: a
  /// log that is late is late with many.
  ///
  /// @param taken when it says that it took the entry
  /// @param size the entries of a head that lacks this one
  /// @param signedAt when it says that it signed that head
  /// @param allowed its maximum merge delay
  public Alert mergedLate(
      WhereSeen where,
      long index,
      Instant taken,
      long size,
      Instant signedAt,
      Duration allowed,
      Instant firstSeen) {
    return alert(
        Kind.MERGE_DELAY_MISSED,
        "/entry/" + LocalDate.ofInstant(firstSeen, ZoneOffset.UTC),
        -1,
        where,
        "The log merged an entry later than it promised: until then its timestamp was no proof that"
            + " anybody could see the entry.",
        new Fields()
            .add("entry", Long.toString(index))
            .add("taken", taken.toString())
            .add("missing-from-size", Long.toString(size))
            .add("signed", signedAt.toString())
            .add("allowed-delay", allowed.toString()),
        firstSeen,
        List.of(
            "Both heads and the entry are kept with this finding: by the log's own times it breaks"
                + " the promise that its timestamps rest on. Report it to whoever lists the log.",
            "Look at the log operator's status page: was merging halted, or restored from a"
                + " backup?"));
  }

  private Alert alert(
      Kind kind,
      String rule,
      long index,
      WhereSeen where,
      String why,
      Fields what,
      Instant firstSeen,
      List<String> steps) {
    return findings.opened(
        kind,
        kind.severity(),
        rule,
        index,
        where,
        why,
        what,
        firstSeen,
        kind == Kind.LOG_FORK ? List.of("sigwarden verify split-view.json") : List.of(),
        steps);
  }

  /// Which part of all reasons this one falls into, `[0, REASONS_A_DAY)`. Reasons are sorted by
  /// their hash and not counted, so that a restart does not forget what was told.
  private static int part(String reason) {
    byte[] hash = FindingId.sha256().digest(reason.getBytes(StandardCharsets.UTF_8));
    return Math.floorMod(hash[0], REASONS_A_DAY);
  }

  private static Fields heads(TreeHead known, TreeHead shown) {
    return new Fields().add("known-head", text(known)).add("shown-head", text(shown));
  }

  private static String text(TreeHead head) {
    return "size " + head.size() + ", root sha256:" + head.root().toHex();
  }
}
