package dev.sigwarden.practice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Entries as Rekor writes them down: canonical JSON (RFC 8785: sorted keys, no spaces) with
/// signatures that verify. sigstore/rekor pkg/types, sigstore/rekor-tiles pkg/types.
public final class PracticeEntries {
  /// RFC 8785 asks for no more than sorted keys here: no value holds a character to be escaped.
  private static final JsonMapper JSON = new JsonMapper();

  private PracticeEntries() {}

  /// An entry of kind `hashedrekord` 0.0.2: `signer` signed `artifact`.
  public static byte[] hashedRekord(PracticeCredential signer, byte[] artifact) {
    return hashedRekord(signer, artifact, signer.sign(artifact));
  }

  /// An entry of kind `hashedrekord` 0.0.2 with a signature made before.
  static byte[] hashedRekord(PracticeCredential signer, byte[] artifact, byte[] signature) {
    Map<String, Object> record =
        sorted("data", digest(signer.kind(), artifact), "signature", signature(signer, signature));
    return entry("0.0.2", "hashedrekord", sorted("hashedRekordV002", record));
  }

  /// An entry of kind `dsse` 0.0.2: `signer` signed an envelope around `payload`.
  public static byte[] dsse(PracticeCredential signer, String payloadType, byte[] payload) {
    byte[] signature = signer.sign(preAuthenticationEncoding(payloadType, payload));
    Map<String, Object> dsse =
        sorted(
            "payloadHash",
            digest(KeyKind.P256, payload),
            "signatures",
            List.of(signature(signer, signature)));
    return entry("0.0.2", "dsse", sorted("dsseV002", dsse));
  }

  /// An entry of kind `hashedrekord` 0.0.1: `signer` signed `artifact`.
  public static byte[] hashedRekordV1(PracticeCredential signer, byte[] artifact) {
    Map<String, Object> signature =
        sorted(
            "content",
            base64(signer.sign(artifact)),
            "publicKey",
            sorted("content", base64(utf8(signer.verifierPem()))));
    Map<String, Object> spec =
        sorted("data", sorted("hash", hexDigest(signer.kind(), artifact)), "signature", signature);
    return entry("0.0.1", "hashedrekord", spec);
  }

  /// An entry of kind `dsse` 0.0.1: `signer` signed an envelope around `payload`.
  public static byte[] dsseV1(PracticeCredential signer, String payloadType, byte[] payload) {
    String signature = base64(signer.sign(preAuthenticationEncoding(payloadType, payload)));
    byte[] envelope =
        json(
            sorted(
                "payload",
                base64(payload),
                "payloadType",
                payloadType,
                "signatures",
                List.of(sorted("sig", signature))));
    Map<String, Object> spec =
        sorted(
            "envelopeHash",
            hexDigest(KeyKind.P256, envelope),
            "payloadHash",
            hexDigest(KeyKind.P256, payload),
            "signatures",
            List.of(
                sorted("signature", signature, "verifier", base64(utf8(signer.verifierPem())))));
    return entry("0.0.1", "dsse", spec);
  }

  /// The body of a request to a Rekor v2 server to log `artifact`, signed by `signer`. Not what is
  /// written down. sigstore/rekor-tiles api/proto/rekor/v2/hashedrekord.proto.
  public static byte[] hashedRekordRequest(PracticeCredential signer, byte[] artifact) {
    Map<String, Object> request =
        sorted(
            "digest",
            base64(signer.kind().digest(artifact)),
            "signature",
            signature(signer, signer.sign(artifact)));
    return json(sorted("hashedRekordRequestV002", request));
  }

  /// What a DSSE envelope's signature covers: the type and the payload, each after its length.
  /// github.com/secure-systems-lab/dsse protocol.md, Signature Definition.
  static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
    ByteArrayOutputStream encoding = new ByteArrayOutputStream();
    int typeLength = utf8(payloadType).length;
    encoding.writeBytes(
        utf8("DSSEv1 %d %s %d ".formatted(typeLength, payloadType, payload.length)));
    encoding.writeBytes(payload);
    return encoding.toByteArray();
  }

  private static Map<String, Object> signature(PracticeCredential signer, byte[] signature) {
    Map<String, Object> verifier =
        sorted(
            "keyDetails",
            signer.kind().details(),
            signer.certified() ? "x509Certificate" : "publicKey",
            sorted("rawBytes", base64(signer.verifierDer())));
    return sorted("content", base64(signature), "verifier", verifier);
  }

  private static Map<String, Object> digest(KeyKind kind, byte[] data) {
    return sorted("algorithm", kind.digestDetails(), "digest", base64(kind.digest(data)));
  }

  private static Map<String, Object> hexDigest(KeyKind kind, byte[] data) {
    return sorted(
        "algorithm", kind.digestName(), "value", HexFormat.of().formatHex(kind.digest(data)));
  }

  private static byte[] entry(String version, String kind, Map<String, Object> spec) {
    Map<String, Object> entry = sorted("apiVersion", version, "kind", kind);
    entry.put("spec", spec);
    return json(entry);
  }

  private static Map<String, Object> sorted(String key, Object value) {
    Map<String, Object> map = new TreeMap<>();
    map.put(key, value);
    return map;
  }

  private static Map<String, Object> sorted(String key, Object value, String key2, Object value2) {
    Map<String, Object> map = sorted(key, value);
    map.put(key2, value2);
    return map;
  }

  private static Map<String, Object> sorted(
      String key, Object value, String key2, Object value2, String key3, Object value3) {
    Map<String, Object> map = sorted(key, value, key2, value2);
    map.put(key3, value3);
    return map;
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("maps, lists and strings are JSON", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
