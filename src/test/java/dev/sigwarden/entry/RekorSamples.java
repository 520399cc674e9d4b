package dev.sigwarden.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sigwarden.entry.x509.CertificateForge;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rekor entries of our own making, in canonical form.
public final class RekorSamples {
  public static final String URI =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";
  public static final String ISSUER = "https://token.actions.githubusercontent.com";

  /// A 32-byte digest value.
  public static final byte[] DIGEST = HexFormat.of().parseHex("7e".repeat(32));

  private RekorSamples() {}

  /// Standard base64.
  public static String b64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// A Fulcio-like certificate.
  public static byte[] certificate() {
    return CertificateForge.fulcio(URI, ISSUER).der();
  }

  /// `hashedrekord` 0.0.1 with this PEM.
  public static byte[] hashedRekordV1(String pem) {
    return """
    {"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256",\
    "value":"%s"}},"signature":{"content":"MEUCIQ==","publicKey":{"content":"%s"}}}}\
    """
        .formatted(HexFormat.of().formatHex(DIGEST), b64(pem.getBytes(UTF_8)))
        .getBytes(UTF_8);
  }

  /// A verifier of Rekor v2 with a certificate.
  public static String certificateVerifier(byte[] der) {
    return """
    {"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":"%s"}}\
    """
        .formatted(b64(der));
  }

  /// A verifier of Rekor v2 with a key.
  public static String keyVerifier(byte[] spki) {
    return """
    {"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"%s"}}\
    """
        .formatted(b64(spki));
  }

  /// `hashedrekord` 0.0.2 with this verifier.
  public static byte[] hashedRekordV2(String verifier) {
    return """
    {"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":\
    "SHA2_256","digest":"%s"},"signature":{"content":"MEUCIQ==","verifier":%s}}}}\
    """
        .formatted(b64(DIGEST), verifier)
        .getBytes(UTF_8);
  }

  /// `dsse` 0.0.1 with a signature for each PEM.
  public static byte[] dsseV1(String... pems) {
    String signatures =
        Stream.of(pems)
            .map(pem ->
                "{\"signature\":\"MEUCIQ==\",\"verifier\":\"%s\"}"
                    .formatted(b64(pem.getBytes(UTF_8))))
            .collect(Collectors.joining(","));
    return """
    {"apiVersion":"0.0.1","kind":"dsse","spec":{"envelopeHash":{"algorithm":"sha256","value":\
    "%s"},"payloadHash":{"algorithm":"sha256","value":"%s"},"signatures":[%s]}}\
    """
        .formatted("ab".repeat(32), HexFormat.of().formatHex(DIGEST), signatures)
        .getBytes(UTF_8);
  }

  /// `dsse` 0.0.2 with a signature for each verifier.
  public static byte[] dsseV2(String... verifiers) {
    String signatures =
        Stream.of(verifiers)
            .map(v -> "{\"content\":\"MEUCIQ==\",\"verifier\":%s}".formatted(v))
            .collect(Collectors.joining(","));
    return """
    {"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"SHA2_256",\
    "digest":"%s"},"signatures":[%s]}}}\
    """
        .formatted(b64(DIGEST), signatures)
        .getBytes(UTF_8);
  }
}
