package dev.sigwarden.alert;

import dev.sigwarden.watch.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// One telling of a finding or condition: everything that a receiver needs, frozen when it was
/// routed. All text is sanitised (`Sanitizer`); escaping for the channel is the channel's.
///
/// @param uid stable id of the finding or condition: 36 characters of `[a-z2-7_]`
/// @param revision which telling of it, `>= 1`
/// @param event what happened to it
/// @param kind what it is
/// @param severity how grave
/// @param title headline in our own words and the operator's names only
/// @param why what failed: the watch and its expectation, or the log's misbehaviour
/// @param log the operator's name of the log; empty if none is concerned
/// @param watch the operator's name of the watch; empty if none is concerned
/// @param owner the watch's owner; empty if none
/// @param runbook the watch's runbook; empty if none
/// @param firstSeen when Sigwarden first saw it
/// @param at when this telling was made
/// @param who fields on the signer
/// @param what fields on the artifact
/// @param when fields on times
/// @param where fields on the log, index and proof
/// @param scope fields on the surroundings: how often, since when
/// @param check commands that check the finding independently, ready to paste, arguments quoted
/// @param steps what to do first, in order
/// @param acts commands that take it, make it expected, or close it; in the same form
/// @param url where the API has the finding; empty if nobody said where the API is reached, and for
///   what is no finding. Known only when it is delivered: addresses change
public record Alert(
    String uid,
    int revision,
    Event event,
    Kind kind,
    Severity severity,
    String title,
    String why,
    String log,
    String watch,
    String owner,
    String runbook,
    Instant firstSeen,
    Instant at,
    List<Field> who,
    List<Field> what,
    List<Field> when,
    List<Field> where,
    List<Field> scope,
    List<String> check,
    List<String> steps,
    List<String> acts,
    String url) {
  /// What happened to a finding or condition.
  public enum Event {
    OPENED("opened"),
    UPDATED("updated"),
    /// Told again, since nobody has taken it.
    REMINDER("reminder"),
    /// Told to others, since nobody has taken it.
    ESCALATED("escalated"),
    ACKNOWLEDGED("acknowledged"),
    CLOSED("closed"),
    REOPENED("reopened"),
    RESOLVED("resolved"),
    /// Several findings or conditions in one telling, which has an id of its own.
    DIGEST("digest"),
    /// Sigwarden is alive.
    HEARTBEAT("heartbeat"),
    TEST("test");

    private final String label;

    Event(String label) {
      this.label = label;
    }

    /// The name used in event types: `dev.sigwarden.finding.<label>.v1`.
    public String label() {
      return label;
    }
  }

  public Alert {
    who = List.copyOf(who);
    what = List.copyOf(what);
    when = List.copyOf(when);
    where = List.copyOf(where);
    scope = List.copyOf(scope);
    check = List.copyOf(check);
    steps = List.copyOf(steps);
    acts = List.copyOf(acts);
  }

  /// An alert that nobody acts on by commands.
  public Alert(
      String uid,
      int revision,
      Event event,
      Kind kind,
      Severity severity,
      String title,
      String why,
      String log,
      String watch,
      String owner,
      String runbook,
      Instant firstSeen,
      Instant at,
      List<Field> who,
      List<Field> what,
      List<Field> when,
      List<Field> where,
      List<Field> scope,
      List<String> check,
      List<String> steps) {
    this(
        uid, revision, event, kind, severity, title, why, log, watch, owner, runbook, firstSeen, at,
        who, what, when, where, scope, check, steps, List.of(), "");
  }

  /// The groups that have fields, by name and in order.
  public Map<String, List<Field>> groups() {
    Map<String, List<Field>> groups = new LinkedHashMap<>();
    groups.put("who", who);
    groups.put("what", what);
    groups.put("when", when);
    groups.put("where", where);
    groups.put("scope", scope);
    groups.values().removeIf(List::isEmpty);
    return groups;
  }

  /// The same alert with its groups as `change` makes them of each group's name and fields.
  public Alert withGroups(BiFunction<String, List<Field>, List<Field>> change) {
    return new Alert(
        uid,
        revision,
        event,
        kind,
        severity,
        title,
        why,
        log,
        watch,
        owner,
        runbook,
        firstSeen,
        at,
        change.apply("who", who),
        change.apply("what", what),
        change.apply("when", when),
        change.apply("where", where),
        change.apply("scope", scope),
        check,
        steps,
        acts,
        url);
  }

  /// The same alert with other commands and steps.
  public Alert withLines(List<String> otherCheck, List<String> otherSteps, List<String> otherActs) {
    return new Alert(
        uid,
        revision,
        event,
        kind,
        severity,
        title,
        why,
        log,
        watch,
        owner,
        runbook,
        firstSeen,
        at,
        who,
        what,
        when,
        where,
        scope,
        otherCheck,
        otherSteps,
        otherActs,
        url);
  }

  /// Another telling of the same.
  ///
  /// @param more fields on what has happened since, added to the surroundings
  public Alert again(int next, Event what, Instant now, List<Field> more) {
    List<Field> surroundings = new ArrayList<>(scope);
    surroundings.addAll(more);
    return new Alert(
        uid,
        next,
        what,
        kind,
        severity,
        title,
        why,
        log,
        watch,
        owner,
        runbook,
        firstSeen,
        Alerts.millis(now),
        who,
        this.what,
        when,
        where,
        surroundings,
        check,
        what == Event.CLOSED ? List.of() : steps,
        what == Event.CLOSED ? List.of() : acts,
        url);
  }

  /// The same telling with these steps.
  Alert withSteps(List<String> next) {
    return withLines(check, next, acts);
  }

  /// The same telling with another number and another time of first sight.
  public Alert numbered(int number, Instant since) {
    return new Alert(
        uid, number, event, kind, severity, title, why, log, watch, owner, runbook, since, at, who,
        what, when, where, scope, check, steps, acts, url);
  }

  /// The same telling with commands to act on it.
  Alert withActs(List<String> commands) {
    return withLines(check, steps, commands);
  }

  /// The same telling with the address of its finding.
  public Alert withUrl(String address) {
    return new Alert(
        uid, revision, event, kind, severity, title, why, log, watch, owner, runbook, firstSeen, at,
        who, what, when, where, scope, check, steps, acts, address);
  }

  /// What a person did with it, told.
  public Alert after(Act act, int next) {
    Event happened =
        switch (act.action()) {
          case ACKNOWLEDGED -> Event.ACKNOWLEDGED;
          case CLOSED -> Event.CLOSED;
          case REOPENED -> Event.REOPENED;
          case COMMENTED -> Event.UPDATED;
        };
    Fields fields = new Fields().add(act.action().label() + "-by", act.actor());
    act.verdict().ifPresent(verdict -> fields.add("verdict", verdict.label()));
    return again(next, happened, act.at(), fields.add("note", act.note()).list());
  }

  /// The id of this telling: `uid-revision`; holds no dot, as Standard Webhooks asks.
  public String eventId() {
    return uid + "-" + revision;
  }
}
