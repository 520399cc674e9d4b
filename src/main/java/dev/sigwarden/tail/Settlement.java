package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Alerts;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Selected;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Observer;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Judges one pending observation again and writes down what came of it.
///
/// What its watch says counts. A watch that is gone, or does not select the entry any more, says
/// nothing: then the gravest word of the watches that select the entry now counts, and they observe
/// it too. If none does, or the entry cannot be decoded any more, it stays pending until its grace
/// ends and is unexpected then. Nothing becomes expected for want of somebody to judge it.
///
/// An entry of a log that is not followed any more is settled from what the store holds.
final class Settlement {
  /// How far the clocks of those who share a database may be apart.
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final TailTools tools;
  private final Store store;
  private final Map<String, Tail> tails;
  private final Alerts alerts;
  private final Neighbourhood neighbourhood;

  /// Settles what these tails, or earlier ones, left pending.
  ///
  /// @param tails by the operator's name of the log; logs of families come and go
  Settlement(TailTools tools, Map<String, Tail> tails) {
    this.tools = tools;
    this.store = tools.store();
    this.tails = Collections.unmodifiableMap(tails);
    this.alerts = new Alerts(tools.tenant(), tools.config(), tools.clock());
    this.neighbourhood = new Neighbourhood(tools);
  }

  /// Writes down what can be said of the observation at `now`, which is a time before which the
  /// allowlists were read: what got onto one before a grace ended must be seen. One that was first
  /// seen in the future was seen before the clock was set back: its grace begins now, lest it never
  /// ends.
  void settle(Observation stored, Instant now) {
    Observation pending = inThisTime(stored, now);
    switch (decode(pending)) {
      case Decoded.Event(SigningEvent event) -> {
        List<Opinion> opinions = opinions(pending, event, now);
        Optional<Opinion> own =
            opinions.stream()
                .filter(one -> one.hit().watch().name().equals(pending.watch()))
                .findFirst();
        if (own.isPresent()) {
          List<Opinion> only = List.of(own.get());
          write(pending, own.get().verdict(), List.of(), filings(pending, event, only));
        } else if (opinions.isEmpty()) {
          unjudged(
              pending,
              "its watch %s was removed or changed before the grace ended"
                  .formatted(pending.watch()),
              now,
              because -> unexpected(pending, event, selected(pending.observer()), because));
        } else {
          takenOver(pending, event, opinions);
        }
      }
      case Decoded.Undecodable(String reason) ->
          unjudged(
              pending,
              "the entry cannot be decoded any more: " + Sanitizer.clean(reason),
              now,
              because ->
                  alerts.undecodable(
                      where(pending),
                      because,
                      List.of(selected(pending.observer())),
                      pending.firstSeen()));
    }
  }

  private Observation inThisTime(Observation stored, Instant now) {
    if (!stored.firstSeen().isAfter(now.plus(SKEW))
        || !(stored.verdict() instanceof Verdict.Pending(Instant until, String because))) {
      return stored;
    }
    Duration grace = Duration.between(stored.firstSeen(), until);
    Observation moved =
        stored.withFirstSeen(now).withVerdict(new Verdict.Pending(now.plus(grace), because));
    store.settle(moved, List.of(), List.of());
    return moved;
  }

  private Decoded decode(Observation pending) {
    Decoders decoders = tools.decoders();
    if (!decoders.formats().contains(pending.format())) {
      return new Decoded.Undecodable("no decoder for the format " + pending.format());
    }
    return decoders.forFormat(pending.format()).decode(pending.entry());
  }

  private List<Opinion> opinions(Observation pending, SigningEvent event, Instant now) {
    Watches watches = tools.watches().get();
    return watches.select(event).stream()
        .map(hit ->
            Opinion.of(
                watches,
                signer -> tools.trusts().check(trust(pending), signer),
                hit,
                event,
                pending.firstSeen(),
                now))
        .map(opinion -> weighed(pending, opinion))
        .toList();
  }

  /// The opinion with what its log knows of the signature.
  private Opinion weighed(Observation pending, Opinion opinion) {
    return tail(pending)
        .flatMap(tail -> tail.signature(pending.entry()))
        .map(trust -> new Opinion(opinion.hit(), trust, opinion.verdict()))
        .orElse(opinion);
  }

  /// Other watches select the entry: they observe it, and the gravest of them decides.
  private void takenOver(Observation pending, SigningEvent event, List<Opinion> opinions) {
    Opinion gravest =
        opinions.stream().max(Comparator.comparingInt(Opinion::gravity)).orElseThrow();
    String by =
        "watch %s was removed or changed; watch %s: "
            .formatted(pending.watch(), gravest.hit().watch().name());
    Verdict verdict =
        switch (gravest.verdict()) {
          case Verdict.Expected(String because) -> new Verdict.Expected(by + because);
          case Verdict.Pending(Instant until, String because) ->
              new Verdict.Pending(until, by + because);
          case Verdict.Unexpected(String because) -> new Verdict.Unexpected(by + because);
        };
    List<Observation> others =
        opinions.stream()
            .map(one ->
                pending
                    .withObserver(Reports.observer(one.hit().watch()))
                    .withVerdict(one.verdict()))
            .toList();
    write(pending, verdict, others, filings(pending, event, opinions));
  }

  /// Nobody can judge the entry: it is unexpected when its grace is over.
  private void unjudged(
      Observation pending, String because, Instant now, Function<String, Alert> alert) {
    if (pending.verdict() instanceof Verdict.Pending(Instant until, _) && now.isBefore(until)) {
      return;
    }
    List<Filing> filings = List.of(file(pending, alert.apply(because), evidence(pending)));
    write(pending, new Verdict.Unexpected(because), List.of(), filings);
  }

  private void write(
      Observation pending, Verdict verdict, List<Observation> others, List<Filing> filings) {
    if (!verdict.equals(pending.verdict())) {
      store.settle(pending.withVerdict(verdict), others, filings);
      tools.wake().run();
    }
  }

  /// The findings of those who did not expect the entry.
  private List<Filing> filings(Observation pending, SigningEvent event, List<Opinion> opinions) {
    List<Filing> filings = new ArrayList<>();
    List<Evidence> evidence = List.of();
    for (Opinion opinion : opinions) {
      if (opinion.verdict() instanceof Verdict.Unexpected(String because)) {
        evidence = evidence.isEmpty() ? evidence(pending) : evidence;
        Selected selected = Selected.of(opinion.hit(), opinion.trust());
        Alert alert =
            opinion.isClaim()
                ? claim(pending, event, selected, because)
                : unexpected(pending, event, selected, because);
        filings.add(file(pending, alert, evidence));
      }
    }
    return filings;
  }

  private Alert claim(Observation pending, SigningEvent event, Selected selected, String because) {
    WhereSeen where = where(pending);
    return alerts.unverifiedClaim(
        claims(pending).severity(),
        where,
        event,
        selected,
        because,
        pending.firstSeen(),
        neighbourhood.of(where, covered(pending), event, selected, pending.firstSeen(), 0));
  }

  /// The name of what the log's certificates are checked against; empty for a log that is not
  /// followed any more.
  private String trust(Observation pending) {
    return tail(pending).map(tail -> tail.trust()).orElse("");
  }

  private TrustSettings.Claims claims(Observation pending) {
    return tools.trusts().claims(trust(pending));
  }

  private Alert unexpected(
      Observation pending, SigningEvent event, Selected selected, String because) {
    WhereSeen where = where(pending);
    return alerts.unexpectedSignature(
        where,
        event,
        selected,
        because,
        pending.firstSeen(),
        neighbourhood.of(where, covered(pending), event, selected, pending.firstSeen(), 0));
  }

  private static String covered(Observation pending) {
    return pending.branch() == 0 ? pending.log() : "";
  }

  private Filing file(Observation pending, Alert alert, List<Evidence> evidence) {
    return new Filing(
        new Finding(alert, pending.branch(), pending.index(), evidence),
        tools
            .routes()
            .plan(alert)
            .measured(own -> Flood.perHour(alert.kind(), claims(pending), own)));
  }

  /// The watch as it is now; one that is gone as it was when it selected the entry.
  private Selected selected(Observer observer) {
    return tools
        .watches()
        .get()
        .named(observer.watch())
        .map(Selected::of)
        .orElseGet(() ->
            Selected.gone(
                observer.watch(), observer.severity(), observer.owner(), observer.runbook()));
  }

  /// The tail of the observation's log, if that log is still followed under its name.
  private Optional<Tail> tail(Observation pending) {
    return Optional.ofNullable(tails.get(pending.log()))
        .filter(tail -> store.identity(pending.log()).equals(Optional.of(tail.identity())));
  }

  private WhereSeen where(Observation pending) {
    View view = view(pending);
    return tail(pending)
        .map(tail -> tail.where(view, pending))
        .orElseGet(() ->
            new WhereSeen(
                pending.log(),
                "",
                store.identity(pending.log()).orElse(""),
                "",
                pending.branch(),
                pending.index(),
                pending.leaf().toHex(),
                view.head().head().size(),
                "",
                pending.loggedAt()));
  }

  private List<Evidence> evidence(Observation pending) {
    View view = view(pending);
    return tail(pending)
        .map(tail -> tail.evidence(view, pending))
        .orElseGet(() ->
            List.of(
                new Evidence("entry.bin", pending.entry().toBytes()),
                text("checkpoint.note", view.head().note()),
                text(
                    "inclusion.txt",
                    "no inclusion proof was asked for: the log is not configured any more")));
  }

  private View view(Observation pending) {
    return store.views(pending.log()).stream()
        .filter(it -> it.branch() == pending.branch())
        .findFirst()
        .orElseThrow();
  }

  private static Evidence text(String name, String content) {
    return new Evidence(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
