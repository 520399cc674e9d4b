package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Judges a range of one log once, outside any daemon: the same proofs and the same judging as a
/// turn, nothing written down.
public final class RangeScan {
  /// What a scan found of the log.
  ///
  /// @param checkpoint the signed head that everything was proven against
  /// @param from the first index judged
  /// @param to the index after the last judged
  public record Scanned(Checkpoint checkpoint, long from, long to) {}

  /// What is told while a scan runs.
  ///
  /// @param judgement told of each judgement, in index order
  /// @param progress told of the index after the last proven entry
  public record Listener(Consumer<Judgement> judgement, Consumer<Long> progress) {}

  private final LogSettings log;
  private final LogClient client;
  private final ChunkJudge judge;
  private final Clock clock;

  /// A scan of the log that `client` reads.
  public RangeScan(LogSettings log, LogClient client, ChunkJudge judge, Clock clock) {
    this.log = log;
    this.client = client;
    this.judge = judge;
    this.clock = clock;
  }

  /// Judges `[from, to)`.
  ///
  /// @param to empty for the newest head's size
  /// @throws LogUnavailableException if nothing was learnt
  /// @throws BadAnswerException if the log answered what no honest log answers
  /// @throws MismatchException if what it serves is not what it signed
  public Scanned run(long from, OptionalLong to, Listener listener)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    Checkpoint checkpoint = head();
    TreeHead head = checkpoint.head();
    long end = to.orElse(head.size());
    if (from > end || end > head.size()) {
      throw new LogUnavailableException(
          "entries [%d, %d) of %s: its newest head has %d entries"
              .formatted(from, end, log.trusted().name(), head.size()));
    }
    try (ProvenLeaves leaves = new ProvenLeaves(client, judge, start(from, head), end, head)) {
      while (leaves.hasNext()) {
        ProvenChunk chunk = leaves.next();
        chunk.judgements().forEach(listener.judgement());
        listener.progress().accept(chunk.after().size());
      }
    }
    return new Scanned(checkpoint, from, end);
  }

  private Checkpoint head() throws LogUnavailableException, BadAnswerException, MismatchException {
    return switch (HeadCheck.check(log.trusted(), client.head(), clock.instant())) {
      case HeadVerdict.Believed(Checkpoint checkpoint, _, _, _) -> checkpoint;
      case HeadVerdict.Unreadable(String why) -> throw new LogUnavailableException(why);
      case HeadVerdict.Untrusted(String why, _) ->
          throw new MismatchException(0, "its checkpoint cannot be believed: " + why);
      case HeadVerdict.Unwitnessed(String why, _) ->
          throw new MismatchException(0, "its checkpoint lacks witnesses: " + why);
    };
  }

  private CompactRange start(long from, TreeHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    CompactRange range = from == 0 ? CompactRange.empty() : client.range(from, head);
    if (!client.consistency(from, head.size()).holds(range.head(), head)) {
      throw new MismatchException(
          from,
          "the nodes served for size %d do not fold to the signed head (%d entries, root %s)"
              .formatted(from, head.size(), head.root()));
    }
    return range;
  }
}
