package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All watches compiled together, with their allowlists: what one entry is asked. Immutable apart
/// from allowlist contents; thread-safe.
public final class Watches {
  private final List<Watch> watches;
  private final Allowlists allowlists;
  private final Index index;
  private final LiteralScan literals;
  private final NameScan names;
  private final Optional<Lookalikes> lookalikes;

  /// The watch of each selector, by their numbers; ascending.
  private final int[] watchOf;

  private Watches(List<Watch> watches, Allowlists allowlists) {
    this.watches = List.copyOf(watches);
    this.allowlists = allowlists;
    List<Selector> selectors = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < watches.size(); i++) {
      for (Selector selector : watches.get(i).selectors()) {
        selectors.add(selector);
        owners.add(i);
      }
    }
    index = new Index(selectors);
    watchOf = owners.stream().mapToInt(Integer::intValue).toArray();
    literals = new LiteralScan(watches.stream().map(Watch::selectors).toList());
    names = new NameScan(watches.stream().map(Watch::selectors).toList());
    lookalikes = Lookalikes.of(watches);
  }

  /// No watches: selects nothing.
  public static Watches none() {
    return of(List.of(), new Allowlists(List.of()));
  }

  /// Compiles watches.
  ///
  /// @param watches in the order in which hits are told
  /// @param allowlists every list that a watch names
  public static Watches of(List<Watch> watches, Allowlists allowlists) {
    return new Watches(watches, allowlists);
  }

  /// The watches, in the order given.
  public List<Watch> all() {
    return watches;
  }

  /// The allowlists that they were compiled with.
  public Allowlists allowlists() {
    return allowlists;
  }

  /// The revision of each watch by name.
  public Map<String, WatchRevision> revisions() {
    return watches.stream().collect(Collectors.toMap(Watch::name, WatchRevision::of));
  }

  /// These of the watches, in their order, with the same allowlists; none that is not there.
  public Watches only(Collection<String> names) {
    return of(watches.stream().filter(watch -> names.contains(watch.name())).toList(), allowlists);
  }

  /// What changes whenever a watch looks for, expects, or says something else: the SHA-256 of all
  /// of them, as hex. The same watches give the same in each process. What is on allowlists is not
  /// part of it.
  public String revision() {
    return Hash.ofData(
            watches.stream()
                .map(Watch::written)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8))
        .toHex();
  }

  /// The watch of that name.
  public Optional<Watch> named(String name) {
    return watches.stream().filter(watch -> watch.name().equals(name)).findFirst();
  }

  /// Watches that name a key which has to sign an allowlist, each in words: whoever has stolen such
  /// a key can sign and make the signature expected.
  public List<String> judgesInTheirOwnCause() {
    return allowlists.names().stream()
        .flatMap(name -> allowlists.named(name).stream())
        .flatMap(list -> list.terms().signer().stream().flatMap(signer -> named(signer, list)))
        .toList();
  }

  private Stream<String> named(AllowlistSigner signer, Allowlist list) {
    return watches.stream()
        .filter(watch -> watch.names(signer.keys()))
        .map(watch ->
            "watch %s names the key in signed-by of allowlist %s"
                .formatted(watch.name(), list.name()));
  }

  /// The watches that select the event, in their order, each once: with its first selector that
  /// does, and the first signer that this one selects. The cost does not grow with the number of
  /// watches.
  public List<Hit> select(SigningEvent event) {
    Selection selection = new Selection(index, event);
    index.offer(event, selection);
    Map<Integer, Optional<Signer>> selected = selection.selected();
    if (selected.isEmpty()) {
      return List.of();
    }
    List<Hit> hits = new ArrayList<>();
    int last = -1;
    for (Map.Entry<Integer, Optional<Signer>> one : selected.entrySet()) {
      int watch = watchOf[one.getKey()];
      if (watch != last) {
        String selector = index.selector(one.getKey()).label();
        hits.add(new Hit(watches.get(watch), selector, one.getValue()));
        last = watch;
      }
    }
    return List.copyOf(hits);
  }

  /// Whether the watch of that name selects the event: what `select` says of this watch alone, for
  /// observations that are judged again.
  public Optional<Hit> select(String watch, SigningEvent event) {
    return select(event).stream().filter(hit -> hit.watch().name().equals(watch)).findFirst();
  }

  /// Signers of the event that resemble one whom a watch names, for the watches that ask for it,
  /// each once; never a watch that selects the event.
  ///
  /// @param hits what `select` says of the event
  public List<Lookalike> lookalikes(SigningEvent event, List<Hit> hits) {
    return lookalikes.isPresent() ? lookalikes.get().find(event, hits) : List.of();
  }

  /// What the hit's watch says of the event, first seen at `firstSeen`.
  ///
  /// Requirements count for every signer of the event that the watch selects, not for the hit's
  /// alone: a second signature by the same identity from elsewhere is not covered by the first. The
  /// same question gives another answer only after the grace has ended or `Allowlists.revision` has
  /// changed.
  public Verdict judge(Hit hit, SigningEvent event, Instant firstSeen, Instant now) {
    Watch watch = hit.watch();
    Optional<Expectation> expectation = watch.expectation();
    if (expectation.isEmpty()) {
      return new Verdict.Unexpected("watch %s reports every use".formatted(watch.name()));
    }
    return expectation
        .get()
        .judge(event, signersSelected(watch, event), allowlists, firstSeen, now);
  }

  /// The certificates on whose word alone the hit's watch selected the event; none if a key, a
  /// certificate's fingerprint, the entry's text or a signer without a certificate was enough for
  /// it. Names and extensions are words that anybody can write; those are not, or are checked
  /// elsewhere.
  public List<CertificateSigner> claimed(Hit hit, SigningEvent event) {
    RawEntry entry = index.raw(event.entry());
    List<CertificateSigner> claimed = new ArrayList<>();
    for (Selector selector : hit.watch().selectors()) {
      if (!selector.needsSigner() && selector.selects(null, entry, null)) {
        return List.of();
      }
    }
    for (Signer signer : event.signers()) {
      boolean selected = false;
      for (Selector selector : hit.watch().selectors()) {
        if (selector.needsSigner() && selector.selects(signer, entry, null)) {
          if (!(signer instanceof CertificateSigner)
              || !selector.keys().isEmpty()
              || selector.certificate().isPresent()) {
            return List.of();
          }
          selected = true;
        }
      }
      if (selected && signer instanceof CertificateSigner certificate) {
        claimed.add(certificate);
      }
    }
    return List.copyOf(claimed);
  }

  private List<Signer> signersSelected(Watch watch, SigningEvent event) {
    RawEntry entry = index.raw(event.entry());
    return event.signers().stream()
        .filter(signer ->
            watch.selectors().stream()
                .anyMatch(
                    selector -> selector.needsSigner() && selector.selects(signer, entry, null)))
        .toList();
  }

  /// The watches of which a literal occurs in the raw bytes of an entry that could not be decoded,
  /// or in a base64 layer of it, or a name of a certificate. Selectors by fingerprint and those of
  /// which every literal is shorter than 6 bytes are not found this way.
  public List<Watch> literalsIn(EntryBytes entry) {
    Set<Integer> found = new TreeSet<>(literals.find(entry));
    found.addAll(names.find(entry));
    return found.stream().map(watches::get).toList();
  }

  /// How many selectors are looked at in full for an event: what the matching tests hold down.
  int verified(SigningEvent event) {
    Selection selection = new Selection(index, event);
    index.offer(event, selection);
    return selection.verified();
  }

  /// Labels of selectors that are tried on every entry, because nothing in them can be looked up.
  List<String> triedOnEveryEntry() {
    return index.residual().stream()
        .map(number -> watches.get(watchOf[number]).name() + ": " + index.selector(number).label())
        .toList();
  }
}
