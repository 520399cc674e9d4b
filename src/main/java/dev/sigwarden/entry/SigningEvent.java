package dev.sigwarden.entry;

import java.util.List;
import java.util.Optional;

/// Who signed what, in words that hold for every log: the narrow waist between entry kinds and
/// watches.
///
/// @param kind the entry kind, `hashedrekord` for example
/// @param version the entry kind's version, `0.0.2` for example; empty where the kind has none
/// @param signers who signed; several for an envelope with several signatures, none for a `raw`
///   entry
/// @param artifacts digests of what was signed, each a way to name the same or a related artifact
/// @param naming reads what else the entry says of the artifacts
/// @param entry the entry's bytes, for selectors on raw text
public record SigningEvent(
    String kind,
    String version,
    List<Signer> signers,
    List<ArtifactDigest> artifacts,
    ArtifactNaming naming,
    EntryBytes entry) {
  public SigningEvent {
    signers = List.copyOf(signers);
    artifacts = List.copyOf(artifacts);
  }

  /// An entry that says nothing of its artifacts but digests.
  public SigningEvent(
      String kind,
      String version,
      List<Signer> signers,
      List<ArtifactDigest> artifacts,
      EntryBytes entry) {
    this(kind, version, signers, artifacts, ArtifactNaming.NONE, entry);
  }

  /// What the entry says of the artifacts beside digests, read each time it is asked.
  public ClaimedArtifact claimed() {
    return GuardedDecoder.claimed(naming, entry);
  }

  /// What of the entry could not be read although a signer may be named there, in words; empty if
  /// all was read. The event is then as true as it goes, and not all.
  public Optional<String> unread() {
    for (Signer signer : signers) {
      if (signer instanceof IssuedCertificate certificate && certificate.unread().isPresent()) {
        return certificate.unread();
      }
    }
    return Optional.empty();
  }
}
