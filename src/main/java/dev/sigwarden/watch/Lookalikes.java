package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.lookalike.Difference;
import dev.sigwarden.lookalike.Nearby;
import dev.sigwarden.lookalike.Place;
import dev.sigwarden.lookalike.Unveiled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds signers that resemble watched ones, for the watches that ask for it. Immutable.
///
/// A signer that resembles none costs one reading of its subject's first names; only what `Nearby`
/// finds is compared.
final class Lookalikes {
  private static final String GITHUB = "https://github.com/";

  private final List<Watched> targets;
  private final List<Watch> watchOf;
  private final Map<Watch, List<Watched>> named;
  private final Nearby nearby;

  private Lookalikes(
      List<Watched> targets, List<Watch> watchOf, Map<Watch, List<Watched>> named, Nearby nearby) {
    this.targets = List.copyOf(targets);
    this.watchOf = List.copyOf(watchOf);
    this.named = Map.copyOf(named);
    this.nearby = nearby;
  }

  /// The look-alikes of those watches that ask for them; empty if none does.
  static Optional<Lookalikes> of(List<Watch> watches) {
    if (watches.stream().allMatch(watch -> watch.lookalikes().isEmpty())) {
      return Optional.empty();
    }
    List<Watched> targets = new ArrayList<>();
    List<Watch> watchOf = new ArrayList<>();
    Map<Watch, List<Watched>> named = new HashMap<>();
    Nearby.Builder nearby = new Nearby.Builder();
    for (Watch watch : watches) {
      List<Watched> all =
          watch.selectors().stream().flatMap(selector -> Watched.of(selector).stream()).toList();
      named.put(watch, all);
      if (watch.lookalikes().isPresent()) {
        for (Watched target : all) {
          nearby.add(target.plain(), target.anySecond(), targets.size());
          targets.add(target);
          watchOf.add(watch);
        }
      }
    }
    return Optional.of(new Lookalikes(targets, watchOf, named, nearby.build()));
  }

  /// Look-alikes among the signers of the event, each watch once.
  ///
  /// @param hits the watches that select the event: none of them has look-alikes in it, and a name
  ///   that one of them writes out is no look-alike of another's
  List<Lookalike> find(SigningEvent event, List<Hit> hits) {
    Map<Watch, Lookalike> found = null;
    for (Signer signer : event.signers()) {
      if (!(signer instanceof CertificateSigner certificate)) {
        continue;
      }
      for (SubjectName name : certificate.subjects()) {
        BitSet near = near(name.value());
        if (near != null) {
          found = found == null ? new LinkedHashMap<>() : found;
          compare(name.value(), certificate, near, hits, found);
        }
      }
    }
    return found == null ? List.of() : List.copyOf(found.values());
  }

  private @Nullable BitSet near(String subject) {
    Place place = Place.of(subject);
    // Most subjects begin like this, and no character of it hides anything.
    int from = subject.startsWith(GITHUB) ? GITHUB.length() : 0;
    boolean plain = Unveiled.isPlain(subject, from, place.firstTo());
    if (plain && !nearby.hasNear(subject, place.firstFrom(), place.firstTo())) {
      return null;
    }
    return Unveiled.isPlain(subject, 0, place.end())
        ? nearby.find(place)
        : nearby.find(Place.of(Unveiled.of(subject).plain()));
  }

  private void compare(
      String subject,
      CertificateSigner signer,
      BitSet near,
      List<Hit> hits,
      Map<Watch, Lookalike> found) {
    Set<Watch> selecting = hits.stream().map(Hit::watch).collect(Collectors.toSet());
    boolean known =
        selecting.stream()
            .flatMap(watch -> named.getOrDefault(watch, List.of()).stream())
            .anyMatch(target -> target.subject().matches(subject) && vouched(target, signer));
    if (known) {
      return;
    }
    Resemblance resemblance = Resemblance.of(subject);
    for (int number = near.nextSetBit(0); number >= 0; number = near.nextSetBit(number + 1)) {
      Watch watch = watchOf.get(number);
      Watched target = targets.get(number);
      if (!selecting.contains(watch) && !found.containsKey(watch)) {
        compare(watch, target, resemblance, signer).ifPresent(it -> found.put(watch, it));
      }
    }
  }

  private static Optional<Lookalike> compare(
      Watch watch, Watched target, Resemblance subject, CertificateSigner signer) {
    if (target.subject().matches(subject.subject())) {
      return vouched(target, signer)
          ? Optional.empty()
          : Optional.of(
              new Lookalike(
                  watch,
                  signer,
                  subject.subject(),
                  target.text(),
                  Lookalike.Way.OTHER_ISSUER,
                  "issuer",
                  signer.issuer().isEmpty() ? "no issuer" : signer.issuer()));
    }
    return subject
        .to(target)
        .map(it ->
            new Lookalike(
                watch,
                signer,
                subject.subject(),
                target.text(),
                it.way(),
                it.part(),
                Difference.between(it.watched(), it.seen())));
  }

  private static boolean vouched(Watched target, CertificateSigner signer) {
    return target.issuer().isEmpty() || Selector.anyIssuer(target.issuer().get(), signer);
  }
}
