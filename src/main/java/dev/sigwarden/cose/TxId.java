package dev.sigwarden.cose;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The id of a transaction of a CCF ledger.
///
/// @param view `>= 1`; grows with each election and recovery
/// @param seqno `>= 1`; the transaction's place in the ledger, and in the Merkle tree
public record TxId(long view, long seqno) implements Comparable<TxId> {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})\\.([1-9][0-9]{0,17})");

  public TxId {
    if (view < 1 || seqno < 1) {
      throw new IllegalArgumentException(
          "transaction: %d.%d (expected: >= 1 each)".formatted(view, seqno));
    }
  }

  /// The id that `VIEW.SEQNO` in decimal is; empty if the text is anything else.
  public static Optional<TxId> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new TxId(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  /// Orders by view, then by place.
  @Override
  public int compareTo(TxId other) {
    return view == other.view ? Long.compare(seqno, other.seqno) : Long.compare(view, other.view);
  }

  /// `VIEW.SEQNO`.
  @Override
  public String toString() {
    return view + "." + seqno;
  }
}
