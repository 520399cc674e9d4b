package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.alert.Labels;
import dev.sigwarden.alert.Telling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What holds tellings back now: silences, what else holds, the hour. Asked of the database once in
/// a transaction.
final class Holds {
  /// After which what is inhibited, or out of hours, is looked at again.
  static final Duration LOOK = Duration.ofMinutes(1);

  /// Findings on misbehaving logs that inhibit: as many logs misbehave in a nightmare.
  private static final int MOST_SOURCES = 1_000;

  private final Connection c;
  private final Instant now;
  private @Nullable List<HeldSilence> silences;
  private @Nullable List<Alert> sources;

  /// What holds one telling back.
  ///
  /// @param by in our words and the operator's names
  /// @param until when to look again
  /// @param silence the silence's id, if it is one
  record Hold(String by, Instant until, Optional<String> silence) {}

  Holds(Connection c, Instant now) {
    this.c = c;
    this.now = now;
  }

  /// What holds an alert back from a receiver, if anything.
  Optional<Hold> of(Alert alert, Hush hush, Telling.Hours hours) throws SQLException {
    if (alert.kind().family() == Family.DRILL) {
      // What is tested is whether it arrives; who wants no drills asks for none.
      return Optional.empty();
    }
    Labels labels = hush.labels(alert);
    for (HeldSilence held : silences()) {
      if (held.silence().holds(labels)) {
        return Optional.of(
            new Hold(silence(held.id()), held.silence().endsAt(), Optional.of(held.id())));
      }
    }
    Optional<String> why = Optional.empty();
    if (!hush.inhibitions().isEmpty()) {
      List<Labels> others =
          sources().stream()
              .filter(source -> !source.uid().equals(alert.uid()))
              .map(hush::labels)
              .toList();
      why = hush.inhibits(labels, others).map(name -> "inhibition " + name);
    }
    return why.or(() -> hush.outOfHours(labels, hours, now).map(name -> "time interval " + name))
        .map(by -> new Hold(by, now.plus(LOOK), Optional.empty()));
  }

  /// How a silence is named as what holds back.
  static String silence(String id) {
    return "silence " + id;
  }

  /// Writes down that a telling is held back, once for each receiver.
  void note(Alert alert, String receiver, Hold hold) throws SQLException {
    if (Deliveries.held(c, alert, receiver, hold.by(), now) && hold.silence().isPresent()) {
      Silences.held(c, hold.silence().get());
    }
  }

  private List<HeldSilence> silences() throws SQLException {
    List<HeldSilence> known = silences;
    if (known == null) {
      known = Silences.active(c, now);
      silences = known;
    }
    return known;
  }

  private List<Alert> sources() throws SQLException {
    List<Alert> known = sources;
    if (known == null) {
      known = new ArrayList<>(Conditions.open(c));
      known.addAll(
          Sql.all(
              c,
              row -> Findings.alert(row.getString(1)),
              "SELECT alert FROM finding WHERE family = ? AND state <> 'closed'"
                  + " ORDER BY opened_at DESC, uid LIMIT ?",
              Family.INTEGRITY.label(),
              MOST_SOURCES));
      sources = known;
    }
    return known;
  }
}
