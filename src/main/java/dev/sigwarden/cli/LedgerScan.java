package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.SignerVerdict;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.ledger.LedgerFolder;
import dev.sigwarden.ledger.LedgerReplay;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replays a local copy of a CCF ledger and judges its statements.
final class LedgerScan {
  /// Issuers and feeds whose security version is remembered; beyond, the oldest is forgotten.
  private static final int MAX_FEEDS = 100_000;

  private final Path folder;
  private final ReceiptKeys keys;
  private final Watches watches;
  private final EntryDecoder decoder = Decoders.found().forFormat("scittstatement");
  private final SignerCheck signers = new SignerCheck(List.of());

  /// The highest security version of each issuer and feed.
  private final Map<List<String>, Long> versions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Long> eldest) {
          return size() > MAX_FEEDS;
        }
      };

  private long selected;
  private long findings;

  /// A scan of that folder.
  ///
  /// @param keys which the service's key has to be one of, and sign; none if any will do
  LedgerScan(Path folder, ReceiptKeys keys, Watches watches) {
    this.folder = folder;
    this.keys = keys;
    this.watches = watches;
  }

  /// Replays, prints a line for each statement worth one and a summary; the exit code.
  int run(boolean json) throws CommandFailure {
    LedgerReplay replay = new LedgerReplay(this::entry);
    LedgerFolder.Outcome outcome;
    try {
      outcome = new LedgerFolder(folder).replay(replay);
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s cannot be read: %s".formatted(folder, e.getMessage()));
    }
    boolean strange = isStrange(replay);
    summary(replay, outcome, json);
    return switch (outcome) {
      case LedgerFolder.Outcome.Broken(String file, String why) ->
          throw new CommandFailure(
              Exit.MISBEHAVED,
              "ledger %s: %s: %s".formatted(folder, file, Sanitizer.clean(why, EventJson.MAX_WHY)));
      case LedgerFolder.Outcome.Whole _ -> {
        if (strange || replay.keyChanges().stream().anyMatch(change -> !change.endorses())) {
          yield Exit.MISBEHAVED;
        }
        if (findings > 0) {
          yield Exit.FINDINGS;
        }
        yield isProven(replay) ? Exit.OK : Exit.UNPROVEN;
      }
    };
  }

  /// Whether the service's key is none of those that were expected.
  private boolean isStrange(LedgerReplay replay) {
    return !keys.entries().isEmpty() && !isExpected(replay.service());
  }

  private boolean isExpected(Optional<CoseKey> key) {
    return keys.entries().stream()
        .map(ReceiptKeys.Entry::key)
        .map(Optional::of)
        .anyMatch(key::equals);
  }

  /// Whether the newest root that the service signed is that of an expected key. The ledger names
  /// keys as it likes; that one of them signed is what nobody else can do.
  private boolean isSigned(LedgerReplay replay) {
    return isExpected(replay.signer());
  }

  /// Whether a signed root covers every statement, with `--keys` one that such a key signed.
  boolean isProven(LedgerReplay replay) {
    return keys.entries().isEmpty()
        ? replay.provenEntries() == replay.entries()
        : isSigned(replay) && replay.serviceEntries() == replay.entries();
  }

  /// Judges one statement and prints a line if it is worth one.
  void entry(TxId at, byte[] statement) {
    switch (decoder.decode(EntryBytes.of(statement))) {
      case Decoded.Undecodable(String reason) -> {
        findings++;
        ObjectNode line = line(at);
        line.put("verdict", "undecodable").put("because", Sanitizer.clean(reason));
        System.out.println(line);
      }
      case Decoded.Event(SigningEvent event) -> {
        signer(at, statement, event);
        version(at, statement, event);
        for (Hit hit : watches.select(event)) {
          judge(at, event, hit);
        }
      }
    }
  }

  /// The service accepted it, so its signature should hold.
  private void signer(TxId at, byte[] statement, SigningEvent event) {
    try {
      if (signers.check(SignedStatement.parse(statement))
          instanceof SignerVerdict.Refused(String why)) {
        findings++;
        ObjectNode line = line(at);
        line.put("verdict", "bad-signature").put("because", Sanitizer.clean(why));
        EventJson.event(line, event);
        System.out.println(line);
      }
    } catch (MalformedCoseException e) {
      throw new IllegalStateException("it was decoded before", e);
    }
  }

  /// What is signed for a feed does not become older.
  private void version(TxId at, byte[] statement, SigningEvent event) {
    SignedStatement.Claims claims;
    try {
      claims = SignedStatement.parse(statement).claims();
    } catch (MalformedCoseException e) {
      throw new IllegalStateException("it was decoded before", e);
    }
    if (claims.svn().isEmpty()) {
      return;
    }
    long version = claims.svn().getAsLong();
    long highest = versions.merge(List.of(claims.issuer(), claims.subject()), version, Math::max);
    if (version < highest) {
      findings++;
      ObjectNode line = line(at);
      line.put("verdict", "svn-rollback");
      line.put("because", "svn %d after %d".formatted(version, highest));
      EventJson.event(line, event);
      System.out.println(line);
    }
  }

  private void judge(TxId at, SigningEvent event, Hit hit) {
    selected++;
    Instant now = Instant.now();
    Verdict verdict = watches.judge(hit, event, now, now);
    if (!(verdict instanceof Verdict.Expected)) {
      findings++;
    }
    ObjectNode line = line(at);
    line.put("watch", hit.watch().name());
    line.put("selector", hit.selector());
    EventJson.verdict(line, verdict);
    EventJson.event(line, event);
    System.out.println(line);
  }

  /// Statements so far that are worth telling.
  long findings() {
    return findings;
  }

  private static ObjectNode line(TxId at) {
    return EventJson.JSON.createObjectNode().put("transaction", at.toString());
  }

  private void summary(LedgerReplay replay, LedgerFolder.Outcome outcome, boolean json) {
    if (!json) {
      System.out.printf(
          "%s: %d transactions, %d entries, %d of them under a signed root; %d roots proven,"
              + " %d by the service's key; %d view changes, %d key changes;"
              + " %d selected by watches, %d findings%n",
          Sanitizer.clean(replay.issuer().isEmpty() ? folder.toString() : replay.issuer()),
          replay.transactions(),
          replay.entries(),
          replay.provenEntries(),
          replay.roots(),
          replay.coseRoots(),
          replay.views(),
          replay.keyChanges().size(),
          selected,
          findings);
      return;
    }
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("issuer", Sanitizer.clean(replay.issuer()));
    line.put("whole", outcome instanceof LedgerFolder.Outcome.Whole);
    line.put("transactions", replay.transactions());
    line.put("entries", replay.entries());
    line.put("provenEntries", replay.provenEntries());
    line.put("provenByServiceEntries", replay.serviceEntries());
    line.put("rootsProven", replay.roots());
    line.put("rootsSignedByService", replay.coseRoots());
    replay
        .proven()
        .ifPresent(head -> line.put("treeSize", head.size()).put("rootHash", head.root().toHex()));
    replay.continuity().ifPresent(it -> line.set("consistency", consistency(it)));
    replay
        .service()
        .map(CoseKey::spkiSha256)
        .ifPresent(key -> line.put("serviceKeySha256", key.toHex()));
    line.put("serviceKeyExpected", !isStrange(replay) && isSigned(replay));
    line.put("viewChangeCount", replay.views());
    ArrayNode views = line.putArray("viewChanges");
    replay.viewChanges().forEach(change -> views.add(change.toString()));
    ArrayNode changes = line.putArray("keyChanges");
    replay
        .keyChanges()
        .forEach(change ->
            changes
                .addObject()
                .put("transaction", change.at().toString())
                .put("keySha256", change.key().toHex())
                .put("endorsed", change.endorses()));
    line.put("selected", selected);
    line.put("findings", findings);
    System.out.println(line);
  }

  /// The proof, for whoever kept the older root, that the newer tree continues it; checked as they
  /// will check it.
  private static ObjectNode consistency(LedgerReplay.Continuity continuity) {
    if (!continuity.proof().holds(continuity.older(), continuity.newer())) {
      throw new IllegalStateException(
          "a proof of consistency that does not hold: %s".formatted(continuity));
    }
    return EventJson.JSON
        .createObjectNode()
        .put("fromTreeSize", continuity.older().size())
        .put("fromRootHash", continuity.older().root().toHex())
        .put("toTreeSize", continuity.newer().size())
        .put("toRootHash", continuity.newer().root().toHex())
        .put("proof", continuity.proof().toBytes());
  }
}
