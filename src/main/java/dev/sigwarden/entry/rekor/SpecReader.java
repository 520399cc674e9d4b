package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;

/// Reads the value of `spec` in one version of one kind.
@FunctionalInterface
public interface SpecReader {
  /// Takes the next value of `json`, which is the spec, and adds what it says to `parts`.
  void read(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException;
}
