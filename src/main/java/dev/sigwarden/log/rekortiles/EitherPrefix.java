package dev.sigwarden.log.rekortiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import java.util.List;
import java.util.Optional;

/// A log that lies under one of several prefixes: whichever serves a checkpoint is used until it
/// fails or stops doing so.
final class EitherPrefix implements TileSource {
  private final List<TileSource> candidates;

  /// The one that answered; empty while that is to be found out.
  private volatile Optional<TileSource> chosen = Optional.empty();

  EitherPrefix(List<TileSource> candidates) {
    this.candidates = List.copyOf(candidates);
  }

  @Override
  public Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    Optional<TileSource> known = chosen;
    if (known.isPresent()) {
      try {
        Optional<byte[]> answer = known.get().read(path, maxBytes);
        if (answer.isPresent() || !path.equals(CHECKPOINT)) {
          return answer;
        }
        // The checkpoint moved: look for it under all prefixes.
      } catch (LogUnavailableException e) {
        chosen = Optional.empty();
        throw e;
      }
    }
    Optional<byte[]> checkpoint = probe();
    if (path.equals(CHECKPOINT) || chosen.isEmpty()) {
      return path.equals(CHECKPOINT) ? checkpoint : Optional.empty();
    }
    return chosen.get().read(path, maxBytes);
  }

  /// Chooses the first prefix that serves a signed note as its checkpoint, or else the first that
  /// serves anything, so that what it serves is reported; returns that checkpoint.
  private Optional<byte[]> probe() throws LogUnavailableException, BadAnswerException {
    chosen = Optional.empty();
    Optional<byte[]> any = Optional.empty();
    Optional<LogUnavailableException> failure = Optional.empty();
    Optional<BadAnswerException> bad = Optional.empty();
    for (TileSource candidate : candidates) {
      try {
        Optional<byte[]> checkpoint = candidate.read(CHECKPOINT, SignedNote.MAX_BYTES);
        if (checkpoint.isPresent() && isNote(checkpoint.get())) {
          chosen = Optional.of(candidate);
          return checkpoint;
        }
        if (any.isEmpty() && checkpoint.isPresent()) {
          chosen = Optional.of(candidate);
          any = checkpoint;
        }
      } catch (LogUnavailableException e) {
        failure = failure.isPresent() ? failure : Optional.of(e);
      } catch (BadAnswerException e) {
        bad = bad.isPresent() ? bad : Optional.of(e);
      }
    }
    if (any.isEmpty() && bad.isPresent()) {
      throw bad.get();
    }
    if (any.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return any;
  }

  private static boolean isNote(byte[] bytes) {
    try {
      SignedNote.parse(bytes);
      return true;
    } catch (MalformedNoteException _) {
      return false;
    }
  }

  @Override
  public String address(String path) {
    return chosen.orElse(candidates.getLast()).address(path);
  }

  @Override
  public String expectation() {
    return "a Rekor v2 shard with a checkpoint here or under /api/v2/";
  }

  @Override
  public void forget() {
    chosen = Optional.empty();
    candidates.forEach(TileSource::forget);
  }
}
