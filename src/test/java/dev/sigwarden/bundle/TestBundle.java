package dev.sigwarden.bundle;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.ReferenceTree;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A world that makes bundles: an authority, a Rekor v1 log, a Rekor v2 log and a time stamping
/// authority, with the trusted root that names them. The same bundle can be made with a lie in it.
public final class TestBundle {
  public static final PracticeIdentity ACME =
      PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");

  /// When things are signed, in whole seconds.
  public static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

  static final String V1 = "rekor.example";
  static final String V1_ORIGIN = V1 + " - 42";
  static final String V2 = "log2.example";
  static final byte[] ARTIFACT = utf8("release 1");
  static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  /// Where the entry is among the others of its tree.
  static final int INDEX = 3;

  private static final JsonMapper JSON = new JsonMapper();
  private static final Base64.Encoder BASE64 = Base64.getEncoder();
  private static final long SHARD_STARTS_AT = 1_000;

  private final TestAuthority authority = new TestAuthority(NOW.minus(Duration.ofDays(100)));
  final KeyPair v1Key = TestAuthority.key();
  final NoteSigner v2Key = NoteSigner.generate(V2);
  final TestTimestamps timestamps = new TestTimestamps(NOW.minus(Duration.ofDays(100)));
  private final KeyPair signer = TestAuthority.key();
  private byte[] certificate = authority.issue(ACME, authority.shape(NOW), signer);

  /// The same with everything signed by somebody else.
  public TestBundle by(PracticeIdentity identity) {
    certificate = authority.issue(identity, authority.shape(NOW), signer);
    return this;
  }

  /// The trusted root as JSON.
  public ObjectNode trustedRootJson() {
    ObjectNode json = authority.json();
    ArrayNode logs = json.putArray("tlogs");
    log(logs, V1, v1Key.getPublic().getEncoded(), v1Id());
    log(logs, V2, v2Spki(), v2Id());
    timestamps.addTo(json);
    return json;
  }

  private static void log(ArrayNode logs, String name, byte[] spki, byte[] id) {
    ObjectNode log = logs.addObject();
    log.put("baseUrl", "https://" + name);
    log.putObject("publicKey")
        .put("rawBytes", base64(spki))
        .putObject("validFor")
        .put("start", NOW.minus(Duration.ofDays(100)).toString())
        .put("end", NOW.plus(Duration.ofDays(100)).toString());
    log.putObject("logId").put("keyId", base64(id));
  }

  TrustedRoot trustedRoot() {
    try {
      return TrustedRoot.parse(TestAuthority.bytes(trustedRootJson()));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] v2Spki() {
    byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
    return join(prefix, v2Key.verifierKey().toBytes());
  }

  byte[] v1Id() {
    return Hash.ofData(v1Key.getPublic().getEncoded()).toBytes();
  }

  /// rekor-tiles: the whole hash of which a key id is the start.
  byte[] v2Id() {
    return Hash.ofData(join(utf8(V2 + "\n\u0001"), v2Key.verifierKey().toBytes())).toBytes();
  }

  /// The signer's certificate from now on.
  TestBundle certificate(byte[] der) {
    certificate = der;
    return this;
  }

  TestAuthority authority() {
    return authority;
  }

  KeyPair signer() {
    return signer;
  }

  /// A bundle of version 0.3 over the artifact with an entry of the Rekor v1 log.
  public ObjectNode v1() {
    return v1(ARTIFACT);
  }

  /// The same over another artifact.
  public ObjectNode v1(byte[] artifact) {
    byte[] signature = signed(signer, artifact);
    String pem =
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate));
    byte[] body =
        utf8(
            ("{\"apiVersion\":\"0.0.1\",\"kind\":\"hashedrekord\",\"spec\":{\"data\":{\"hash\":"
                    + "{\"algorithm\":\"sha256\",\"value\":\"%s\"}},\"signature\":{\"content\":\"%s\","
                    + "\"publicKey\":{\"content\":\"%s\"}}}}")
                .formatted(Hash.ofData(artifact).toHex(), base64(signature), base64(utf8(pem))));
    ObjectNode bundle = message(artifact, signature);
    ObjectNode entry = entry(bundle, v1Id(), body, V1_ORIGIN);
    entry.put("logIndex", Long.toString(SHARD_STARTS_AT + INDEX));
    promise(entry, NOW.plusSeconds(5));
    return bundle;
  }

  /// A bundle of version 0.3 over the artifact with an entry of the Rekor v2 log and a timestamp.
  public ObjectNode v2() {
    return v2(ARTIFACT);
  }

  /// The same over another artifact.
  public ObjectNode v2(byte[] artifact) {
    byte[] signature = signed(signer, artifact);
    ObjectNode bundle = message(artifact, signature);
    entry(bundle, v2Id(), v2Body(artifact, signature), V2);
    stamp(bundle, signature, NOW.plusSeconds(5));
    return bundle;
  }

  /// The same with a DSSE envelope around a statement about the artifact.
  ObjectNode envelope() {
    byte[] payload =
        utf8(
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"a\",\"digest\":"
                + "{\"sha256\":\"%s\"}}]}".formatted(Hash.ofData(ARTIFACT).toHex()));
    byte[] pae = join(utf8("DSSEv1 28 " + PAYLOAD_TYPE + " " + payload.length + " "), payload);
    byte[] signature = signed(signer, pae);
    ObjectNode bundle = material();
    bundle
        .putObject("dsseEnvelope")
        .put("payload", base64(payload))
        .put("payloadType", PAYLOAD_TYPE)
        .putArray("signatures")
        .addObject()
        .put("sig", base64(signature));
    entry(bundle, v2Id(), v2Body(pae, signature), V2);
    stamp(bundle, signature, NOW.plusSeconds(5));
    return bundle;
  }

  void stamp(ObjectNode bundle, byte[] signature, Instant time) {
    ((ObjectNode) bundle.get("verificationMaterial"))
        .putObject("timestampVerificationData")
        .putArray("rfc3161Timestamps")
        .addObject()
        .put("signedTimestamp", base64(timestamps.stamp(signature, time)));
  }

  private byte[] v2Body(byte[] signedBytes, byte[] signature) {
    return utf8(
        ("{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\",\"spec\":{\"hashedRekordV002\":{"
                + "\"data\":{\"algorithm\":\"SHA2_256\",\"digest\":\"%s\"},\"signature\":{"
                + "\"content\":\"%s\",\"verifier\":{\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\","
                + "\"x509Certificate\":{\"rawBytes\":\"%s\"}}}}}}")
            .formatted(
                Hash.ofData(signedBytes).toBase64(), base64(signature), base64(certificate)));
  }

  private ObjectNode material() {
    ObjectNode bundle = JSON.createObjectNode();
    bundle.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json");
    bundle
        .putObject("verificationMaterial")
        .putObject("certificate")
        .put("rawBytes", base64(certificate));
    return bundle;
  }

  private ObjectNode message(byte[] artifact, byte[] signature) {
    ObjectNode bundle = material();
    ObjectNode message = bundle.putObject("messageSignature");
    message
        .putObject("messageDigest")
        .put("algorithm", "SHA2_256")
        .put("digest", Hash.ofData(artifact).toBase64());
    message.put("signature", base64(signature));
    return bundle;
  }

  private ObjectNode entry(ObjectNode bundle, byte[] id, byte[] body, String origin) {
    ObjectNode entry =
        ((ObjectNode) bundle.get("verificationMaterial")).putArray("tlogEntries").addObject();
    entry.put("logIndex", Integer.toString(INDEX));
    entry.putObject("logId").put("keyId", base64(id));
    entry.put("canonicalizedBody", base64(body));
    prove(entry, body, origin);
    return entry;
  }

  /// Puts the proof on the entry that this body is at its index.
  void prove(ObjectNode entry, byte[] body, String origin) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      leaves.add(i == INDEX ? body : utf8("another " + i));
    }
    Hash root = ReferenceTree.mth(leaves);
    ObjectNode proof = entry.putObject("inclusionProof");
    proof.put("logIndex", Integer.toString(INDEX));
    proof.put("rootHash", root.toBase64());
    proof.put("treeSize", "7");
    ArrayNode hashes = proof.putArray("hashes");
    ReferenceTree.path(INDEX, leaves).forEach(hash -> hashes.add(hash.toBase64()));
    proof
        .putObject("checkpoint")
        .put("envelope", checkpoint("%s\n7\n%s\n".formatted(origin, root.toBase64())));
  }

  /// A checkpoint of either log.
  String checkpoint(String text) {
    if (!text.startsWith(V1)) {
      return new String(v2Key.sign(text), StandardCharsets.UTF_8);
    }
    try {
      VerifierKey key = VerifierKey.of(V1, SignatureType.ECDSA, v1Key.getPublic().getEncoded());
      NoteSignature signature = NoteSignature.of(key, signed(v1Key, utf8(text)));
      return new String(SignedNote.of(text, List.of(signature)).toBytes(), StandardCharsets.UTF_8);
    } catch (MalformedNoteException e) {
      throw new AssertionError("a note of our own making", e);
    }
  }

  /// Puts the log's promise on an entry of the Rekor v1 log. Rekor signs RFC 8785 JSON.
  void promise(ObjectNode entry, Instant time) {
    entry.put("integratedTime", Long.toString(time.getEpochSecond()));
    String set =
        "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%s}"
            .formatted(
                entry.get("canonicalizedBody").asText(),
                time.getEpochSecond(),
                HexFormat.of().formatHex(v1Id()),
                entry.get("logIndex").asText());
    entry
        .putObject("inclusionPromise")
        .put("signedEntryTimestamp", base64(signed(v1Key, utf8(set))));
  }

  static byte[] signed(KeyPair key, byte[] message) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform signs with its own keys", e);
    }
  }

  static ObjectNode entry(ObjectNode bundle) {
    return (ObjectNode) bundle.at("/verificationMaterial/tlogEntries/0");
  }

  static ObjectNode proof(ObjectNode bundle) {
    return (ObjectNode) entry(bundle).get("inclusionProof");
  }

  static SigstoreBundle parse(ObjectNode bundle) {
    try {
      return SigstoreBundle.parse(TestAuthority.bytes(bundle));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String base64(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
