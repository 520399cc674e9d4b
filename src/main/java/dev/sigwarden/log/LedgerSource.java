package dev.sigwarden.log;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.merkle.Hash;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A configured ledger that can be opened: a log whose entries are proven by receipts, one by one,
/// and that shows no heads of its own.
public non-sealed interface LedgerSource extends LogBlock {
  /// Whose receipts are believed.
  ///
  /// @param issuer the service as its receipts name it
  /// @param keys SHA-256 of the SubjectPublicKeyInfo of each key that may sign them
  record Trust(String issuer, Set<Hash> keys) {
    public Trust {
      keys = Set.copyOf(keys);
    }

    /// Those of `served` that the operator named.
    public List<ReceiptKeys.Entry> believed(List<ReceiptKeys.Entry> served) {
      return served.stream().filter(entry -> believes(entry.key())).toList();
    }

    /// Whether the operator named the key.
    public boolean believes(CoseKey key) {
      return keys.contains(key.spkiSha256());
    }
  }

  /// Whose receipts are believed.
  Trust receipts();

  /// Where copies of the ledger's files are kept; empty if the files are not followed.
  Optional<Path> folder();

  /// Whether a client that `other` opened still serves.
  default boolean sameAs(LedgerSource other) {
    return receipts().equals(other.receipts()) && folder().equals(other.folder());
  }

  /// A client on the ledger; fetches nothing yet.
  LedgerClient open(LogTools tools);

  /// The section says with keys of its own whom to believe.
  @Override
  default Optional<FamilySource.Trust> trust() {
    return Optional.of(new FamilySource.Trust("", List.of(), ""));
  }
}
