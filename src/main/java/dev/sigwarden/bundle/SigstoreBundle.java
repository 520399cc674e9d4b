package dev.sigwarden.bundle;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Sigstore bundle, version 0.1 to 0.3, as it reads: nothing in it was checked. Sigstore
/// protobuf-specs `sigstore_bundle.proto`.
///
/// Signatures, payloads and timestamps are kept in base64, in the one form that each has.
///
/// @param version 1, 2 or 3, the part of the version after `0.`
/// @param signer who signed
/// @param content what was signed
/// @param entries what logs say of it, in the bundle's order; none if it has no log's part
/// @param timestamps RFC 3161 TimeStampResps over the signature, base64 of DER
public record SigstoreBundle(
    int version,
    Material signer,
    Content content,
    List<LoggedEntry> entries,
    List<String> timestamps) {
  /// The longest bundle in bytes: some attestations hold a list of all parts of an image.
  public static final int MAX_BYTES = 16 << 20;

  /// Certificates of a chain, entries, timestamps and signatures of one bundle: real ones have up
  /// to three.
  private static final int MAX_ITEMS = 10;

  /// The longest certificate, timestamp and signature in bytes; an ML-DSA-87 signature has 4,627.
  private static final int MAX_PART = 65_535;

  /// The media types of the versions; those with a parameter are the older form.
  private static final Map<String, Integer> VERSIONS =
      Map.of(
          "application/vnd.dev.sigstore.bundle+json;version=0.1", 1,
          "application/vnd.dev.sigstore.bundle+json;version=0.2", 2,
          "application/vnd.dev.sigstore.bundle+json;version=0.3", 3,
          "application/vnd.dev.sigstore.bundle.v0.3+json", 3);

  private static final Map<String, Digest.Algorithm> DIGESTS =
      Map.of(
          "SHA2_256", Digest.Algorithm.SHA256,
          "SHA2_384", Digest.Algorithm.SHA384,
          "SHA2_512", Digest.Algorithm.SHA512);

  /// Who signed, as the bundle names it.
  public sealed interface Material {
    /// By a certificate; the authorities above it are the trusted root's matter.
    record Certified(CertificateSigner certificate) implements Material {}

    /// By a key that is known elsewhere.
    ///
    /// @param hint what the bundle calls it; any text
    record Key(String hint) implements Material {}
  }

  /// What was signed.
  public sealed interface Content {
    /// An artifact that is not in the bundle.
    ///
    /// @param digest the artifact's, if the bundle has it
    /// @param signature base64
    record Message(Optional<Digest> digest, String signature) implements Content {}

    /// A DSSE envelope.
    ///
    /// @param type the payload's media type; any text
    /// @param payload base64
    /// @param signatures base64, `>= 1`
    record Envelope(String type, String payload, List<String> signatures) implements Content {
      public Envelope {
        signatures = List.copyOf(signatures);
      }
    }
  }

  public SigstoreBundle {
    entries = List.copyOf(entries);
    timestamps = List.copyOf(timestamps);
  }

  /// Whether the bytes say of themselves that they are a bundle, of whatever version.
  public static boolean isOne(byte[] bytes) {
    try {
      return JsonObject.parse("bundle", bytes, MAX_BYTES)
          .text("mediaType", "")
          .startsWith("application/vnd.dev.sigstore.bundle");
    } catch (RefusedException _) {
      return false;
    }
  }

  /// Reads a bundle strictly. Members that are not known are left alone.
  public static SigstoreBundle parse(byte[] bytes) throws RefusedException {
    JsonObject json = JsonObject.parse("bundle", bytes, MAX_BYTES);
    String type = json.text("mediaType");
    Integer version = VERSIONS.get(type);
    if (version == null) {
      throw json.wrong("mediaType", type, "a Sigstore bundle of version 0.1, 0.2 or 0.3");
    }
    JsonObject material = json.object("verificationMaterial");
    List<LoggedEntry> entries = new ArrayList<>();
    for (JsonObject entry : material.objects("tlogEntries", MAX_ITEMS)) {
      entries.add(LoggedEntry.of(entry));
    }
    return new SigstoreBundle(
        version, signer(material), content(json), entries, timestamps(material));
  }

  private static Material signer(JsonObject material) throws RefusedException {
    only(material, "certificate", "x509CertificateChain", "publicKey");
    if (material.has("publicKey")) {
      return new Material.Key(material.object("publicKey").text("hint", ""));
    }
    JsonObject certificate;
    if (material.has("certificate")) {
      certificate = material.object("certificate");
    } else {
      List<JsonObject> chain =
          material.object("x509CertificateChain").objects("certificates", MAX_ITEMS);
      if (chain.isEmpty()) {
        throw material.wrong("x509CertificateChain", "no certificate", "the signer's first");
      }
      certificate = chain.getFirst();
    }
    try {
      return new Material.Certified(Certificates.read(part(certificate, "rawBytes")));
    } catch (MalformedSignerException e) {
      throw certificate.wrong("rawBytes", String.valueOf(e.getMessage()), "an X.509 certificate");
    }
  }

  private static Content content(JsonObject json) throws RefusedException {
    only(json, "messageSignature", "dsseEnvelope");
    if (json.has("messageSignature")) {
      JsonObject message = json.object("messageSignature");
      Optional<JsonObject> digest = message.optionalObject("messageDigest");
      return new Content.Message(
          digest.isPresent() ? Optional.of(digest(digest.get())) : Optional.empty(),
          base64(message, "signature"));
    }
    JsonObject envelope = json.object("dsseEnvelope");
    List<String> signatures = new ArrayList<>();
    for (JsonObject signature : envelope.objects("signatures", MAX_ITEMS)) {
      signatures.add(base64(signature, "sig"));
    }
    if (signatures.isEmpty()) {
      throw envelope.wrong("signatures", "none", "at least one");
    }
    envelope.base64("payload");
    return new Content.Envelope(envelope.text("payloadType"), envelope.text("payload"), signatures);
  }

  private static Digest digest(JsonObject json) throws RefusedException {
    String name = json.text("algorithm");
    Digest.Algorithm algorithm = DIGESTS.get(name);
    if (algorithm == null) {
      throw json.wrong("algorithm", name, "SHA2_256, SHA2_384 or SHA2_512");
    }
    byte[] value = json.base64("digest");
    if (value.length != algorithm.length()) {
      throw json.wrong("digest", value.length + " bytes", Integer.toString(algorithm.length()));
    }
    return Digest.of(algorithm, value);
  }

  private static List<String> timestamps(JsonObject material) throws RefusedException {
    List<String> timestamps = new ArrayList<>();
    Optional<JsonObject> data = material.optionalObject("timestampVerificationData");
    if (data.isPresent()) {
      for (JsonObject one : data.get().objects("rfc3161Timestamps", MAX_ITEMS)) {
        timestamps.add(base64(one, "signedTimestamp"));
      }
    }
    return timestamps;
  }

  /// Protocol buffers take the last of several; two readers may differ in which they take.
  private static void only(JsonObject json, String... names) throws RefusedException {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (json.has(name)) {
        found.add(name);
      }
    }
    if (found.size() != 1) {
      throw new RefusedException(
          "%s: %s (expected: exactly one of %s)"
              .formatted(json.path(), found, String.join(", ", names)));
    }
  }

  /// Bytes of bounded length, at least one.
  static byte[] part(JsonObject json, String key) throws RefusedException {
    byte[] bytes = json.base64(key);
    if (bytes.length == 0 || bytes.length > MAX_PART) {
      throw json.wrong(key, bytes.length + " bytes", "1 to " + MAX_PART);
    }
    return bytes;
  }

  /// The same in the base64 that it was written in.
  static String base64(JsonObject json, String key) throws RefusedException {
    part(json, key);
    return json.text(key);
  }
}
