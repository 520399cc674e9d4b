package dev.sigwarden.tail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Alerts;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.LogAlerts;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.alert.Selected;
import dev.sigwarden.alert.Surroundings;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Observer;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.verify.Inclusion;
import dev.sigwarden.verify.SplitView;
import dev.sigwarden.verify.SplitViewJson;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one log's turns write down: observations, and findings with their evidence and receivers.
final class Reports {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The one file that stands for a split view by itself; `sigwarden verify` checks it.
  static final String SPLIT_VIEW = "split-view.json";

  private static final Duration DAY = Duration.ofDays(1);

  private final LogSettings log;
  private final long watchSet;
  private final LogClient client;
  private final Alerts alerts;
  private final LogAlerts logAlerts;
  private final Routes routes;
  private final Store store;
  private final PortableProofs proofs;
  private final TrustSettings.Claims claims;

  // Both guarded by this.
  private @Nullable SeenHead noted;
  private Evidence note = text("checkpoint.note", "");

  Reports(LogSettings log, LogClient client, TailTools tools) {
    this.log = log;
    this.client = client;
    this.store = tools.store();
    this.routes = tools.routes();
    this.alerts = new Alerts(tools.tenant(), tools.config(), tools.clock());
    this.logAlerts = new LogAlerts(tools.tenant(), tools.clock());
    this.watchSet = tools.watchSet();
    this.claims = tools.trusts().claims(log.trust());
    this.proofs = new PortableProofs(client, log.trusted(), tools.stopping(), tools.clock());
  }

  /// The observation that a judgement leaves; empty for an entry that no watch selects.
  Optional<Observation> observation(View view, Judgement judgement, Instant firstSeen) {
    return switch (judgement) {
      case Judgement.Signature signature ->
          Optional.of(
              new Observation(
                  log.trusted().name(),
                  view.branch(),
                  signature.index(),
                  signature.leaf(),
                  observer(signature.hit().watch()),
                  signature.verdict(),
                  log.entryFormat(),
                  signature.entry(),
                  firstSeen,
                  signature.loggedAt(),
                  signature.certificate(),
                  signature
                      .hit()
                      .signer()
                      .map(signer -> Surroundings.identity(signer, signature.trust())),
                  signature.artifacts()));
      case Judgement.Resembling _, Judgement.Undecodable _ -> Optional.empty();
    };
  }

  /// A watch as its observations keep it.
  static Observer observer(Watch watch) {
    return new Observer(watch.name(), watch.severity(), watch.owner(), watch.runbook());
  }

  /// The set of the watches that judge.
  long watchSet() {
    return watchSet;
  }

  /// The finding that a judgement leaves, with its alert; asks the log for evidence.
  ///
  /// @param read the leaves that were judged
  Filing filing(View view, Judgement judgement, Alert alert, Leaves read) {
    return file(
        alert, view.branch(), judgement.index(), evidence(view, judgement, Optional.of(read)));
  }

  /// A finding that is known, with the evidence that it has.
  Filing known(View view, Judgement judgement, Alert alert) {
    return file(alert, view.branch(), judgement.index(), List.of());
  }

  /// The alert that a judgement leaves, if it is a finding.
  Optional<Alert> alert(View view, Judgement judgement, Instant firstSeen) {
    return switch (judgement) {
      case Judgement.Signature signature
          when signature.verdict() instanceof Verdict.Unexpected(String because) ->
          Optional.of(unexpected(view, signature, because, firstSeen));
      case Judgement.Signature _ -> Optional.empty();
      case Judgement.Resembling(_, _, _, _, var event, var lookalike, var trust) ->
          Optional.of(alerts.lookalike(entry(view, judgement), event, lookalike, trust, firstSeen));
      case Judgement.Undecodable(_, _, _, _, String reason, var mentioned) ->
          Optional.of(
              alerts.undecodable(
                  entry(view, judgement),
                  reason,
                  mentioned.stream().map(Selected::of).toList(),
                  firstSeen));
    };
  }

  private Alert unexpected(
      View view, Judgement.Signature signature, String because, Instant firstSeen) {
    Selected selected = Selected.of(signature.hit(), signature.trust());
    Surroundings around =
        around(store, view.branch() == 0 ? log.trusted().name() : "", selected, firstSeen, 1);
    WhereSeen where = entry(view, signature);
    return signature.trust() instanceof CertificateTrust.UnverifiedClaim
        ? alerts.unverifiedClaim(
            claims.severity(), where, signature.event(), selected, because, firstSeen, around)
        : alerts.unexpectedSignature(
            where, signature.event(), selected, because, firstSeen, around);
  }

  /// What else was seen of the watch and the signer of an entry.
  ///
  /// @param log the log whose coverage counts; empty for one that has none
  /// @param unwritten entries that the store does not have yet: 1 for this one, or 0
  static Surroundings around(
      Store store, String log, Selected selected, Instant firstSeen, int unwritten) {
    Instant from = firstSeen.minus(DAY);
    long lastDay = unwritten + store.observations(selected.watch(), from);
    return selected
        .signer()
        .map(signer -> store.sightings(Surroundings.identity(signer, selected.trust()), from))
        .map(seen -> {
          Optional<Instant> first = seen.first().filter(one -> one.isBefore(firstSeen));
          return new Surroundings(
              lastDay,
              unwritten + seen.entries(),
              first,
              first.isPresent() || log.isEmpty() ? "" : since(store, selected.watch(), log));
        })
        .orElseGet(() -> Surroundings.ofWatch(lastDay));
  }

  /// What was not selected before may be in entries that the watch has never looked at.
  private static String since(Store store, String watch, String log) {
    return store
        .coverage()
        .since(watch, log)
        .map(since -> Surroundings.since(log, since.from(), since.at()))
        .orElse("");
  }

  /// The finding that the log signed two histories.
  ///
  /// @param known the head of the proven history that is contradicted
  /// @param branch the number of the branch that `shown` starts
  /// @param parting where the two histories part, if that is known
  Filing fork(
      SeenHead known,
      int branch,
      SeenHead shown,
      Relation.Contradicts lie,
      Optional<SplitView.Parting> parting) {
    SplitView view =
        new SplitView(
            log.trusted().origin(),
            log.trusted().keys(),
            known.note(),
            shown.note(),
            lie.proof()
                .flatMap(proof ->
                    lie.other().map(other -> new SplitView.Consistency(other.root(), proof))),
            parting);
    Optional<SplitView.Range> parts =
        view.check() instanceof SplitView.Answer.Proven proven ? proven.parts() : Optional.empty();
    Alert alert = logAlerts.fork(log(branch), known.head(), shown.head(), parts, shown.seen());
    List<Evidence> evidence = new ArrayList<>(bothHeads(known, shown));
    evidence.add(text(SPLIT_VIEW, SplitViewJson.write(view)));
    if (lie.proof().isPresent() && lie.other().isPresent()) {
      evidence.add(
          json(
              "consistency.json",
              consistency(lie.other().get(), larger(known, shown), lie.proof().get())));
    }
    evidence.add(text("why.txt", lie.why()));
    return file(alert, branch, shown.head().size(), evidence);
  }

  private static TreeHead larger(SeenHead one, SeenHead other) {
    return one.head().size() > other.head().size() ? one.head() : other.head();
  }

  /// The finding that the log went back.
  Filing rollback(View known, int branch, SeenHead shown) {
    List<Evidence> evidence = new ArrayList<>(bothHeads(known.head(), shown));
    evidence.add(
        text(
            SPLIT_VIEW,
            SplitViewJson.write(
                new SplitView(
                    log.trusted().origin(),
                    log.trusted().keys(),
                    known.head().note(),
                    shown.note(),
                    Optional.empty(),
                    Optional.empty()))));
    return file(
        logAlerts.rollback(log(branch), known.head().head(), shown.head(), shown.seen()),
        branch,
        shown.head().size(),
        evidence);
  }

  /// The finding that the log served a checkpoint that cannot be believed.
  ///
  /// @param cause a stable word for what is wrong, as in `LogAlerts.checkpointInvalid`
  /// @param note what it served; empty if that was too long to keep
  Filing checkpointInvalid(String cause, String why, String note, Instant now) {
    return file(
        logAlerts.checkpointInvalid(log(0), cause, why, now),
        0,
        -1,
        List.of(text("checkpoint.note", note), text("why.txt", why)));
  }

  /// The finding that a head that was signed cannot be.
  ///
  /// @param cause a stable word for what is wrong, as in `LogAlerts.checkpointInvalid`
  /// @param evidence what proves it beside the words
  Filing headInvalid(String cause, int branch, String why, List<Evidence> evidence, Instant now) {
    List<Evidence> all = new ArrayList<>(evidence);
    all.add(text("why.txt", why));
    return file(logAlerts.checkpointInvalid(log(branch), cause, why, now), branch, -1, all);
  }

  /// The finding that an entry was merged later than the log promised.
  ///
  /// @param taken when the log says that it took the entry
  /// @param without a head that lacks it
  /// @param signedAt the time that this head states
  Filing mergedLate(
      long index,
      Instant taken,
      SeenHead without,
      Instant signedAt,
      Duration allowed,
      List<Evidence> evidence,
      Instant now) {
    Alert alert =
        logAlerts.mergedLate(log(0), index, taken, without.head().size(), signedAt, allowed, now);
    return file(alert, 0, index, evidence);
  }

  /// The finding that the log serves what is not in the tree it signed.
  Filing mismatch(View view, long from, long to, String why, Instant now) {
    return file(
        logAlerts.leavesMismatch(log(view.branch()), from, to, view.head().head(), why, now),
        view.branch(),
        from,
        List.of(text("checkpoint.note", view.head().note()), text("why.txt", why)));
  }

  /// The log itself, as alerts name it.
  WhereSeen log(int branch) {
    return WhereSeen.log(
        log.trusted().name(),
        log.protocol(),
        log.trusted().origin(),
        keyId(),
        branch,
        client.leafAddress(0, 1));
  }

  private WhereSeen entry(View view, Judgement judgement) {
    long size = view.head().head().size();
    return new WhereSeen(
        log.trusted().name(),
        log.protocol(),
        log.trusted().origin(),
        keyId(),
        view.branch(),
        judgement.index(),
        judgement.leaf().toHex(),
        size,
        client.leafAddress(judgement.index(), size),
        judgement.loggedAt());
  }

  private String keyId() {
    return "%08x".formatted(log.trusted().keys().getFirst().keyId()).toLowerCase(Locale.ROOT);
  }

  private Filing file(Alert alert, int branch, long index, List<Evidence> evidence) {
    return new Filing(
        new Finding(alert, branch, index, evidence),
        routes.plan(alert).measured(own -> Flood.perHour(alert.kind(), claims, own)));
  }

  /// What proves that the entry of a judgement is in the log; asks the log for it.
  ///
  /// @param read leaves of the log, the entry's among them, if they are at hand
  List<Evidence> evidence(View view, Judgement judgement, Optional<Leaves> read) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("entry.bin", judgement.entry().toBytes()));
    evidence.add(checkpoint(view.head()));
    // The entry is proven all the same, through the compact range; only the portable proof can be
    // missing.
    switch (proofs.of(view, judgement)) {
      case PortableProofs.Asked.Proof(Inclusion proof) -> {
        evidence.add(json("inclusion.json", inclusion(judgement, proof)));
        proof
            .note()
            .ifPresent(note -> evidence.add(new Evidence("inclusion.note", note.toBytes())));
      }
      case PortableProofs.Asked.None(String why) -> evidence.add(text("inclusion.txt", why));
    }
    proofs
        .chain(view, judgement, read)
        .ifPresent(chain -> {
          if (!chain.pem().isEmpty()) {
            evidence.add(text("chain.pem", chain.pem()));
          }
          if (!chain.missing().isEmpty()) {
            evidence.add(text("chain.txt", chain.missing()));
          }
        });
    return evidence;
  }

  /// The head's note; one piece for all findings below it, since a note may be long and they many.
  private synchronized Evidence checkpoint(SeenHead head) {
    if (!head.equals(noted)) {
      noted = head;
      note = text("checkpoint.note", head.note());
    }
    return note;
  }

  /// Heads beside proofs that are to be placed, each once.
  List<SeenHead> strangers() {
    return proofs.strangers();
  }

  private static ObjectNode inclusion(Judgement judgement, Inclusion inclusion) {
    ObjectNode node = JSON.createObjectNode();
    node.put("leafIndex", Long.toString(judgement.index()));
    node.put("leafHash", judgement.leaf().toHex());
    node.put("treeSize", Long.toString(inclusion.head().size()));
    node.put("rootHash", inclusion.head().root().toHex());
    hashes(node, inclusion.proof().path());
    return node;
  }

  /// A proof that the larger signed tree has, at the smaller size, another root than was signed.
  private static ObjectNode consistency(TreeHead older, TreeHead newer, ConsistencyProof proof) {
    ObjectNode node = JSON.createObjectNode();
    node.put("olderSize", Long.toString(older.size()));
    node.put("olderRootHash", older.root().toHex());
    node.put("newerSize", Long.toString(newer.size()));
    node.put("newerRootHash", newer.root().toHex());
    hashes(node, proof.path());
    return node;
  }

  private static void hashes(ObjectNode node, List<Hash> path) {
    var array = node.putArray("hashes");
    path.forEach(hash -> array.add(hash.toHex()));
  }

  static List<Evidence> bothHeads(SeenHead known, SeenHead shown) {
    return List.of(
        text("checkpoint-known.note", known.note()), text("checkpoint-shown.note", shown.note()));
  }

  private static Evidence json(String name, ObjectNode content) {
    return text(name, content.toPrettyString());
  }

  static Evidence text(String name, String content) {
    return new Evidence(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
