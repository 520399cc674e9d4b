package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Turns states that hinder Sigwarden's own work into alerts, and ends them. They come and go by
/// themselves and never speak of tampering. One id per kind and subject: the store counts the
/// tellings.
public final class Conditions {
  private final String tenant;
  private final Clock clock;

  /// Conditions of one tenant; the clock gives the time of each telling.
  public Conditions(String tenant, Clock clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /// A log does not answer.
  ///
  /// @param reason what the last attempt met; may hold text from the log
  /// @param since when the log answered last
  public Alert unreachable(WhereSeen where, String reason, Instant since) {
    return ofLog(
        Kind.LOG_UNREACHABLE,
        where,
        "Nothing new of this log is being checked.",
        new Fields()
            .fromLog("last-error", reason)
            .add("failing-since", Alerts.millis(since).toString()),
        since,
        "Is it only this log? If several are unreachable, look at this machine's network first.",
        "Look at the log operator's status page. Sigwarden goes on asking and catches up by itself;"
            + " nothing is skipped.");
  }

  /// The time that a log states in its newest head is older than it promised, or lies ahead.
  ///
  /// @param size the newest head's size, entries
  /// @param allowed the log's maximum merge delay
  /// @param stated the time that the head states
  public Alert mergeDelayMissed(WhereSeen where, long size, Duration allowed, Instant stated) {
    boolean ahead = stated.isAfter(clock.instant());
    return ofLog(
        Kind.MERGE_DELAY_MISSED,
        where,
        ahead
            ? "The log dates its newest head in the future, so that nobody can tell how old it is."
            : "The log signs no head as new as it promised: what it took since may be in no tree.",
        new Fields()
            .add("newest-size", Long.toString(size))
            .add("stated-time", stated.toString())
            .add("allowed-age", allowed.toString()),
        ahead ? clock.instant() : stated,
        "Is this machine's clock right? If so, the log breaks its promise to whoever relies on its"
            + " timestamps.",
        "Ask for the log's head from another network. A newer one there means that it is withheld"
            + " from you: treat it as a split view.",
        "Look at the log operator's status page, and whether the log was retired.");
  }

  /// A log's newest checkpoint is older than the operator allows.
  ///
  /// @param size the newest head's size, entries
  /// @param allowed how old a newest checkpoint may be
  /// @param since when the newest head was seen first
  public Alert stale(WhereSeen where, long size, Duration allowed, Instant since) {
    return ofLog(
        Kind.CHECKPOINT_STALE,
        where,
        "The log shows no newer checkpoint. Either nobody signs, or new entries are withheld.",
        new Fields()
            .add("newest-size", Long.toString(size))
            .add("seen-first", Alerts.millis(since).toString())
            .add("allowed-age", allowed.toString()),
        since,
        "Ask for the log's checkpoint from another network. A larger tree there means that entries"
            + " are withheld from you: treat it as a split view.",
        "If the log is known to be quiet or is retired, raise its stale-after.");
  }

  /// Not enough witnesses cosigned a log's newest head.
  ///
  /// @param reason which witnesses are missing; may hold text from the log
  public Alert witnessStale(WhereSeen where, String reason, Instant since) {
    return ofLog(
        Kind.WITNESS_STALE,
        where,
        "The log's newest heads lack the cosignatures that the operator asked for.",
        new Fields().fromLog("missing", reason),
        since,
        "Look at the witnesses' own pages: is one of them down, or does it refuse this log?",
        "A witness that refuses a log may have seen another history: compare its head with ours.");
  }

  /// A log is read, but not at all of its addresses.
  public Alert mirrorUnreachable(WhereSeen where, String reason, Instant since) {
    return ofLog(
        Kind.MIRROR_UNREACHABLE,
        where,
        "What one address of the log shows is compared with no other: a log that shows one tree"
            + " here and another there would not be noticed there.",
        new Fields()
            .fromLog("last-error", reason)
            .add("failing-since", Alerts.millis(since).toString()),
        since,
        "Did the address change, or is it gone for good? Then take it out of `mirrors`.",
        "Sigwarden goes on asking it; the log itself is read at the others.");
  }

  /// A log was taken off the list that it was found on.
  ///
  /// @param family the operator's name of the list
  /// @param unread entries of its newest head that were not judged
  public Alert delisted(WhereSeen where, String family, long unread, Instant since) {
    Fields what = new Fields().add("family", family);
    if (unread > 0) {
      what.add("entries-not-judged", Long.toString(unread));
    }
    return ofLog(
        Kind.LOG_DELISTED,
        where,
        unread > 0
            ? "The log is not listed any more, so it is not followed any more: entries that it had"
                + " signed are not judged."
            : "The log is not listed any more, so it is not followed any more.",
        what,
        since,
        "Find out why: was it retired, or did somebody alter the list?",
        "If it should be followed, give it a section of its own.");
  }

  /// The entries of a log arrive faster than they are judged.
  ///
  /// @param judged entries judged
  /// @param size entries in the newest head
  /// @param outlook when it will be caught up, in our words
  public Alert backlog(WhereSeen where, long judged, long size, String outlook, Instant since) {
    return ofLog(
        Kind.LOG_BACKLOG,
        where,
        "Entries are judged later than they are logged: alerts come late.",
        new Fields()
            .add("judged", Long.toString(judged))
            .add("tree-size", Long.toString(size))
            .add("behind", Long.toString(Math.max(0, size - judged)))
            .add("caught-up", outlook),
        since,
        "Look at this machine's load, its network and the log's rate limits.",
        "Nothing is skipped: alerts are late until the backlog is gone.");
  }

  /// A log has more to tell in an hour than anybody reads.
  ///
  /// @param untold entries that were written down and not told one by one so far
  /// @param first the lowest index among them
  /// @param last the highest index among them
  /// @param since when the first of them was written down
  public Alert flood(WhereSeen where, long untold, long first, long last, Instant since) {
    return of(
        Kind.ALERT_FLOOD,
        where.log(),
        where.log(),
        "The first of this hour were told one by one; the others are written down and counted.",
        new Fields()
            .add("untold-so-far", Long.toString(untold))
            .add("first-index", Long.toString(first))
            .add("last-index", Long.toString(last)),
        Alerts.where(where),
        since,
        new Commands()
            .add(
                "sigwarden scan --log %s --from %s --to %s",
                where.log(), Long.toString(first), Long.toString(last + 1))
            .list(),
        List.of(
            "Somebody may be flooding the log to hide one entry: look at what was told one by one"
                + " first, then read the others with the command above.",
            "If they are your own, add what they sign to an allowlist, or narrow the watch that"
                + " selects them."));
  }

  /// The end of a flood, with what it came to.
  public Alert floodOver(Alert opened, long untold, long first, long last) {
    return ended(
        opened,
        "This is over: %d entries were written down and not told one by one, indexes %d to %d."
            .formatted(untold, first, last));
  }

  /// A receiver does not take alerts.
  ///
  /// @param receiver the receiver's name
  /// @param reason what the last attempt met; may hold the receiver's words
  public Alert deliveryFailing(String receiver, String reason, Instant since) {
    return of(
        Kind.DELIVERY_FAILING,
        receiver,
        "",
        "Receiver "
            + Sanitizer.clean(receiver)
            + " does not take alerts; they wait or were given up.",
        new Fields().add("receiver", receiver).fromLog("last-error", reason),
        List.of(),
        since,
        List.of(),
        List.of(
            "Look for open findings: whoever relies on this receiver was not told of them.",
            "Mend the receiver or its entry in the configuration; waiting alerts are then sent."));
  }

  /// A changed allowlist file cannot be read; what it held before stays in force.
  ///
  /// @param reason what was found, where, and what was expected
  public Alert allowlistUnreadable(String allowlist, String reason, Instant since) {
    return of(
        Kind.ALLOWLIST_UNREADABLE,
        allowlist,
        "",
        "The file of allowlist "
            + Sanitizer.clean(allowlist)
            + " cannot be read; what it held before stays in force.",
        new Fields().add("allowlist", allowlist).add("problem", reason),
        List.of(),
        since,
        List.of(),
        List.of("Mend the file; it is read again within seconds."));
  }

  /// A trusted root is not vouched for any more, or its repository does not answer.
  ///
  /// @param trust the operator's name of it
  /// @param reason what the last attempt met; may hold the repository's text
  /// @param inForce whether an earlier root is in force all the same
  public Alert trustStale(String trust, String reason, boolean inForce, Instant since) {
    return of(
        Kind.TRUST_STALE,
        trust,
        "",
        inForce
            ? "Trusted root "
                + Sanitizer.clean(trust)
                + " cannot be refreshed; the last good one stays in force."
            : "There is no trusted root "
                + Sanitizer.clean(trust)
                + " yet: certificates are not checked, and whatever names a watched identity is told"
                + " in full.",
        new Fields().add("trust", trust).fromLog("last-error", reason),
        List.of(),
        since,
        List.of(),
        List.of(
            "If the error is about signatures, versions, lengths or hashes: the repository, or"
                + " something in between, serves what its keys do not vouch for. Compare with"
                + " another network and tell its operator.",
            "If it expired: look whether its operator has published something newer; authorities"
                + " that are new since are not known here, so their certificates count as"
                + " unverified claims.",
            "If it does not answer: look at this machine's network. It is asked again by itself."));
  }

  /// A changed configuration did not load; the one before is in force.
  ///
  /// @param problems what is wrong with it
  public Alert configRejected(String file, List<String> problems, Instant since) {
    Fields what = new Fields().add("file", file);
    Sanitizer.cleanAll(problems).forEach(problem -> what.add("problem", problem));
    return of(
        Kind.CONFIG_REJECTED,
        file,
        "",
        "The changed configuration has errors; the one before stays in force.",
        what,
        List.of(),
        since,
        List.of(),
        List.of("Run sigwarden check, mend what it names, and save the file again."));
  }

  /// Sigwarden met an error of its own.
  ///
  /// @param part which part of Sigwarden, in our words: `turn of rekor-2025`
  /// @param reason the error; may hold text from a log
  public Alert internalError(String part, String reason, Instant since) {
    return of(
        Kind.INTERNAL_ERROR,
        part,
        "",
        "A part of Sigwarden failed: " + Sanitizer.clean(part) + ".",
        new Fields().fromLog("error", reason),
        List.of(),
        since,
        List.of(),
        List.of(
            "Look at Sigwarden's own log for the full error. Positions did not move; the work is"
                + " tried again.",
            "Report it with the log lines and the version; check them for secrets first."));
  }

  /// The end of a condition: the same id and kind, with what led to it left out.
  public Alert resolved(Alert opened) {
    return ended(opened, "This is over.");
  }

  /// The end of a condition whose subject is not in the configuration any more.
  public Alert withdrawn(Alert opened) {
    return ended(opened, "What this was about is no longer configured.");
  }

  private Alert ended(Alert opened, String why) {
    Instant now = Alerts.millis(clock.instant());
    return new Alert(
        opened.uid(),
        opened.revision(),
        Alert.Event.RESOLVED,
        opened.kind(),
        opened.severity(),
        opened.title(),
        why,
        opened.log(),
        opened.watch(),
        opened.owner(),
        opened.runbook(),
        opened.firstSeen(),
        now,
        List.of(),
        List.of(),
        new Fields()
            .add("since", opened.firstSeen().toString())
            .add("over-at", now.toString())
            .list(),
        opened.where(),
        List.of(),
        List.of(),
        List.of());
  }

  Alert ofLog(Kind kind, WhereSeen where, String why, Fields what, Instant since, String... steps) {
    return of(
        kind,
        where.log(),
        where.log(),
        why,
        what,
        Alerts.where(where),
        since,
        List.of(),
        List.of(steps));
  }

  Alert of(
      Kind kind,
      String subject,
      String log,
      String why,
      Fields what,
      List<Field> where,
      Instant since,
      List<String> check,
      List<String> steps) {
    return new Alert(
        FindingId.condition(tenant, kind.label(), subject),
        1,
        Alert.Event.OPENED,
        kind,
        kind.severity(),
        kind.title(),
        why,
        Sanitizer.clean(log),
        "",
        "",
        "",
        Alerts.millis(since),
        Alerts.millis(clock.instant()),
        List.of(),
        what.list(),
        new Fields().add("since", Alerts.millis(since).toString()).list(),
        where,
        List.of(),
        check,
        steps);
  }
}
