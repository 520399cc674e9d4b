package dev.sigwarden.watch;

import dev.sigwarden.lookalike.Confusables;
import dev.sigwarden.lookalike.Edit;
import dev.sigwarden.lookalike.Place;
import dev.sigwarden.lookalike.Place.Form;
import dev.sigwarden.lookalike.Unveiled;
import dev.sigwarden.watch.Lookalike.Way;
import java.util.Locale;
import java.util.Optional;

/// Compares one subject with watched ones: the way in which it resembles them, and where.
///
/// @param subject the subject as the entry has it
/// @param unveiled what is behind it
/// @param decoded the parts of `unveiled.decoded()`
/// @param place the parts of `unveiled.plain()`
record Resemblance(String subject, Unveiled unveiled, Place decoded, Place place) {
  /// @param part which part differs
  /// @param watched what is watched there
  /// @param seen what stands there
  record Found(Way way, String part, String watched, String seen) {}

  static Resemblance of(String subject) {
    Unveiled unveiled = Unveiled.of(subject);
    return new Resemblance(
        subject, unveiled, Place.of(unveiled.decoded()), Place.of(unveiled.plain()));
  }

  /// How the subject resembles the watched one without being it. The issuer is not looked at.
  Optional<Found> to(Watched watched) {
    Place other = watched.plain();
    if (place.form() != other.form() || watched.subject().matches(subject)) {
      return Optional.empty();
    }
    boolean caseless = other.ignoresCase();
    boolean host = place.host().equalsIgnoreCase(other.host());
    boolean first = same(place.first(), other.first(), caseless);
    boolean second = watched.anySecond() || same(place.second(), other.second(), caseless);
    if (host && first && second) {
      return atTheSamePlace(watched);
    }
    boolean drawn =
        (host || Confusables.alike(place.host(), other.host(), true))
            && (first || Confusables.alike(place.first(), other.first(), caseless))
            && (second || Confusables.alike(place.second(), other.second(), caseless));
    if (drawn && (!watched.anySecond() || watched.anyRef().matches(moved(watched)))) {
      return Optional.of(drawnAlike(watched));
    }
    if (host && second && !first) {
      return editedFirst(watched);
    }
    if (host && first) {
      return oneEdit(place.second(), other.second())
          ? Optional.of(
              new Found(Way.ONE_EDIT, secondPart(), watched.place().second(), decoded.second()))
          : Optional.empty();
    }
    boolean samePath =
        place.form() == Form.URI && first && second && watched.anyRef().matches(moved(watched));
    return samePath
        ? Optional.of(new Found(Way.OTHER_HOST, "host", other.host(), decoded.host()))
        : Optional.empty();
  }

  private static boolean same(String one, String other, boolean ignoreCase) {
    return ignoreCase ? one.equalsIgnoreCase(other) : one.equals(other);
  }

  private static boolean oneEdit(String one, String other) {
    return Edit.isOne(small(one), small(other)) && !one.isEmpty() && !other.isEmpty();
  }

  private static String small(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// The plain subject with the watched names in place of its own.
  private String moved(Watched watched) {
    Place other = watched.place();
    return place.with(
        other.host(), other.first(), watched.anySecond() ? place.second() : other.second());
  }

  /// The names are the watched ones but for case or disguise.
  private Optional<Found> atTheSamePlace(Watched watched) {
    Place other = watched.place();
    boolean disguised =
        !decoded.host().equalsIgnoreCase(other.host())
            || !decoded.first().equalsIgnoreCase(other.first())
            || !(watched.anySecond() || decoded.second().equalsIgnoreCase(other.second()))
            || unveiled.punycode()
            || !subject.regionMatches(0, unveiled.decoded(), 0, decoded.end());
    if (disguised) {
      return Optional.of(drawnAlike(watched));
    }
    String moved = moved(watched);
    if (watched.subject().matches(moved) && !moved.equals(place.text())) {
      return Optional.of(otherCase(other));
    }
    boolean drawn =
        !watched.anyRef().matches(subject) && watched.drawn().matches(Confusables.skeleton(moved));
    return drawn
        ? Optional.of(
            new Found(
                Confusables.mixesScripts(unveiled.decoded(), moved)
                    ? Way.MIXED_SCRIPTS
                    : Way.CONFUSABLE,
                "path",
                moved,
                unveiled.decoded()))
        : Optional.empty();
  }

  private Found otherCase(Place other) {
    if (!place.host().equals(other.host())) {
      return new Found(Way.OTHER_CASE, "host", other.host(), place.host());
    }
    return place.first().equals(other.first())
        ? new Found(Way.OTHER_CASE, secondPart(), other.second(), place.second())
        : new Found(Way.OTHER_CASE, firstPart(), other.first(), place.first());
  }

  private Found drawnAlike(Watched watched) {
    Place other = watched.place();
    if (!decoded.host().equalsIgnoreCase(other.host())) {
      return drawnAlike("host", other.host(), decoded.host());
    }
    if (!decoded.first().equalsIgnoreCase(other.first())) {
      return drawnAlike(firstPart(), other.first(), decoded.first());
    }
    if (!watched.anySecond() && !decoded.second().equalsIgnoreCase(other.second())) {
      return drawnAlike(secondPart(), other.second(), decoded.second());
    }
    return drawnAlike("encoding", unveiled.decoded(), subject);
  }

  private Found drawnAlike(String part, String watched, String seen) {
    if (unveiled.punycode()) {
      return new Found(Way.PUNYCODE, part, watched, seen);
    }
    return new Found(
        Confusables.mixesScripts(seen, watched) ? Way.MIXED_SCRIPTS : Way.CONFUSABLE,
        part,
        watched,
        seen);
  }

  private Optional<Found> editedFirst(Watched watched) {
    boolean near =
        watched.tellsEdits()
            && oneEdit(place.first(), watched.plain().first())
            && (!watched.anySecond() || watched.anyRef().matches(moved(watched)));
    return near
        ? Optional.of(
            new Found(Way.ONE_EDIT, firstPart(), watched.place().first(), decoded.first()))
        : Optional.empty();
  }

  private String firstPart() {
    return switch (place.form()) {
      case URI -> "owner";
      case ADDRESS -> "domain";
      case OTHER -> "name";
    };
  }

  private String secondPart() {
    return place.form() == Form.URI ? "repository" : "name";
  }
}
