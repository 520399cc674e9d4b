package dev.sigwarden.log.scitt;

import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.settings.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// One configured ledger.
///
/// @param base the service's address; ends in a slash
/// @param receipts whose receipts are believed
/// @param api how the service is asked
/// @param pin where the certificate is told that the service proves itself by; empty if a web
///   authority vouches for it
/// @param files where the ledger's public copy is; empty if it is not followed
record ScittLedger(
    URI base, Trust receipts, Api api, Optional<ServicePin.Source> pin, Optional<Copy> files)
    implements LedgerSource {
  /// How a service is asked.
  ///
  /// @param version the value of `api-version`; empty for none, as services before 2026 have it
  /// @param token a bearer token; empty if reading needs none
  /// @param patience how long one entry is waited for while the service loads it
  record Api(String version, Optional<Secret> token, Duration patience) {}

  /// A ledger's public copy.
  ///
  /// @param index the address of the list of files; ends in a slash
  /// @param folder where they are kept here
  record Copy(URI index, Path folder) {}

  @Override
  public Optional<Path> folder() {
    return files.map(Copy::folder);
  }

  @Override
  public boolean sameAs(LedgerSource other) {
    return other instanceof ScittLedger ledger
        && base.equals(ledger.base)
        && receipts.equals(ledger.receipts)
        && files.equals(ledger.files);
  }

  @Override
  public LedgerClient open(LogTools tools) {
    return new ScittClient(this, tools);
  }
}
