package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.settings.Section;
import java.util.List;
import java.util.Set;

/// One section of `logs:`: a log, or a family of logs.
public sealed interface BlockSettings permits LogSettings, FamilySettings {
  /// How often it is asked, and what is too long.
  LogSettings.Timing timing();

  /// Reads one section of `logs:`.
  ///
  /// @param trusts the names of all trusted roots
  static BlockSettings read(
      Section log, List<LogProtocol> protocols, Decoders decoders, Set<String> trusts) {
    return BlockReader.read(log, protocols, decoders, trusts);
  }
}
