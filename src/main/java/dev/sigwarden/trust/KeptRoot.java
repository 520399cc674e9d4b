package dev.sigwarden.trust;

import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.tuf.Target;
import dev.sigwarden.tuf.TufClient;
import java.util.Optional;

/// The trusted root of a section of `trust` as it was verified last, by whichever process keeps it
/// in the same folder: for checks that ask nobody, and that commands make too. Thread-safe.
public final class KeptRoot {
  private final String name;
  private final Optional<TrustedRoot> fixed;
  private final Optional<TufClient> kept;

  private KeptRoot(String name, Optional<TrustedRoot> fixed, Optional<TufClient> kept) {
    this.name = name;
    this.fixed = fixed;
    this.kept = kept;
  }

  /// A root that does not change and has no section.
  public static KeptRoot of(TrustedRoot root) {
    return new KeptRoot("", Optional.of(root), Optional.empty());
  }

  /// The root of a section.
  public static KeptRoot of(TrustSettings settings) {
    return switch (settings.source()) {
      case TrustSettings.Source.Fixed(TrustedRoot root) ->
          new KeptRoot(settings.name(), Optional.of(root), Optional.empty());
      case TrustSettings.Source.Tuf tuf -> {
        try {
          TufClient client = tuf.client(TrustSettings.NOBODY);
          yield new KeptRoot(settings.name(), Optional.empty(), Optional.of(client));
        } catch (RefusedException e) {
          // Checked when the configuration was read.
          throw new IllegalStateException("the root of trust " + settings.name(), e);
        }
      }
    };
  }

  /// The name of the section; empty for none.
  public String name() {
    return name;
  }

  /// What changes whenever `root` may; empty as long as there is none.
  public Optional<String> version() {
    return fixed.isPresent() ? Optional.of("") : kept.flatMap(TufClient::lastVerified);
  }

  /// The root, expired or not; empty if none was ever verified.
  public Optional<TrustedRoot> root() {
    return fixed.or(() -> kept.flatMap(TufClient::load).flatMap(KeptRoot::parsed));
  }

  private static Optional<TrustedRoot> parsed(Target target) {
    try {
      return Optional.of(TrustedRoot.parse(target.toBytes()));
    } catch (RefusedException _) {
      // A damaged file: the next refresh writes it anew.
      return Optional.empty();
    }
  }
}
