package dev.sigwarden.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a ledger file: `ledger_<from>-<to>.committed`, or `ledger_<from>` while it is still
/// being written.
///
/// @param text the name itself
/// @param from the place of its first transaction
/// @param to the place of its last one; empty while it is being written
public record ChunkName(String text, long from, OptionalLong to) implements Comparable<ChunkName> {
  private static final Pattern FORM =
      Pattern.compile("ledger_([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?(?:\\.committed)?");

  /// The name that the text is; empty if it is none, as those of recovery files are.
  public static Optional<ChunkName> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || (parts.group(2) == null) == text.endsWith(".committed")) {
      return Optional.empty();
    }
    long from = Long.parseLong(parts.group(1));
    OptionalLong to =
        parts.group(2) == null
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(parts.group(2)));
    return to.isPresent() && to.getAsLong() < from
        ? Optional.empty()
        : Optional.of(new ChunkName(text, from, to));
  }

  /// Orders by the first place, then the finished and longer one first.
  @Override
  public int compareTo(ChunkName other) {
    int byStart = Long.compare(from, other.from);
    return byStart != 0 ? byStart : Long.compare(other.to.orElse(0), to.orElse(0));
  }
}
