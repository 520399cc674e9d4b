package dev.sigwarden.entry;

/// Reads what an entry says of its artifact beside digests. Asked of entries that a watch selected
/// only: what it costs, a second pass over the entry, no other entry pays. One instance a kind;
/// stateless and thread-safe.
@FunctionalInterface
public interface ArtifactNaming {
  /// For kinds whose entries hold digests only.
  ArtifactNaming NONE = _ -> ClaimedArtifact.NONE;

  /// What the entry, which was decoded, says; `ClaimedArtifact.NONE` if it is in no form that is
  /// known.
  ClaimedArtifact read(EntryBytes entry);
}
