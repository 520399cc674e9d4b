package dev.sigwarden.store;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// How far a scan is.
///
/// @param judged entries proven and judged
/// @param pieces how many it is cut into
/// @param done pieces judged to their end
/// @param failed pieces given up
/// @param working pieces that somebody has now
/// @param selected entries that watches selected, each watch counted
/// @param findings how many it found
/// @param fresh how many of them nobody had found before
/// @param untold entries that are only counted, since too many like them were told
/// @param began when the first piece was taken
/// @param shares entries judged by each process, by its id
public record ScanProgress(
    long judged,
    long pieces,
    long done,
    long failed,
    long working,
    long selected,
    long findings,
    long fresh,
    long untold,
    Optional<Instant> began,
    Map<String, Long> shares) {
  public ScanProgress {
    shares = Map.copyOf(shares);
  }
}
