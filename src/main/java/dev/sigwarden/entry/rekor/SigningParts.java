package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.Signer;
import java.util.ArrayList;
import java.util.List;

/// Collects what an entry's `spec` says while it is read: who signed, and what.
public final class SigningParts {
  private final List<Signer> signers = new ArrayList<>(1);
  private final List<ArtifactDigest> artifacts = new ArrayList<>(2);

  SigningParts() {}

  /// Adds a signer.
  public void add(Signer signer) {
    signers.add(signer);
  }

  /// Adds a digest.
  public void add(ArtifactDigest artifact) {
    artifacts.add(artifact);
  }

  /// How many signers were added.
  public int signerCount() {
    return signers.size();
  }

  /// The signers, in the entry's order.
  List<Signer> signers() {
    return signers;
  }

  /// The digests, in the entry's order.
  List<ArtifactDigest> artifacts() {
    return artifacts;
  }
}
