package dev.sigwarden.trust;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.RootLog;
import dev.sigwarden.log.http.PoliteHttp;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All trusted roots of a configuration, by the operator's names. Thread-safe.
public final class Trusts {
  private final Map<String, Trust> byName;

  private Trusts(Map<String, Trust> byName) {
    this.byName = new LinkedHashMap<>(byName);
  }

  /// No trusted root: nothing is checked.
  public static Trusts none() {
    return new Trusts(Map.of());
  }

  /// Opens all with what an earlier process left of them; asks nobody.
  public static Trusts open(Collection<TrustSettings> settings, PoliteHttp http, Clock clock) {
    Map<String, Trust> opened = new LinkedHashMap<>();
    settings.forEach(one -> opened.put(one.name(), Trust.open(one, http, clock)));
    return new Trusts(opened);
  }

  /// All of them.
  public List<Trust> all() {
    return List.copyOf(byName.values());
  }

  /// The root in force of that name; empty if there is none of that name, or none was ever
  /// verified.
  public Optional<Trust.InForce> inForce(String name) {
    return Optional.ofNullable(byName.get(name)).flatMap(Trust::inForce);
  }

  /// The logs of signatures that the root of that name lists. The root in force counts, fresh or
  /// not.
  ///
  /// @throws LogUnavailableException if none was ever verified
  public List<RootLog> logs(String name) throws LogUnavailableException {
    return inForce(name)
        .orElseThrow(() ->
            new LogUnavailableException(
                "which logs there are is not known: no trusted root of %s was ever verified here"
                    .formatted(name)))
        .root()
        .logs();
  }

  /// What is there to check by for a log.
  ///
  /// @param name the name that the log's `trust` gives; empty if it gives none
  public boolean ready(String name) {
    Trust trust = byName.get(name);
    return trust == null || trust.ready();
  }

  /// What a signer's certificate is worth by the trusted root of that name.
  public CertificateTrust check(String name, CertificateSigner signer) {
    if (signer instanceof IssuedCertificate) {
      return new CertificateTrust.NotChecked(
          "logs of certificates admit those of their own authorities only");
    }
    @Nullable Trust trust = byName.get(name);
    return trust == null
        ? new CertificateTrust.NotChecked("no trust is configured for this log")
        : trust.check(signer);
  }

  /// What becomes of unverified claims by the trusted root of that name.
  public TrustSettings.Claims claims(String name) {
    @Nullable Trust trust = byName.get(name);
    return trust == null ? TrustSettings.Claims.DEFAULT : trust.settings().claims();
  }
}
