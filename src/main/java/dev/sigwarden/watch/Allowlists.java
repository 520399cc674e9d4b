package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.settings.Section;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// All allowlists, by name. Thread-safe: contents change as a whole, one list at a time.
public final class Allowlists {
  private final Map<String, Allowlist> allowlists = new LinkedHashMap<>();
  private final AtomicLong revision = new AtomicLong();

  /// What lists have to know of the rest of a configuration.
  ///
  /// @param logs the logs and families whose entries are judged, by the operator's names; empty if
  ///   that is not known, and then a line may name any
  /// @param signers reads from a list's section which identity has to sign its lines, if one has to
  /// @param topics reads from a list's section where its lines come from a topic; whether they do
  public record Setting(
      Optional<Set<String>> logs,
      Function<Section, Optional<AllowlistSigner>> signers,
      Predicate<Section> topics) {
    /// Nothing of it is known.
    static final Setting ALONE = new Setting(Optional.empty(), _ -> Optional.empty(), _ -> false);
  }

  /// These lists; of two with one name the later counts.
  public Allowlists(Collection<Allowlist> allowlists) {
    allowlists.forEach(allowlist -> this.allowlists.put(allowlist.name(), allowlist));
  }

  /// The lists in the section `allowlists` of the configuration, all read now; none comes from a
  /// topic.
  public static Allowlists read(Section root) {
    return read(root, Setting.ALONE);
  }

  /// The same, with what they have to know of the rest.
  public static Allowlists read(Section root, Setting setting) {
    return read(root, setting, Clock.systemUTC());
  }

  static Allowlists read(Section root, Setting setting, Clock clock) {
    return new Allowlists(
        root.sections(
                "allowlists",
                "sets of artifacts that were meant to be signed, by a name of your own",
                section -> Allowlist.read(section, setting, clock))
            .values());
  }

  /// The names, in the order given.
  public Set<String> names() {
    return Collections.unmodifiableSet(allowlists.keySet());
  }

  /// The names of the trusted roots that signatures of lists are checked by.
  public Set<String> trusts() {
    return allowlists.values().stream()
        .flatMap(list -> list.terms().signer().stream())
        .map(AllowlistSigner::trust)
        .filter(trust -> !trust.isEmpty())
        .collect(Collectors.toSet());
  }

  /// These lists and others besides.
  public Allowlists and(Collection<Allowlists> others) {
    List<Allowlist> all = new ArrayList<>(allowlists.values());
    others.forEach(other -> all.addAll(other.allowlists.values()));
    return new Allowlists(all);
  }

  /// Those of the lists that have one of these names.
  public Allowlists only(Collection<String> names) {
    return new Allowlists(
        allowlists.values().stream().filter(list -> names.contains(list.name())).toList());
  }

  /// Whether the digest is in the list of that name; false if there is no such list.
  public boolean contains(String allowlist, Digest digest) {
    Allowlist named = allowlists.get(allowlist);
    return named != null && named.contains(digest);
  }

  /// Which line of the list of that name covers the certificate, in words; empty if none does.
  Optional<String> covers(String allowlist, IssuedCertificate certificate) {
    return Optional.ofNullable(allowlists.get(allowlist)).flatMap(it -> it.covers(certificate));
  }

  /// The list of that name.
  public Optional<Allowlist> named(String allowlist) {
    return Optional.ofNullable(allowlists.get(allowlist));
  }

  /// Takes over what was changed through the API or from a topic: adds the line to the list of that
  /// name or takes it off. Nothing for a list that does not exist or takes no lines that way.
  public void submitted(String allowlist, String line, boolean allowed) {
    Allowlist named = allowlists.get(allowlist);
    if (named != null && named.terms().isFed()) {
      named.submitted().change(line, allowed);
      revision.incrementAndGet();
    }
  }

  /// Whether a list has room for all of these lines.
  public boolean hasRoomFor(String allowlist, Submission submission) {
    Allowlist named = allowlists.get(allowlist);
    return named != null && named.hasRoomFor(submission);
  }

  /// Reads files that changed. Returns the lists that cannot be read now, the same again each time
  /// until they can.
  public List<AllowlistProblem> refresh() {
    List<AllowlistProblem> problems = new ArrayList<>();
    for (Allowlist allowlist : allowlists.values()) {
      String before = allowlist.contentSha256();
      allowlist
          .refresh()
          .ifPresent(reason -> problems.add(new AllowlistProblem(allowlist.name(), reason)));
      if (!allowlist.contentSha256().equals(before)) {
        revision.incrementAndGet();
      }
    }
    return List.copyOf(problems);
  }

  /// A number that grows whenever the content of any list changes: pending verdicts are then judged
  /// again. Read it before judging. Starts at 0 in each process.
  public long revision() {
    return revision.get();
  }
}
