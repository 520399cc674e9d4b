package dev.sigwarden.trust;

import dev.sigwarden.entry.x509.Signatures;
import dev.sigwarden.log.RootLog;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.util.Arrays;

/// A transparency log as a trusted root names it: of signatures (`tlogs`) or of certificates
/// (`ctlogs`). Sigstore protobuf-specs `TransparencyLogInstance`. A class and not a record for its
/// arrays.
public final class LogKey {
  /// The longest key and id in bytes: an ML-DSA-87 key has under 2,700.
  private static final int MAX_BYTES = 16 * 1024;

  private final String baseUrl;
  private final String keyDetails;
  private final byte[] spki;
  private final byte[] id;
  private final Validity validity;

  private LogKey(String baseUrl, String keyDetails, byte[] spki, byte[] id, Validity validity) {
    this.baseUrl = baseUrl;
    this.keyDetails = keyDetails;
    this.spki = spki;
    this.id = id;
    this.validity = validity;
  }

  static LogKey of(JsonObject json) throws RefusedException {
    JsonObject key = json.object("publicKey");
    byte[] spki = key.base64("rawBytes");
    byte[] id = json.object("logId").base64("keyId");
    if (spki.length > MAX_BYTES || id.length > MAX_BYTES) {
      throw json.wrong("publicKey", spki.length + " bytes", "<= " + MAX_BYTES);
    }
    return new LogKey(
        json.text("baseUrl", ""),
        key.text("keyDetails", ""),
        spki,
        id,
        Validity.of(key.optionalObject("validFor")));
  }

  /// The log as those that follow it need it.
  RootLog toRootLog() {
    return new RootLog(baseUrl, Signatures.key(spki), validity.start(), validity.end());
  }

  /// Where the log is, or the origin of its checkpoints.
  public String baseUrl() {
    return baseUrl;
  }

  /// The kind of key, `PKIX_ED25519` for example.
  public String keyDetails() {
    return keyDetails;
  }

  /// The key as a SubjectPublicKeyInfo.
  public byte[] toSpki() {
    return spki.clone();
  }

  /// The log's id: of a CT log the SHA-256 of the key, of a Rekor v2 log that of name and key.
  public byte[] toId() {
    return id.clone();
  }

  /// When the key is to be used.
  public Validity validity() {
    return validity;
  }

  /// Whether a log that calls itself `id` is this one.
  boolean hasId(byte[] other) {
    return Arrays.equals(id, other);
  }

  /// Whether `signature` is the log's over `message`, with SHA-256 where the kind of key leaves the
  /// hash open.
  public boolean signed(byte[] message, byte[] signature) {
    return Signatures.key(spki)
        .filter(key -> Signatures.holds(Signatures.usual(key), key, message, signature))
        .isPresent();
  }

  /// Whether `signature` is the log's over `message`.
  ///
  /// @param algorithm the JDK's name
  boolean verifies(String algorithm, byte[] message, byte[] signature) {
    return Signatures.key(spki)
        .filter(key -> Signatures.holds(algorithm, key, message, signature))
        .isPresent();
  }
}
