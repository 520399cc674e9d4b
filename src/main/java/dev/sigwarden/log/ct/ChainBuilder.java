package dev.sigwarden.log.ct;

import dev.sigwarden.log.Chain;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Puts a chain together, certificate by certificate, as long as it stays small.
final class ChainBuilder {
  /// The most that a chain takes of evidence, in bytes of DER: usual ones have 3 to 8 KiB, and one
  /// chunk may have twenty findings.
  static final int MAX_BYTES = 192 * 1024;

  /// Certificates in a chain at most: usual ones have two to four.
  static final int MAX_CERTIFICATES = 12;

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final StringBuilder pem = new StringBuilder();
  private final StringBuilder missing = new StringBuilder();
  private int bytes;
  private int certificates;

  /// Adds a certificate in DER.
  ///
  /// @param what what it is, should it be left out
  ChainBuilder add(String what, byte[] der) {
    if (certificates == MAX_CERTIFICATES) {
      return without(what + ": left out after %d certificates".formatted(MAX_CERTIFICATES));
    }
    if (der.length > MAX_BYTES - bytes) {
      return without(what + ": %d bytes (expected: <= %d in all)".formatted(der.length, MAX_BYTES));
    }
    bytes += der.length;
    certificates++;
    pem.append("-----BEGIN CERTIFICATE-----\n")
        .append(LINES.encodeToString(der))
        .append("\n-----END CERTIFICATE-----\n");
    return this;
  }

  /// Says what is missing.
  ChainBuilder without(String why) {
    missing.append(why).append('\n');
    return this;
  }

  Chain build() {
    return new Chain(pem.toString(), missing.toString().strip());
  }
}
