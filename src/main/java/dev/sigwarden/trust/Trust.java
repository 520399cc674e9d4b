package dev.sigwarden.trust;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.tuf.Refresh;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.tuf.Target;
import dev.sigwarden.tuf.TufClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One trusted root in force. What was verified last stays in force while its repository is
/// unreachable, lies or has expired, and that is said. Certificates may be checked by any thread;
/// `refresh` is called by one at a time.
public final class Trust {
  /// How soon a repository that failed is asked again, at the latest.
  private static final Duration RETRY = Duration.ofMinutes(5);

  /// What is wrong with a trusted root.
  ///
  /// @param why what the last attempt met; may hold text from the repository
  /// @param since when it was noticed
  /// @param inForce whether an earlier root is in force all the same
  public record Trouble(String why, Instant since, boolean inForce) {}

  /// A root in force.
  ///
  /// @param root what it says
  /// @param expires until when its repository vouched for it; `Instant.MAX` for a file
  public record InForce(TrustedRoot root, Instant expires) {}

  /// The same with what checks by it.
  private record Known(InForce inForce, CertificateCheck check) {
    Known(TrustedRoot root, Instant expires) {
      this(new InForce(root, expires), new CertificateCheck(root));
    }

    Instant expires() {
      return inForce.expires();
    }
  }

  private final TrustSettings settings;
  private final @Nullable TufClient client;
  private final Clock clock;
  private volatile @Nullable Known known;
  private volatile boolean asked;

  // Used by the one thread that refreshes.
  private Instant next = Instant.MIN;
  private @Nullable Instant failingSince;
  private boolean refused;
  private String failure = "";

  private Trust(TrustSettings settings, @Nullable TufClient client, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
  }

  /// Opens a trusted root with what an earlier process left of it; asks nobody.
  public static Trust open(TrustSettings settings, PoliteHttp http, Clock clock) {
    return switch (settings.source()) {
      case TrustSettings.Source.Fixed(TrustedRoot root) -> {
        Trust trust = new Trust(settings, null, clock);
        trust.known = new Known(root, Instant.MAX);
        yield trust;
      }
      case TrustSettings.Source.Tuf tuf -> {
        try {
          Trust trust = new Trust(settings, tuf.client(http), clock);
          trust.loadKept();
          yield trust;
        } catch (RefusedException e) {
          // Checked when the configuration was read.
          throw new IllegalStateException("the root of trust " + settings.name(), e);
        }
      }
    };
  }

  /// The settings.
  public TrustSettings settings() {
    return settings;
  }

  /// Whether there is a root to check by, or asking for one has failed: before, an entry's
  /// certificate could only be left unchecked.
  public boolean ready() {
    return known != null || asked;
  }

  /// The root that is checked by; empty if none was ever verified.
  public Optional<InForce> inForce() {
    return Optional.ofNullable(known).map(Known::inForce);
  }

  /// What a signer's certificate is worth.
  public CertificateTrust check(CertificateSigner signer) {
    Known now = known;
    if (now == null) {
      return new CertificateTrust.NotChecked(
          "no trusted root of %s was ever verified here".formatted(settings.name()));
    }
    CertificateTrust trust = now.check().check(signer);
    // The authority may be newer than what is known here.
    return trust instanceof CertificateTrust.UnverifiedClaim(String reason)
            && !clock.instant().isBefore(now.expires())
        ? new CertificateTrust.UnverifiedClaim(
            "%s (the trusted root expired at %s)".formatted(reason, now.expires()))
        : trust;
  }

  /// How often `refresh` is to be called.
  public Duration interval() {
    return switch (settings.source()) {
      case TrustSettings.Source.Fixed _ -> RETRY;
      case TrustSettings.Source.Tuf tuf ->
          tuf.refresh().compareTo(RETRY) < 0 ? tuf.refresh() : RETRY;
    };
  }

  /// Asks the repository if it is time to.
  ///
  /// @return what is wrong, if it is to be told
  public Optional<Trouble> refresh() {
    if (client == null || !(settings.source() instanceof TrustSettings.Source.Tuf tuf)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      ask(client, now);
      asked = true;
      next = now.plus(failure.isEmpty() ? tuf.refresh() : interval());
    }
    return trouble(tuf, now);
  }

  private void ask(TufClient repository, Instant now) {
    switch (repository.refresh(now)) {
      case Refresh.Fresh(Target target) -> {
        try {
          use(target);
          failingSince = null;
          failure = "";
        } catch (RefusedException e) {
          failed(e.getMessage(), true, now);
        }
      }
      case Refresh.Refused(String why) -> failed(why, true, now);
      case Refresh.Unavailable(String why) -> failed(why, false, now);
    }
  }

  private void failed(String why, boolean lie, Instant now) {
    failingSince = failingSince == null ? now : failingSince;
    refused = lie;
    failure = why;
  }

  private void use(Target target) throws RefusedException {
    known = new Known(TrustedRoot.parse(target.toBytes()), target.expires());
  }

  private void loadKept() {
    Optional<Target> kept = client == null ? Optional.empty() : client.load();
    if (kept.isPresent()) {
      try {
        use(kept.get());
      } catch (RefusedException _) {
        // A damaged file: the repository is asked before anything is checked.
      }
    }
  }

  /// A repository that lies or has expired is told at once; one that does not answer only when that
  /// lasts, or when there is nothing to check by.
  private Optional<Trouble> trouble(TrustSettings.Source.Tuf tuf, Instant now) {
    Instant since = failingSince;
    if (since == null) {
      return Optional.empty();
    }
    Known current = known;
    boolean tell =
        refused
            || current == null
            || !now.isBefore(current.expires())
            || now.isAfter(since.plus(tuf.staleAfter()));
    String expired =
        current != null && !now.isBefore(current.expires())
            ? "; what is in force expired at " + current.expires()
            : "";
    return tell
        ? Optional.of(new Trouble(failure + expired, since, current != null))
        : Optional.empty();
  }
}
