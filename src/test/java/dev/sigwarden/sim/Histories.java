package dev.sigwarden.sim;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.practice.PracticeLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What a log can claim that is not so: heads and whole histories. Most of them need the log's key,
/// as a stolen key or an operator has it.
public final class Histories {
  private static final int KEY_ID_BYTES = 4;

  private Histories() {}

  /// Another history with the log's key: its first `from` entries, others after them, `size` in
  /// all; published.
  public static PracticeLog fork(SimulatedLog log, long from, long size) {
    PracticeLog other = log.log().fork(from);
    while (other.size() < size) {
      other.append(SimulatedLog.text("other", other.size()));
    }
    other.publish();
    return other;
  }

  /// Everything comes from another history: what a fork or a log put back from a backup looks like
  /// to someone who knew the first. Guards the check of each head against the position, for larger,
  /// equal and smaller sizes.
  public static Fault serve(PracticeLog other) {
    return (path, _) -> SimulatedLog.honest(other, path);
  }

  /// Heads alternate between the log's and another history's, each followed by its own tiles: two
  /// replicas that disagree, or a split view behind one address. Guards against taking the second
  /// for news because it verifies, and against forgetting a head once seen.
  public static Fault alternating(PracticeLog other) {
    AtomicInteger heads = new AtomicInteger();
    return (path, honest) -> {
      int turn = Fault.checkpoint(path) ? heads.getAndIncrement() : Math.max(0, heads.get() - 1);
      return turn % 2 == 0 ? honest : SimulatedLog.honest(other, path);
    };
  }

  /// A head of the first `size` entries, signed now: a log that went back and says so. Guards the
  /// position against a smaller tree that is otherwise genuine.
  public static Fault rollback(SimulatedLog log, long size) {
    return checkpoint(() -> log.log().checkpointAt(size));
  }

  /// The head of now for the next `polls` requests, while the log grows: a cache that lags. Guards
  /// against a false alarm of a rollback, and against a log that only seems alive.
  public static Fault stale(SimulatedLog log, int polls) {
    byte[] now = log.log().resource("checkpoint").orElseThrow();
    return always(() -> now).times(polls).on(Fault::checkpoint);
  }

  /// The log grows by `entries` and publishes before each answer to such a path. Not a fault:
  /// guards a reader that mixes two heads or asks for a partial tile that is no more.
  public static Fault growing(SimulatedLog log, int entries, Predicate<String> paths) {
    return (path, _) -> {
      if (paths.test(path)) {
        log.growTo(log.log().size() + entries);
      }
      return SimulatedLog.honest(log.log(), path);
    };
  }

  /// A root that is not the tree's, well signed: a log whose tiles and heads part. Guards the
  /// recomputation of the root from the entries.
  public static Fault falseRoot(SimulatedLog log) {
    return checkpoint(() -> {
      TreeHead head = log.log().headAt(log.log().published());
      TreeHead other = new TreeHead(head.size(), Hash.ofData(head.root().toBytes()));
      return log.signer().sign(text(other));
    });
  }

  /// A size that the tiles do not reach, well signed. Guards against endless or empty reading.
  public static Fault falseSize(SimulatedLog log, long size) {
    return checkpoint(() -> {
      Hash root = log.log().headAt(log.log().published()).root();
      return log.signer().sign(text(new TreeHead(size, root)));
    });
  }

  private static String text(TreeHead head) {
    return new Checkpoint(SimulatedLog.ORIGIN, head, List.of()).toText();
  }

  /// The log's head, signed by a key of the same name that is not the log's. Guards against
  /// believing names.
  public static Fault otherKey(NoteSigner other) {
    return note(note -> other.sign(note.text()));
  }

  /// The log's head with one bit of each signature changed. Guards against believing key ids.
  public static Fault badSignature() {
    return note(note -> {
      StringBuilder changed = new StringBuilder(note.text()).append('\n');
      for (String line : signatureLines(note)) {
        int space = line.lastIndexOf(' ');
        byte[] signature = Base64.getDecoder().decode(line.substring(space + 1));
        signature[KEY_ID_BYTES + 1] ^= 1;
        changed.append(line, 0, space + 1);
        changed.append(Base64.getEncoder().encodeToString(signature)).append('\n');
      }
      return changed.toString().getBytes(StandardCharsets.UTF_8);
    });
  }

  private static List<String> signatureLines(SignedNote note) {
    String whole = new String(note.toBytes(), StandardCharsets.UTF_8);
    return whole.substring(note.text().length() + 1).lines().toList();
  }

  /// The log's head without the witnesses' signatures. Guards the quorum asked for.
  public static Fault uncosigned(SimulatedLog log) {
    return note(note -> log.signer().sign(note.text()));
  }

  /// The log's head, cosigned by all witnesses at that time. Guards against clocks ahead and
  /// against old cosignatures.
  public static Fault cosignedAt(SimulatedLog log, Instant time) {
    return note(note -> {
      byte[] signed = log.signer().sign(note.text());
      for (NoteSigner witness : log.witnesses()) {
        signed = witness.cosign(signed, time);
      }
      return signed;
    });
  }

  /// Checkpoints made anew for each request.
  private static Fault checkpoint(Supplier<byte[]> note) {
    return always(note).on(Fault::checkpoint);
  }

  private static Fault always(Supplier<byte[]> body) {
    return (_, _) -> Answer.ok(body.get());
  }

  private static Fault note(Function<SignedNote, byte[]> change) {
    Fault changed =
        (_, honest) -> {
          try {
            return honest.withBody(change.apply(SignedNote.parse(honest.body())));
          } catch (MalformedNoteException e) {
            throw new IllegalStateException("the log's own checkpoint", e);
          }
        };
    return changed.on(Fault::checkpoint);
  }
}
