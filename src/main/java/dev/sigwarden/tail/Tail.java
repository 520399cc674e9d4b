package dev.sigwarden.tail;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.View;
import dev.sigwarden.trust.CertificateTrust;
import java.util.List;
import java.util.Optional;

/// A log or ledger being followed. Turns are run by one thread at a time; anything else may be
/// asked by any.
public sealed interface Tail extends AutoCloseable permits LogTail, LedgerTail {
  /// Opens what the settings name; fetches nothing yet.
  static Tail open(FollowedSettings settings, TailTools tools) {
    return switch (settings) {
      case LogSettings log -> new LogTail(log, tools);
      case LedgerSettings ledger -> new LedgerTail(ledger, tools);
    };
  }

  /// Its settings.
  FollowedSettings settings();

  /// What it is, whatever it is called.
  String identity();

  /// The name of the trusted root that its certificates are checked against; empty if they are not.
  String trust();

  /// Runs one turn.
  ///
  /// @return whether entries are left that another turn can read at once
  boolean run();

  /// How it stands.
  LogStatus status();

  /// Where the entry of an observation stands.
  ///
  /// @param view the view that it was seen in
  WhereSeen where(View view, Observation entry);

  /// What proves that the entry of an observation is in the log; asks the log for it.
  List<Evidence> evidence(View view, Observation entry);

  /// What the signature of an entry is worth, where more is known than its certificates say; empty
  /// where nothing is.
  default Optional<CertificateTrust> signature(EntryBytes entry) {
    return Optional.empty();
  }

  @Override
  void close();
}
