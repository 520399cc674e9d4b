package dev.sigwarden.alert;

import dev.sigwarden.alert.Surroundings.ListState;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Lookalike;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns what was seen of entries into alerts: who, what, when, where, the surroundings, how to
/// check it, and what to do in the first fifteen minutes. `LogAlerts` does the same for logs that
/// misbehave, `Conditions` for Sigwarden's own troubles.
///
/// `title` and `why` hold our own words and the operator's names only; text from a log stands in
/// fields that are marked as such.
public final class Alerts {
  private static final String LEAF_HASH = "leaf-hash";

  private final String tenant;
  private final EntryChecks checks;
  private final Clock clock;

  /// Alerts of one tenant; the clock gives the time of each telling.
  ///
  /// @param config the configuration file, if it is not where commands look for it by themselves
  public Alerts(String tenant, Optional<Path> config, Clock clock) {
    this.tenant = tenant;
    this.checks = new EntryChecks(config);
    this.clock = clock;
  }

  /// An unexpected signature.
  ///
  /// @param where the entry
  /// @param event the entry decoded
  /// @param selected the watch that judged it
  /// @param because what failed, as the verdict says it
  /// @param firstSeen when Sigwarden judged the entry first
  /// @param around what else was seen of the watch and the signer
  public Alert unexpectedSignature(
      WhereSeen where,
      SigningEvent event,
      Selected selected,
      String because,
      Instant firstSeen,
      Surroundings around) {
    return signature(
        Kind.UNEXPECTED_SIGNATURE,
        selected.severity(),
        Steps.signature(signer(selected, event)),
        where,
        event,
        selected,
        because,
        firstSeen,
        around);
  }

  /// A certificate that claims a watched identity and that nobody vouches for.
  ///
  /// @param severity as the operator has it for such claims
  /// @param selected the watch whose identity is claimed
  public Alert unverifiedClaim(
      Severity severity,
      WhereSeen where,
      SigningEvent event,
      Selected selected,
      String because,
      Instant firstSeen,
      Surroundings around) {
    return signature(
        Kind.UNVERIFIED_CLAIM,
        severity,
        Steps.CLAIM,
        where,
        event,
        selected,
        because,
        firstSeen,
        around);
  }

  private static String headline(Kind kind, @Nullable Signer signer) {
    if (kind == Kind.UNVERIFIED_CLAIM) {
      return "Unverified claim of an identity of watch ";
    }
    if (kind == Kind.VERSION_ROLLBACK) {
      return "Security version that went down, selected by watch ";
    }
    return signer instanceof IssuedCertificate
        ? "Unexpected certificate selected by watch "
        : "Unexpected signature selected by watch ";
  }

  Alert signature(
      Kind kind,
      Severity severity,
      List<String> steps,
      WhereSeen where,
      SigningEvent event,
      Selected selected,
      String because,
      Instant firstSeen,
      Surroundings around) {
    String watch = Sanitizer.clean(selected.watch());
    String rule = kind.label() + "/" + selected.watch() + branch(where);
    Fields who = new Fields();
    Fields when = when(where, firstSeen);
    Signer signer = signer(selected, event);
    if (signer == null) {
      who.add("identity", "the entry names no signer; it was selected by its text");
      who.add("verified", "no: the entry names no signer");
    } else {
      SignerFields.who(who, signer, selected.trust());
      SignerFields.when(when, signer, firstSeen);
    }
    if (event.signers().size() > 1) {
      who.add("signers", event.signers().size() + " in this entry; the one that matched is shown");
    }
    who.add("selector", selected.selector());
    if (signer instanceof CertificateSigner certificate && certificate.subjects().size() > 1) {
      // It may stand behind as many others as a certificate has room for.
      who.fromLog("matched", selected.matched());
    }
    Fields scope = new Fields();
    around.addTo(scope);
    String uid =
        signer instanceof IssuedCertificate certificate
            ? FindingId.certificate(tenant, rule, certificate.tbsSha256())
            : FindingId.finding(tenant, rule, where.logId(), where.index());
    return new Alert(
            uid,
            1,
            Alert.Event.OPENED,
            kind,
            severity,
            headline(kind, signer) + watch,
            Sanitizer.clean(because),
            Sanitizer.clean(where.log()),
            watch,
            Sanitizer.clean(selected.owner()),
            Sanitizer.clean(selected.runbook()),
            millis(firstSeen),
            millis(clock.instant()),
            who.list(),
            what(event),
            when.list(),
            where(where),
            scope.list(),
            checks.check(where, event, signer, selected.trust()),
            steps)
        .withActs(
            Acts.of(
                uid,
                around.allowlists().stream()
                    .filter(ListState::handedIn)
                    .map(ListState::name)
                    .toList(),
                line(signer, event)));
  }

  /// The line of an allowlist that makes the entry expected; empty if there is none.
  private static String line(@Nullable Signer signer, SigningEvent event) {
    return signer instanceof IssuedCertificate certificate
        ? "tbs:" + certificate.tbsSha256().toHex()
        : event.artifacts().stream()
            .map(artifact -> artifact.digest().toString())
            .findFirst()
            .orElse("");
  }

  /// A signature by somebody whose name is easily taken for a watched one.
  ///
  /// @param where the entry
  /// @param event the entry decoded
  /// @param lookalike who resembles whom
  /// @param trust what that signer's certificate is worth
  /// @param firstSeen when Sigwarden judged the entry first
  public Alert lookalike(
      WhereSeen where,
      SigningEvent event,
      Lookalike lookalike,
      CertificateTrust trust,
      Instant firstSeen) {
    Watch watch = lookalike.watch();
    Fields who = new Fields().fromLog("look-alike", lookalike.subject());
    Fields when = new Fields().add("first-seen", millis(firstSeen).toString());
    who.add("watched", lookalike.watched());
    who.add("way", lookalike.way().label());
    who.add("part", lookalike.part());
    who.fromLog("difference", lookalike.difference());
    SignerFields.who(who, lookalike.signer(), trust);
    SignerFields.when(when, lookalike.signer(), firstSeen);
    String rule = Kind.LOOKALIKE.label() + "/" + watch.name() + branch(where);
    String uid = FindingId.finding(tenant, rule, where.logId(), where.index());
    return new Alert(
            uid,
            1,
            Alert.Event.OPENED,
            Kind.LOOKALIKE,
            watch.lookalikes().orElse(Kind.LOOKALIKE.severity()),
            "Look-alike of an identity of watch " + Sanitizer.clean(watch.name()),
            Sanitizer.clean(
                "A subject %s; what differs is the %s."
                    .formatted(lookalike.way().words(), lookalike.part())),
            Sanitizer.clean(where.log()),
            Sanitizer.clean(watch.name()),
            Sanitizer.clean(watch.owner()),
            Sanitizer.clean(watch.runbook()),
            millis(firstSeen),
            millis(clock.instant()),
            who.list(),
            what(event),
            when.list(),
            where(where),
            List.of(),
            checks.check(where, event, lookalike.signer(), trust),
            Steps.LOOKALIKE)
        .withActs(Acts.of(uid));
  }

  /// An entry that is in the log and could not be decoded, so that no watch could judge it.
  ///
  /// @param where the entry
  /// @param reason why it could not be decoded; may hold text from the entry
  /// @param named watches of which a literal occurs in the entry's bytes; the gravest leads
  /// @param firstSeen when Sigwarden saw the entry first
  public Alert undecodable(
      WhereSeen where, String reason, List<Selected> named, Instant firstSeen) {
    List<Selected> gravest =
        named.stream().sorted(Comparator.comparing(Selected::severity)).toList();
    String watch = gravest.isEmpty() ? "" : gravest.getFirst().watch();
    String why =
        gravest.isEmpty()
            ? "An entry could not be decoded; no text of any watch occurs in it."
            : "An entry could not be decoded, and text that a watch looks for occurs in it.";
    String uid =
        FindingId.finding(
            tenant, Kind.ENTRY_UNDECODABLE.label() + branch(where), where.logId(), where.index());
    return new Alert(
            uid,
            1,
            Alert.Event.OPENED,
            Kind.ENTRY_UNDECODABLE,
            gravest.isEmpty() ? Kind.ENTRY_UNDECODABLE.severity() : gravest.getFirst().severity(),
            Kind.ENTRY_UNDECODABLE.title(),
            why,
            Sanitizer.clean(where.log()),
            Sanitizer.clean(watch),
            gravest.isEmpty() ? "" : Sanitizer.clean(gravest.getFirst().owner()),
            gravest.isEmpty() ? "" : Sanitizer.clean(gravest.getFirst().runbook()),
            millis(firstSeen),
            millis(clock.instant()),
            List.of(),
            new Fields().fromLog("reason", reason).list(),
            when(where, firstSeen).list(),
            where(where),
            watches(gravest),
            checks.look(where).list(),
            Steps.UNDECODABLE)
        .withActs(Acts.of(uid));
  }

  /// A test of the path from Sigwarden to a receiver; nothing happened.
  ///
  /// @param id what tells this test from others, for its uid
  public Alert test(String id) {
    Instant now = millis(clock.instant());
    return new Alert(
        FindingId.finding(tenant, Kind.TEST.label(), Sanitizer.clean(id), -1),
        1,
        Alert.Event.TEST,
        Kind.TEST,
        Severity.INFO,
        Kind.TEST.title(),
        "Somebody asked for this test. Nothing was signed and no log misbehaved.",
        "",
        "",
        "",
        "",
        now,
        now,
        List.of(),
        List.of(),
        new Fields().add("sent", now.toString()).list(),
        List.of(),
        List.of(),
        List.of(),
        List.of("Nothing to do: that you read this is the result."));
  }

  /// What tells an entry of a branch from the one that the proven history has at the same index.
  private static String branch(WhereSeen where) {
    return where.branch() == 0 ? "" : "/branch-" + where.branch();
  }

  private static Fields when(WhereSeen where, Instant firstSeen) {
    return new Fields()
        .add("logged", where.loggedAt().map(Instant::toString).orElse(""))
        .add("first-seen", millis(firstSeen).toString());
  }

  private static @Nullable Signer signer(Selected selected, SigningEvent event) {
    if (selected.signer().isPresent()) {
      return selected.signer().get();
    }
    return event.signers().isEmpty() ? null : event.signers().getFirst();
  }

  static List<Field> what(SigningEvent event) {
    Fields what = new Fields();
    List<ArtifactDigest> shown =
        event.artifacts().subList(0, Math.min(event.artifacts().size(), Sanitizer.MAX_ITEMS));
    for (ArtifactDigest artifact : shown) {
      String role = artifact.role().name().toLowerCase(Locale.ROOT);
      what.add(
          artifact.role() == ArtifactDigest.Role.ARTIFACT ? "digest" : role + "-digest",
          artifact.digest().toString());
    }
    if (event.artifacts().size() > shown.size()) {
      what.add("more-digests", "…[+" + (event.artifacts().size() - shown.size()) + "]");
    }
    claimed(what, event.claimed());
    String version = event.version().isEmpty() ? "" : "/" + event.version();
    return what.fromLog("entry", event.kind() + version).list();
  }

  /// Each name says that it is a claim, since receivers show them as they are.
  private static void claimed(Fields what, ClaimedArtifact claimed) {
    what.fromLog("claimed-name", claimed.names());
    if (claimed.moreNames() > 0) {
      what.add("more-names", "…[+" + claimed.moreNames() + "]");
    }
    what.fromLog("claimed-version", claimed.version());
    what.fromLog("claimed-predicate-type", claimed.predicateType());
    what.fromLog("claimed-content-type", claimed.contentType());
  }

  private static List<Field> watches(List<Selected> named) {
    Fields scope = new Fields();
    named.stream()
        .limit(Sanitizer.MAX_ITEMS)
        .forEach(selected -> scope.add("named-watch", selected.watch()));
    return scope.list();
  }

  /// The field of an alert that holds the entry's leaf hash.
  ///
  /// @param hash in hex
  public static Field leafHash(String hash) {
    return new Fields().add(LEAF_HASH, hash).list().getFirst();
  }

  /// The fields on where an entry, or a log's misbehaviour, was seen.
  static List<Field> where(WhereSeen where) {
    Fields fields =
        new Fields()
            .add("log", where.log())
            .add("protocol", where.protocol())
            .fromLog("origin", where.origin())
            .add("key-id", where.keyId());
    if (where.index() >= 0) {
      fields
          .add("index", Long.toString(where.index()))
          .add(LEAF_HASH, where.leafHash())
          .add("tree-size", where.treeSize() < 0 ? "" : Long.toString(where.treeSize()))
          .add("included", "yes: proven to be in the signed tree");
    }
    fields.add("address", where.address());
    if (where.branch() > 0) {
      fields.add("branch", where.branch() + ": not the proven history of this log");
    }
    return fields.list();
  }

  static Instant millis(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }
}
