package dev.sigwarden.daemon;

import dev.sigwarden.bundle.IdentitySigner;
import dev.sigwarden.settings.Section;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LedgerSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.watch.Allowlists;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What allowlists have to know of the rest of a configuration.
final class AllowlistSettings {
  private AllowlistSettings() {}

  /// What they have to know.
  ///
  /// @param trusts all trusted roots by name
  /// @param judged the logs whose entries are judged; empty if that is not known
  /// @param topics reads where a list's lines come from a topic; whether they do
  static Allowlists.Setting of(
      Map<String, TrustSettings> trusts, Optional<Set<String>> judged, Predicate<Section> topics) {
    return new Allowlists.Setting(judged, list -> IdentitySigner.read(list, trusts), topics);
  }

  /// The logs whose entries are judged.
  static Set<String> judged(Map<String, BlockSettings> blocks) {
    Set<String> judged = new LinkedHashSet<>();
    blocks.forEach((name, block) -> {
      boolean isJudged =
          switch (block) {
            case LogSettings log -> log.mode() == LogSettings.Mode.JUDGE;
            case FamilySettings family -> family.mode() == LogSettings.Mode.JUDGE;
            case LedgerSettings _ -> true;
          };
      if (isJudged) {
        judged.add(name);
      }
    });
    return judged;
  }
}
