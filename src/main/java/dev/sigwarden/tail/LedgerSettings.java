package dev.sigwarden.tail;

import dev.sigwarden.log.LedgerSource;

/// One ledger of the configuration.
///
/// @param name the operator's name of it
/// @param protocol the protocol's name
/// @param source how to open it
/// @param entryFormat the format of its entries, as `EntryDecoder.format()` answers
/// @param start where reading begins when it is first met: behind its newest transaction, or at a
///   place
/// @param timing how often it is asked, and what is too long
public record LedgerSettings(
    String name,
    String protocol,
    LedgerSource source,
    String entryFormat,
    Start start,
    LogSettings.Timing timing)
    implements FollowedSettings {
  /// What the ledger is, whatever it is called and whichever of its keys signs now.
  public String identity() {
    return "ledger " + origin();
  }

  @Override
  public String origin() {
    return source.receipts().issuer();
  }

  @Override
  public boolean sameAs(BlockSettings other) {
    return other instanceof LedgerSettings ledger
        && name.equals(ledger.name)
        && protocol.equals(ledger.protocol)
        && source.sameAs(ledger.source);
  }
}
