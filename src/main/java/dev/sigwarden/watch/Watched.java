package dev.sigwarden.watch;

import dev.sigwarden.lookalike.Confusables;
import dev.sigwarden.lookalike.Place;
import dev.sigwarden.lookalike.Place.Form;
import dev.sigwarden.lookalike.Unveiled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A subject that a selector names, as far as it is written out: at least the owner in a URI, or
/// the domain of an address.
///
/// @param text the subject in the operator's words
/// @param place the parts that are written out
/// @param plain the same unveiled, as subjects are compared with it
/// @param anySecond whether the second name is left open
/// @param subject what the selector asks of subjects
/// @param issuer what it asks of issuers, if it does
/// @param anyRef `subject` with the ref of a workflow left open
/// @param drawn `anyRef` over skeletons
record Watched(
    String text,
    Place place,
    Place plain,
    boolean anySecond,
    ValuePattern subject,
    Optional<ValuePattern> issuer,
    ValuePattern anyRef,
    ValuePattern drawn) {
  /// Names shorter than this have so many neighbours that one edit means nothing, unless the name
  /// beside it is the same.
  private static final int MIN_EDITED = 4;

  /// With the same name beside it.
  private static final int MIN_EDITED_BESIDE = 2;

  /// What the selector names; empty if it asks for no subject, or for one of which too little is
  /// written out: an expression, or a glob with its first star in the host or owner.
  static Optional<Watched> of(Selector selector) {
    return selector.criteria().stream()
        .filter(criterion -> criterion.trait() == Criterion.Trait.SUBJECT)
        .findFirst()
        .flatMap(criterion -> of(criterion.pattern(), selector));
  }

  private static Optional<Watched> of(ValuePattern pattern, Selector selector) {
    return switch (pattern) {
      case ValuePattern.Exact(String value) -> Optional.of(of(selector, pattern, List.of(value)));
      case ValuePattern.Glob(List<String> pieces) ->
          named(pieces) ? Optional.of(of(selector, pattern, pieces)) : Optional.empty();
      case ValuePattern.Regex _, HostPattern _ -> Optional.empty();
    };
  }

  private static Watched of(Selector selector, ValuePattern subject, List<String> pieces) {
    Place place = place(pieces);
    List<String> anyRef = withoutRef(pieces, place);
    return new Watched(
        String.join("*", pieces),
        place,
        plain(pieces),
        pieces.size() > 1 && !secondIsWritten(pieces, place),
        subject,
        selector.criteria().stream()
            .filter(Criterion::asksIssuer)
            .findFirst()
            .map(Criterion::pattern),
        pattern(anyRef),
        pattern(anyRef.stream().map(Confusables::skeleton).toList()));
  }

  private static ValuePattern pattern(List<String> pieces) {
    return pieces.size() == 1
        ? new ValuePattern.Exact(pieces.getFirst())
        : new ValuePattern.Glob(pieces);
  }

  private static Place plain(List<String> pieces) {
    return place(pieces.stream().map(piece -> Unveiled.of(piece).plain()).toList());
  }

  /// Whether a glob's first name is written out to its end.
  private static boolean named(List<String> pieces) {
    Place place = place(pieces);
    boolean ends = place.form() != Form.URI || place.firstTo() < pieces.getFirst().length();
    return ends && place.form() != Form.OTHER && !place.first().isEmpty();
  }

  private static boolean secondIsWritten(List<String> pieces, Place place) {
    return place.form() == Form.URI
        && place.secondTo() < pieces.getFirst().length()
        && place.secondTo() > place.secondFrom();
  }

  /// What a glob writes out: the start of a URI, the end of an address.
  private static Place place(List<String> pieces) {
    String start = pieces.getFirst();
    if (pieces.size() == 1 || start.contains("://")) {
      return Place.of(start);
    }
    String end = pieces.getLast();
    return end.indexOf('@') < 0 && end.indexOf('!') < 0 ? Place.of("") : Place.ofEnd(end);
  }

  /// The pieces up to the `@` that begins the ref.
  private static List<String> withoutRef(List<String> pieces, Place place) {
    if (place.form() != Form.URI) {
      return pieces;
    }
    List<String> kept = new ArrayList<>();
    for (String piece : pieces) {
      int sign = piece.indexOf('@', kept.isEmpty() ? place.end() : 0);
      if (sign >= 0) {
        kept.add(piece.substring(0, sign + 1));
        kept.add("");
        return kept;
      }
      kept.add(piece);
    }
    return pieces;
  }

  /// Whether a first name of that many characters is long enough for an edit to mean something.
  boolean tellsEdits() {
    return place.first().length()
        >= (anySecond || place.second().isEmpty() ? MIN_EDITED : MIN_EDITED_BESIDE);
  }
}
