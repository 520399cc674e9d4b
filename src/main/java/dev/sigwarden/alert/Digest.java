package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Several findings or conditions in one telling: how many of what, the gravest of them by name,
/// and where the others are found. Families are never mixed.
public final class Digest {
  /// Members that are named: what a person reads before they look for themselves.
  public static final int NAMED = 20;

  private static final List<String> OF_FINDINGS =
      List.of(
          "Each of these is kept whole, with its evidence, under its own id: look at the gravest"
              + " first.",
          "Acknowledge or close them one by one, or all of them by the id of this message. You are"
              + " reminded of them together, until none is open.");

  private static final List<String> OF_CONDITIONS =
      List.of(
          "Look at the gravest first. You are reminded of them together, until all of them are"
              + " over.");

  private Digest() {}

  /// What is told together.
  ///
  /// @param named some of the members, one at least; the gravest leads
  /// @param all how many there are
  /// @param why why they are told together, in our words
  /// @param more fields on all of them
  public record Members(List<Alert> named, long all, String why, List<Field> more) {
    public Members {
      more = List.copyOf(more);
      named =
          named.stream()
              .sorted(Comparator.comparing(Alert::severity).thenComparing(Alert::firstSeen))
              .toList();
    }
  }

  /// The telling.
  ///
  /// @param uid its own id
  public static Alert of(String uid, Members members, Instant now) {
    return of(uid, members, members.named().getFirst().severity(), now);
  }

  /// The next telling of a digest: as grave as it ever was, so that all who were told of it hear of
  /// its end too.
  public static Alert again(Alert before, Members members, Instant now) {
    Severity fresh = members.named().getFirst().severity();
    Severity severity = fresh.compareTo(before.severity()) < 0 ? fresh : before.severity();
    return of(before.uid(), members, severity, now)
        .numbered(before.revision() + 1, before.firstSeen());
  }

  private static Alert of(String uid, Members members, Severity severity, Instant now) {
    List<Alert> named = members.named();
    Alert gravest = named.getFirst();
    Instant first = named.stream().map(Alert::firstSeen).min(Comparator.naturalOrder()).orElse(now);
    Fields what = new Fields().add("count", Long.toString(members.all()));
    for (Alert alert : named.subList(0, Math.min(named.size(), NAMED))) {
      what.add("member", line(alert));
    }
    if (members.all() > NAMED) {
      what.add("more", "…[+" + (members.all() - Math.min(named.size(), NAMED)) + "]");
    }
    boolean conditions = gravest.kind().family() == Family.OPERATIONAL;
    Alert digest =
        new Alert(
            uid,
            1,
            Alert.Event.DIGEST,
            gravest.kind(),
            severity,
            title(members),
            members.why(),
            shared(named.stream().map(Alert::log).toList()),
            shared(named.stream().map(Alert::watch).toList()),
            shared(named.stream().map(Alert::owner).toList()),
            shared(named.stream().map(Alert::runbook).toList()),
            first,
            Alerts.millis(now),
            List.of(),
            what.list(),
            new Fields().add("first-seen", first.toString()).list(),
            members.more(),
            List.of(),
            List.of(),
            conditions ? OF_CONDITIONS : OF_FINDINGS);
    return conditions ? digest : digest.withActs(Acts.ofDigest(uid));
  }

  private static String title(Members members) {
    List<Alert> named = members.named();
    Alert gravest = named.getFirst();
    boolean alike = named.stream().allMatch(alert -> alert.kind() == gravest.kind());
    String noun = gravest.kind().family() == Family.OPERATIONAL ? " conditions: " : " findings: ";
    return members.all() + noun + (alike ? "" : "among them ") + gravest.kind().title();
  }

  private static String line(Alert alert) {
    List<String> words = new ArrayList<>(List.of(alert.uid(), alert.severity().label()));
    words.add(alert.kind().label());
    words.addAll(
        List.of(alert.watch(), alert.log()).stream().filter(name -> !name.isEmpty()).toList());
    index(alert).ifPresent(words::add);
    return Sanitizer.clean(String.join(" ", words));
  }

  private static Optional<String> index(Alert alert) {
    return alert.where().stream()
        .filter(field -> field.name().equals("index"))
        .map(field -> "#" + field.value())
        .findFirst();
  }

  /// The one value that all have; empty if they differ.
  private static String shared(List<String> values) {
    return values.stream().distinct().count() == 1 ? values.getFirst() : "";
  }
}
