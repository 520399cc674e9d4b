package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.settings.Section;
import dev.sigwarden.trust.TrustSettings;
import java.util.List;
import java.util.Map;

/// One section of `logs:`: a log, a ledger, or a family of logs.
public sealed interface BlockSettings permits FollowedSettings, FamilySettings {
  /// What stands between the names of a family and of its member. No name of the operator's has it.
  char SEPARATOR = '/';

  /// The operator's name of it; of a member of a family the family's, a `SEPARATOR` and its own.
  String name();

  /// How often it is asked, and what is too long.
  LogSettings.Timing timing();

  /// Whether whoever follows it by these settings may go on when `other` are in force: of a member
  /// of a family only what its list says can change without an edit of the configuration.
  boolean sameAs(BlockSettings other);

  /// Reads one section of `logs:`.
  ///
  /// @param trusts all trusted roots by name
  static BlockSettings read(
      Section log,
      List<LogProtocol> protocols,
      Decoders decoders,
      Map<String, TrustSettings> trusts) {
    return BlockReader.read(log, protocols, decoders, trusts);
  }
}
