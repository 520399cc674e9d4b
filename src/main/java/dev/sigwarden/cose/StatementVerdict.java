package dev.sigwarden.cose;

import java.util.ArrayList;
import java.util.List;

/// What a statement with its receipts is worth.
///
/// @param signer whether it is its issuer's
/// @param receipts what each receipt is worth, in order
public record StatementVerdict(SignerVerdict signer, List<ReceiptVerdict> receipts) {
  public StatementVerdict {
    receipts = List.copyOf(receipts);
  }

  /// The verdict in one word.
  public enum Outcome {
    /// It is its issuer's, and in a log of a service whose key is known.
    PROVEN,
    /// Something is missing to tell.
    UNPROVEN,
    /// It is not what it says it is.
    INVALID
  }

  /// What follows from the parts. One receipt that proves suffices: whoever passes a statement on
  /// can add others, and must not be able to spoil it.
  public Outcome outcome() {
    if (signer instanceof SignerVerdict.Refused) {
      return Outcome.INVALID;
    }
    if (logged()) {
      return signer instanceof SignerVerdict.Verified ? Outcome.PROVEN : Outcome.UNPROVEN;
    }
    return receipts.stream().anyMatch(ReceiptVerdict.Invalid.class::isInstance)
        ? Outcome.INVALID
        : Outcome.UNPROVEN;
  }

  /// Whether a receipt proves that it is in a log.
  public boolean logged() {
    return receipts.stream().anyMatch(ReceiptVerdict.Proven.class::isInstance);
  }

  /// All that keeps the outcome from being better, in words; empty if it is proven.
  public List<String> because() {
    List<String> because = new ArrayList<>();
    switch (signer) {
      case SignerVerdict.Verified _ -> {}
      case SignerVerdict.Claimed(String why) -> because.add("signer: " + why);
      case SignerVerdict.Unproven(String why) -> because.add("signer: " + why);
      case SignerVerdict.Refused(String why) -> because.add("signer: " + why);
    }
    if (logged()) {
      return because;
    }
    if (receipts.isEmpty()) {
      because.add("receipt: none");
    }
    for (ReceiptVerdict receipt : receipts) {
      switch (receipt) {
        case ReceiptVerdict.Proven _ -> {}
        case ReceiptVerdict.Unproven(String why) -> because.add(why);
        case ReceiptVerdict.Invalid(String why) -> because.add(why);
      }
    }
    return because;
  }
}
