package dev.sigwarden.store;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A part of a scan, as it stands in the database.
///
/// @param scan the scan's id
/// @param from the first index
/// @param to the index after the last
/// @param at the index after the last that is proven and judged
/// @param frontier the subtree roots of the compact range over all leaves before `at`; none before
///   the first were judged
/// @param hashes those of the compact range over `[from, at)` alone
/// @param state how it stands
/// @param owner who has it, or had it last; empty if nobody did yet
/// @param fence another number each time that it is taken: what is written names it
/// @param attempts how often it failed since it last got on
/// @param cause what kind of trouble it is in
/// @param why the trouble in words; may hold text from the log
/// @param revision of the watches that judge it; empty before the first entry
/// @param selected entries that watches selected, each watch counted
/// @param ended when it was done or given up
public record ScanPiece(
    String scan,
    long from,
    long to,
    long at,
    List<Hash> frontier,
    List<Hash> hashes,
    State state,
    String owner,
    long fence,
    int attempts,
    Cause cause,
    String why,
    String revision,
    long selected,
    Optional<Instant> ended) {
  /// How a piece stands.
  public enum State {
    /// Not judged to its end.
    OPEN,
    /// Judged to its end, each entry proven.
    DONE,
    /// Given up.
    FAILED;

    /// Lowercase.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /// What keeps a piece from being judged.
  public enum Cause {
    /// Nothing.
    NONE,
    /// What the log serves is not what it signed.
    MISBEHAVED,
    /// It did not answer.
    UNREACHABLE,
    /// It answered what no honest log answers.
    MALFORMED,
    /// An error of Sigwarden's own.
    ERROR;

    /// Lowercase; empty for none.
    public String label() {
      return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
    }

    static Cause of(String label) {
      return label.isEmpty() ? NONE : valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  public ScanPiece {
    frontier = List.copyOf(frontier);
    hashes = List.copyOf(hashes);
  }

  /// What tells it from others, and from itself taken at another time.
  ///
  /// @param scan the scan's id
  /// @param from the piece's first index
  /// @param fence the number of the taking
  public record Hold(String scan, long from, long fence) {}

  /// The piece as it was taken.
  public Hold hold() {
    return new Hold(scan, from, fence);
  }

  /// The compact range over `[from, at)` alone.
  public CompactRange own() {
    return CompactRange.of(at - from, hashes);
  }

  /// The same before anything of it was judged.
  public ScanPiece restarted(String otherRevision) {
    return new ScanPiece(
        scan,
        from,
        to,
        from,
        List.of(),
        List.of(),
        state,
        owner,
        fence,
        attempts,
        cause,
        why,
        otherRevision,
        0,
        ended);
  }
}
