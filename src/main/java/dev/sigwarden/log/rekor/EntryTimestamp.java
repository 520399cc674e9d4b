package dev.sigwarden.log.rekor;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A signed entry timestamp: the log's promise, signed when the entry was taken, and the only thing
/// that vouches for the time. No tree covers it.
///
/// @param body the leaf in base64, as received
/// @param integratedTime when the log took the entry, seconds since 1970
/// @param logId the SHA-256 of the log's key in hex
/// @param logIndex the index over all shards
/// @param signature in hex: ECDSA with SHA-256, in DER
record EntryTimestamp(
    String body, long integratedTime, String logId, long logIndex, String signature) {
  /// The time that a log may claim at most, seconds: the year 10000 is not a time.
  private static final long MAX_SECONDS = 253_402_300_800L;

  /// The time, if the promise is one of these keys'; keys of types that Rekor v1 does not sign with
  /// are passed over.
  Optional<Instant> verified(List<VerifierKey> keys) {
    if (integratedTime >= MAX_SECONDS) {
      return Optional.empty();
    }
    for (VerifierKey key : keys) {
      byte[] spki = key.toBytes();
      if (key.signatureType() == SignatureType.ECDSA
          && Hash.ofData(spki).toHex().equals(logId)
          && verifies(spki)) {
        return Optional.of(Instant.ofEpochSecond(integratedTime));
      }
    }
    return Optional.empty();
  }

  /// What is signed: the four members as RFC 8785 writes them. Neither base64 nor hex has a
  /// character that JSON escapes.
  byte[] signed() {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(body, integratedTime, logId, logIndex)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private boolean verifies(byte[] spki) {
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki)));
      verifier.update(signed());
      return verifier.verify(HexFormat.of().parseHex(signature));
    } catch (SignatureException e) {
      // Bytes that are no signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a key that was decoded before", e);
    }
  }
}
