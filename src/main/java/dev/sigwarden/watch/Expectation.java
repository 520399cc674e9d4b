package dev.sigwarden.watch;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a watch expects of the signatures that it selects; empty if it expects none at all.
///
/// @param allowlists names of allowlists, one of which has to hold a digest of the event; empty if
///   artifacts do not matter
/// @param require what each selected signer's certificate has to carry
/// @param grace how long after it was first seen an event may wait to get onto an allowlist
record Expectation(List<String> allowlists, List<Requirement> require, Duration grace) {
  /// Digests named in a verdict; an entry may hold thousands.
  private static final int MAX_NAMED = 3;

  Expectation {
    allowlists = List.copyOf(allowlists);
    require = List.copyOf(require);
  }

  /// An extension that a certificate has to carry.
  ///
  /// @param name the extension as the operator named it
  /// @param oid its dotted OID
  /// @param wanted the value as the operator wrote it
  /// @param pattern the value
  record Requirement(String name, String oid, String wanted, ValuePattern pattern) {
    boolean holds(Signer signer) {
      return switch (signer) {
        case CertificateSigner certificate -> {
          String value = certificate.extensions().get(oid);
          yield value != null && pattern.holds(value);
        }
        case StatementSigner statement -> statement.certificate().filter(this::holds).isPresent();
        case KeySigner _, PgpSigner _ -> false;
      };
    }

    @Override
    public String toString() {
      return name + ": " + wanted;
    }
  }

  /// The verdict on an event.
  ///
  /// @param signers the signers that the watch selected; none if it selected the entry itself
  Verdict judge(
      SigningEvent event, List<Signer> signers, Allowlists known, Instant firstSeen, Instant now) {
    Optional<Requirement> missed = missed(signers);
    if (missed.isPresent()) {
      return new Verdict.Unexpected(
          "requirement %s is not met%s"
              .formatted(missed.get(), signers.isEmpty() ? ", as the entry names no signer" : ""));
    }
    String met =
        require.isEmpty()
            ? ""
            : "%s met"
                .formatted(
                    require.stream().map(Requirement::toString).collect(Collectors.joining(", ")));
    if (allowlists.isEmpty()) {
      return new Verdict.Expected(met);
    }
    for (ArtifactDigest artifact : event.artifacts()) {
      for (String allowlist : allowlists) {
        if (known.contains(allowlist, artifact.digest())) {
          return new Verdict.Expected(
              "%s is in allowlist %s%s"
                  .formatted(artifact.digest(), allowlist, met.isEmpty() ? "" : "; " + met));
        }
      }
    }
    Optional<String> covered = covered(signers, known);
    if (covered.isPresent()) {
      return new Verdict.Expected(covered.get() + (met.isEmpty() ? "" : "; " + met));
    }
    String because = absent(event);
    Instant until = firstSeen.plus(grace);
    return now.isBefore(until)
        ? new Verdict.Pending(until, because)
        : new Verdict.Unexpected(because);
  }

  private Optional<Requirement> missed(List<Signer> signers) {
    return require.stream()
        .filter(requirement -> signers.isEmpty() || !signers.stream().allMatch(requirement::holds))
        .findFirst();
  }

  /// Which lines of the allowlists cover the certificates that the watch selected, each of them;
  /// empty if one is not covered, or the event is not about certificates.
  private Optional<String> covered(List<Signer> signers, Allowlists known) {
    Optional<String> because = Optional.empty();
    for (Signer signer : signers) {
      because =
          signer instanceof IssuedCertificate certificate
              ? covered(certificate, known)
              : Optional.empty();
      if (because.isEmpty()) {
        return because;
      }
    }
    return because;
  }

  private Optional<String> covered(IssuedCertificate certificate, Allowlists known) {
    for (String allowlist : allowlists) {
      Optional<String> line = known.covers(allowlist, certificate);
      if (line.isPresent()) {
        return Optional.of("%s is in allowlist %s".formatted(line.get(), allowlist));
      }
    }
    return Optional.empty();
  }

  private String absent(SigningEvent event) {
    List<ArtifactDigest> artifacts = event.artifacts();
    String where =
        (allowlists.size() == 1 ? "allowlist " : "any of the allowlists ")
            + String.join(", ", allowlists);
    if (!event.signers().isEmpty()
        && event.signers().getFirst() instanceof IssuedCertificate certificate) {
      return "certificate tbs:%s, its key and its issuer are not in %s"
          .formatted(certificate.tbsSha256().toHex(), where);
    }
    if (artifacts.isEmpty()) {
      return "the entry names no artifact that could be in " + where;
    }
    String named =
        artifacts.stream()
            .limit(MAX_NAMED)
            .map(artifact -> artifact.digest().toString())
            .collect(Collectors.joining(" or "));
    int more = artifacts.size() - MAX_NAMED;
    return "%s%s is not in %s"
        .formatted(named, more > 0 ? " or %d more".formatted(more) : "", where);
  }
}
