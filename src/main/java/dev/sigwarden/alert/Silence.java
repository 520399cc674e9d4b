package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Tellings that nobody wants for a while. What a silence holds back is counted, and told when the
/// silence ends if nobody has taken it by then.
///
/// A silence goes by labels, none of which anybody can write into a log. It holds back no log's
/// misbehaviour unless it is forced to.
///
/// @param matchers all of which must hold; at least one that tells something apart
/// @param startsAt from when
/// @param endsAt until when, at most `LONGEST` after its start
/// @param author who wants it
/// @param comment why
/// @param forced whether it holds back a log's misbehaviour as well
public record Silence(
    List<Matcher> matchers,
    Instant startsAt,
    Instant endsAt,
    String author,
    String comment,
    boolean forced) {
  /// The longest silence: whoever needs more has a route to change, or a reason to look again.
  public static final Duration LONGEST = Duration.ofDays(30);

  /// Matchers of one silence: there are no more labels.
  private static final int MAX_MATCHERS = 20;

  /// The longest comment, in characters.
  private static final int MAX_COMMENT = 1_000;

  /// @throws IllegalArgumentException saying what was found and what was expected
  public Silence {
    matchers = List.copyOf(matchers);
    author = Sanitizer.clean(author.strip(), Act.MAX_ACTOR);
    comment = Sanitizer.clean(comment.strip(), MAX_COMMENT);
    if (matchers.isEmpty() || matchers.size() > MAX_MATCHERS) {
      throw new IllegalArgumentException(
          "matchers: %d (expected: 1 to %d)".formatted(matchers.size(), MAX_MATCHERS));
    }
    if (matchers.stream().allMatch(Matcher::matchesNothing)) {
      throw new IllegalArgumentException(
          "matchers: every alert has them all (expected: one that tells something apart)");
    }
    if (author.isEmpty()) {
      throw new IllegalArgumentException("author: empty (expected: who wants this)");
    }
    if (comment.isEmpty()) {
      throw new IllegalArgumentException("comment: empty (expected: why)");
    }
    Duration length = Duration.between(startsAt, endsAt);
    if (!length.isPositive() || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "endsAt: %s, that is %s after its start (expected: at most %d days)"
              .formatted(endsAt, length, LONGEST.toDays()));
    }
    boolean misbehaviour =
        matchers.stream().anyMatch(matcher -> Silence.namesMisbehaviour(matcher));
    if (misbehaviour && !forced) {
      throw new IllegalArgumentException(
          "matchers: they name a log's misbehaviour (expected: force, if you mean it)");
    }
  }

  private static boolean namesMisbehaviour(Matcher matcher) {
    return switch (matcher.label()) {
      case FAMILY -> matcher.named().contains(Family.INTEGRITY.label());
      case KIND ->
          Arrays.stream(Kind.values())
              .filter(kind -> kind.family() == Family.INTEGRITY)
              .anyMatch(kind -> matcher.named().contains(kind.label()));
      default -> false;
    };
  }

  /// Why it would hold nothing back, with what was expected; empty if it may. Whoever makes a
  /// silence is told, lest they wait for a quiet that does not come.
  public Optional<String> futility(Instant now) {
    if (!endsAt.isAfter(now)) {
      return Optional.of("endsAt: %s is over (expected: a time to come)".formatted(endsAt));
    }
    List<Family> families =
        Arrays.stream(Kind.values()).filter(this::concerns).map(Kind::family).toList();
    if (families.isEmpty()) {
      return Optional.of(
          "matchers: no kind of alert has them all (expected: kinds as alerts tell)");
    }
    return forced || families.stream().anyMatch(family -> family != Family.INTEGRITY)
        ? Optional.empty()
        : Optional.of(
            "matchers: only a log's misbehaviour has them (expected: force, if you mean it)");
  }

  private boolean concerns(Kind kind) {
    return matchers.stream()
        .allMatch(matcher ->
            switch (matcher.label()) {
              case KIND -> matcher.holds(kind.label());
              case FAMILY ->
                  matcher.holds(kind.family().label()) || matcher.holds(Family.DRILL.label());
              default -> true;
            });
  }

  /// Whether it is in force.
  public boolean active(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }

  /// Whether it holds an alert back while it is in force.
  public boolean holds(Labels labels) {
    return (forced || !labels.integrity()) && Matcher.all(matchers, labels);
  }
}
