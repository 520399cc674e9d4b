package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanPiece;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// One log that scans read, beside whoever follows it: a client of its own, and the judging of
/// pieces. Each chunk of a piece is proven against the scan's head before it is written down, as in
/// a turn; the log's position never moves. Thread-safe: several pieces are judged at a time.
public final class LogScan implements AutoCloseable {
  /// How judging a piece ended.
  public sealed interface Ended {
    /// All of it is judged and written down.
    record Done() implements Ended {}

    /// It was told to stop; what was judged is written down.
    record Stopped() implements Ended {}

    /// The piece is another's by now, or its scan has ended.
    record Lost() implements Ended {}

    /// It could not go on.
    ///
    /// @param cause what kind of trouble it is
    /// @param why the trouble in words; may hold text from the log
    /// @param lie the finding that tells of it, if the log misbehaved
    record Failed(ScanPiece.Cause cause, String why, Optional<Filing> lie) implements Ended {}
  }

  private final LogSettings log;
  private final TailTools tools;
  private final LogClient client;
  private final Store store;
  private final Clock clock;

  /// Opens the log; fetches nothing yet.
  ///
  /// @param own how scans read
  public LogScan(LogSettings log, TailTools tools, LogTools own) {
    this.log = log;
    this.tools = tools.reading(own);
    this.client = log.source().open(own);
    this.store = tools.store();
    this.clock = tools.clock();
  }

  /// The settings that it was opened with.
  public LogSettings settings() {
    return log;
  }

  /// Judges what is left of a piece.
  ///
  /// @param watches that judge
  /// @param stop asked between chunks
  public Ended judge(Scan scan, ScanPiece taken, Watches watches, BooleanSupplier stop) {
    String revision = watches.revision();
    TailTools own = tools.stoppingAlso(stop);
    Reports reports = new Reports(log, client, own, Optional.empty());
    View view = new View(0, scan.head(), Position.of(CompactRange.empty()));
    try {
      ScanPiece piece = taken;
      if (!taken.revision().equals(revision)) {
        store.desk().scans().restart(taken, revision);
        piece = taken.restarted(revision);
      }
      view = new View(0, scan.head(), start(piece, scan.head().head()));
      long watchSet =
          scan.watches().isEmpty() ? tools.watchSet() : store.coverage().aside(watches.revisions());
      PieceWriter writer = new PieceWriter(store.desk().scans(), piece, revision, watchSet);
      return judge(piece, view, watches, writer, reports, own);
    } catch (MismatchException e) {
      Filing lie =
          reports.mismatch(
              view, e.from(), scan.head().head().size(), e.getMessage(), clock.instant());
      return new Ended.Failed(ScanPiece.Cause.MISBEHAVED, e.getMessage(), Optional.of(lie));
    } catch (LogUnavailableException e) {
      return own.stopping().getAsBoolean()
          ? new Ended.Stopped()
          : new Ended.Failed(ScanPiece.Cause.UNREACHABLE, e.getMessage(), Optional.empty());
    } catch (BadAnswerException e) {
      // Malformed bytes prove nothing: a broken cache sends them as well as a log that hides.
      return new Ended.Failed(ScanPiece.Cause.MALFORMED, e.getMessage(), Optional.empty());
    } catch (StaleStateException e) {
      return new Ended.Lost();
    } finally {
      // However it ended: the log signed them. Whoever follows the log places them.
      reports.strangers().forEach(new Suspects(log.trusted().name(), store)::add);
    }
  }

  private Ended judge(
      ScanPiece piece,
      View from,
      Watches watches,
      PieceWriter writer,
      Reports reports,
      TailTools own)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    String name = log.trusted().name();
    ChunkFindings findings =
        new ChunkFindings(store, reports, new Flood(name, own), this::told, true);
    HeadTimes times = new HeadTimes(log, reports);
    View view = from;
    try (ProvenLeaves leaves =
        new ProvenLeaves(
            client, judge(watches), from.position().toRange(), piece.to(), from.head().head())) {
      while (leaves.hasNext()) {
        if (own.stopping().getAsBoolean()) {
          writer.flush();
          return new Ended.Stopped();
        }
        ProvenChunk chunk = leaves.next();
        Instant now = clock.instant();
        times
            .objection(view, chunk.leaves(), now)
            .ifPresent(lie -> {
              store.file(List.of(lie));
              told(List.of(lie));
            });
        writer.read(chunk);
        ChunkCommit commit = new ChunkCommit(name, writer, view, chunk, own.watchSet());
        findings.write(view, chunk, commit, now);
        view = commit.view();
      }
    }
    return new Ended.Done();
  }

  private ChunkJudge judge(Watches watches) {
    return new ChunkJudge(
        tools.decoders().forFormat(log.entryFormat()),
        () -> watches,
        signer -> tools.trusts().check(log.trust(), signer),
        clock);
  }

  private void told(List<Filing> filings) {
    // Those that were known have their evidence already, and were told.
    List<Filing> fresh =
        filings.stream().filter(filing -> !filing.finding().evidence().isEmpty()).toList();
    if (!fresh.isEmpty()) {
      fresh.forEach(LogTurn::writeLine);
      tools.wake().run();
    }
  }

  /// Where a piece goes on: what is written of it, or else what the log has before its first entry,
  /// proven.
  private Position start(ScanPiece piece, TreeHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    return Position.of(
        piece.at() > piece.from()
            ? CompactRange.of(piece.at(), piece.frontier())
            : Histories.provenRange(client, piece.from(), head));
  }

  /// Merges the pieces of a scan, all of them done, into one range of the log's tree, from what the
  /// log has before the first on, and asks whether it is in the scan's head.
  ///
  /// @param pieces in order, each beginning where the one before ends
  /// @return why it is not; empty if it is
  public Optional<String> merge(Scan scan, List<ScanPiece> pieces)
      throws LogUnavailableException, BadAnswerException {
    TreeHead head = scan.head().head();
    CompactRange whole = CompactRange.empty();
    long at = scan.from();
    for (ScanPiece piece : pieces) {
      if (piece.from() != at || piece.at() != piece.to()) {
        return Optional.of(
            "piece [%d, %d) is judged up to %d (expected: from %d to its end)"
                .formatted(piece.from(), piece.to(), piece.at(), at));
      }
      if (at == scan.from()) {
        // It may begin anywhere: what is before it is part of the subtrees that it ends.
        whole = CompactRange.of(piece.to(), piece.frontier());
      } else {
        whole.append(piece.own());
      }
      at = piece.to();
    }
    ConsistencyProof proof = client.consistency(at, head.size());
    if (!proof.holds(whole.head(), head)) {
      client.forget();
      proof = client.consistency(at, head.size());
    }
    return at == scan.to() && proof.holds(whole.head(), head)
        ? Optional.empty()
        : Optional.of(
            "the pieces merge into %d entries with root %s, which is not in the signed tree of %d with root %s"
                .formatted(at, whole.root(), head.size(), head.root()));
  }

  @Override
  public void close() {
    client.close();
  }
}
