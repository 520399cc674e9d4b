package dev.sigwarden.watch;

import dev.sigwarden.watch.Criterion.Trait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// How a selector is found in the index: through one of its criteria, the one that the fewest
/// events fulfil as far as its text shows.
///
/// @param criterion the criterion
/// @param exact whether `values` are whole values; else they are literals of which each matching
///   value contains one
/// @param values what to look for; empty if every value has to be tried
record SelectorKey(Criterion criterion, boolean exact, Set<String> values) {
  /// Fulcio extensions (1.3.6.1.4.1.57264.1.x) of which everybody has the same few values: issuers,
  /// trigger, workflow name and ref, runner environment, source ref, build trigger, visibility,
  /// deployment environment.
  private static final Set<String> FEW_VALUES =
      Set.of("1", "2", "4", "6", "8", "11", "14", "20", "22", "23");

  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  /// How many selectors look for a value of a trait.
  private record Wanted(Trait trait, String parameter, boolean exact, String value) {}

  /// The key of each selector without a fingerprint, in the same order. A selector with one is
  /// found through that; its place is empty.
  static List<List<SelectorKey>> choose(List<Selector> selectors) {
    List<List<SelectorKey>> options = selectors.stream().map(SelectorKey::options).toList();
    Map<Wanted, Integer> users = new HashMap<>();
    for (List<SelectorKey> one : options) {
      one.stream()
          .flatMap(key -> key.wanted().stream())
          .distinct()
          .forEach(wanted -> users.merge(wanted, 1, Integer::sum));
    }
    Comparator<SelectorKey> best =
        Comparator.comparingInt(SelectorKey::rank)
            .thenComparingLong(key -> key.users(users))
            .thenComparing(key -> !key.exact)
            .thenComparingInt(key -> -key.distinctive());
    return options.stream().map(one -> one.stream().min(best).stream().toList()).toList();
  }

  private static List<SelectorKey> options(Selector selector) {
    if (!selector.keys().isEmpty() || selector.certificate().isPresent()) {
      return List.of();
    }
    List<SelectorKey> options = new ArrayList<>();
    for (Criterion criterion : selector.criteria()) {
      options.addAll(of(criterion));
    }
    return options;
  }

  /// The ways to find a criterion, at least one.
  static List<SelectorKey> of(Criterion criterion) {
    // The entry as a whole is searched byte by byte and never hashed, so a whole value is a
    // literal.
    if (criterion.pattern() instanceof ValuePattern.Exact(String value)
        && criterion.trait() != Trait.TEXT) {
      return List.of(new SelectorKey(criterion, true, Set.of(value)));
    }
    if (criterion.pattern() instanceof HostPattern(String host, _)) {
      return List.of(new SelectorKey(criterion, true, Set.of(host)));
    }
    List<SelectorKey> keys = new ArrayList<>();
    for (Set<String> literals : criterion.pattern().literals()) {
      if (literals.stream().allMatch(literal -> literal.length() >= Literals.MIN_CHARS)) {
        keys.addAll(ofLiterals(criterion, literals));
      }
    }
    return keys.isEmpty() ? List.of(new SelectorKey(criterion, false, Set.of())) : keys;
  }

  private static List<SelectorKey> ofLiterals(Criterion criterion, Set<String> literals) {
    if (literals.size() == 1) {
      return Literals.pieces(literals.iterator().next()).stream()
          .map(piece -> new SelectorKey(criterion, false, Set.of(piece)))
          .toList();
    }
    Set<String> starts = new TreeSet<>();
    literals.forEach(literal -> starts.add(Literals.pieces(literal).iterator().next()));
    return List.of(new SelectorKey(criterion, false, starts));
  }

  private List<Wanted> wanted() {
    return values.stream()
        .map(value -> new Wanted(criterion.trait(), criterion.parameter(), exact, value))
        .toList();
  }

  private long users(Map<Wanted, Integer> users) {
    return wanted().stream().mapToLong(wanted -> users.getOrDefault(wanted, 0)).sum();
  }

  /// 0 for a key that tells organisations apart, 1 for a common one, 2 if every value is tried.
  private int rank() {
    if (values.isEmpty()) {
      return 2;
    }
    boolean few =
        criterion.trait() == Trait.ISSUER
            || (criterion.parameter().startsWith(FULCIO)
                && FEW_VALUES.contains(criterion.parameter().substring(FULCIO.length())));
    return few || distinctive() < Literals.MIN_CHARS ? 1 : 0;
  }

  private int distinctive() {
    return values.stream().mapToInt(Literals::distinctive).min().orElse(0);
  }

  /// Whether every value of the trait has to be tried on the criterion.
  boolean isResidual() {
    return values.isEmpty();
  }
}
