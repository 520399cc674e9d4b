package dev.sigwarden.verify;

import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import java.util.List;

/// What the operator configured to trust about one log.
///
/// @param name the operator's name of the log
/// @param origin the first line of its checkpoints
/// @param keys keys that may sign its checkpoints, one is enough; several during a rotation
/// @param witnesses which witnesses must have cosigned
public record TrustedLog(
    String name, String origin, List<VerifierKey> keys, WitnessPolicy witnesses) {
  public TrustedLog {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys of log " + name + ": none (expected: at least one)");
    }
  }

  /// What the log is, whatever the operator calls it: its origin. Keys may be rotated; a head of
  /// another log under the same origin contradicts what was proven, and is told.
  public String identity() {
    return origin;
  }
}
