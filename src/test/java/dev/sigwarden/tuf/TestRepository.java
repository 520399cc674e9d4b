package dev.sigwarden.tuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A repository with keys of its own, which can be told to lie. Thread-safe.
public final class TestRepository implements Repository {
  /// Until when everything holds unless said otherwise.
  public static final Instant FAR = Instant.parse("2040-01-01T00:00:00Z");

  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final String target;
  private List<KeyPair> rootKeys = List.of(key(), key(), key());
  private KeyPair online = key();
  private int threshold = 2;
  private long root;
  private long timestamp;
  private long snapshot;
  private long targets;
  private Instant rootExpires = FAR;
  private Instant timestampExpires = FAR;
  private byte[] content = new byte[0];
  private boolean down;

  /// A repository with one root and one target, published.
  public TestRepository(String target, byte[] content) {
    this.target = target;
    this.content = content.clone();
    newRoot(rootKeys);
    publish();
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has P-256", e);
    }
  }

  /// The first root: what a client is given.
  public synchronized byte[] anchor() {
    return files.get("1.root.json").clone();
  }

  /// Publishes a root of the next version, signed by the keys of the one before.
  public synchronized TestRepository nextRoot() {
    newRoot(rootKeys);
    return this;
  }

  /// Publishes a root with other keys, signed by as many of the old keys.
  public synchronized TestRepository rotate(int oldSignatures) {
    List<KeyPair> signers = new ArrayList<>(rootKeys.subList(0, oldSignatures));
    rootKeys = List.of(key(), key(), key());
    signers.addAll(rootKeys);
    newRoot(signers);
    return this;
  }

  /// Publishes a root with another key for the other roles.
  public synchronized TestRepository rotateOnline() {
    online = key();
    newRoot(rootKeys);
    return this;
  }

  /// Leaves out a version of the root.
  public synchronized TestRepository skipRoot() {
    root++;
    newRoot(rootKeys);
    byte[] skipped = files.remove(root + ".root.json");
    files.put(root - 1 + ".root.json", skipped);
    return this;
  }

  /// Sets when roots made from now on expire.
  public synchronized TestRepository rootExpires(Instant time) {
    rootExpires = time;
    return this;
  }

  /// Sets when timestamps made from now on expire.
  public synchronized TestRepository timestampExpires(Instant time) {
    timestampExpires = time;
    return this;
  }

  /// Sets the next version of everything but the root.
  public synchronized TestRepository backTo(long version) {
    timestamp = version - 1;
    snapshot = version - 1;
    targets = version - 1;
    return this;
  }

  /// Sets what the target is from the next `publish` on.
  public synchronized TestRepository content(byte[] bytes) {
    content = bytes.clone();
    return this;
  }

  /// Whether nothing is answered.
  public synchronized TestRepository down(boolean is) {
    down = is;
    return this;
  }

  /// Replaces a file by other bytes.
  public synchronized TestRepository replace(String path, byte[] bytes) {
    files.put(path, bytes.clone());
    return this;
  }

  /// The file at `path` as it is served.
  public synchronized byte[] file(String path) {
    return files.get(path).clone();
  }

  /// The path of the newest target.
  public synchronized String targetPath() {
    return "targets/" + sha256(content) + "." + target;
  }

  /// What was asked for since the last call.
  public synchronized List<String> asked() {
    List<String> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  /// Publishes the next version of targets, snapshot and timestamp.
  public synchronized TestRepository publish() {
    ObjectNode targetsSigned = signed("targets", ++targets, FAR);
    ObjectNode facts = targetsSigned.putObject("targets").putObject(target);
    facts.put("length", content.length).putObject("hashes").put("sha256", sha256(content));
    byte[] targetsFile = sign(targetsSigned, List.of(online));
    files.put(targets + ".targets.json", targetsFile);
    files.put(targetPath(), content);

    ObjectNode snapshotSigned = signed("snapshot", ++snapshot, FAR);
    snapshotSigned.putObject("meta").putObject("targets.json").put("version", targets);
    byte[] snapshotFile = sign(snapshotSigned, List.of(online));
    files.put(snapshot + ".snapshot.json", snapshotFile);

    ObjectNode timestampSigned = signed("timestamp", ++timestamp, timestampExpires);
    ObjectNode meta = timestampSigned.putObject("meta").putObject("snapshot.json");
    meta.put("version", snapshot).put("length", snapshotFile.length);
    meta.putObject("hashes").put("sha256", sha256(snapshotFile));
    files.put("timestamp.json", sign(timestampSigned, List.of(online)));
    return this;
  }

  /// Publishes the next versions with `altered` in the place of the target that they speak of.
  public synchronized TestRepository publishAltered(byte[] altered) {
    publish();
    files.put(targetPath(), altered.clone());
    return this;
  }

  private void newRoot(List<KeyPair> signers) {
    ObjectNode signed = signed("root", ++root, rootExpires);
    signed.put("consistent_snapshot", true);
    ObjectNode keys = signed.putObject("keys");
    rootKeys.forEach(key -> describe(keys.putObject(id(key)), key));
    describe(keys.putObject(id(online)), online);
    ObjectNode roles = signed.putObject("roles");
    role(roles.putObject("root"), rootKeys, threshold);
    for (String type : List.of("timestamp", "snapshot", "targets")) {
      role(roles.putObject(type), List.of(online), 1);
    }
    files.put(root + ".root.json", sign(signed, signers));
  }

  private static ObjectNode signed(String type, long version, Instant expires) {
    return JSON.createObjectNode()
        .put("_type", type)
        .put("spec_version", "1.0.31")
        .put("version", version)
        .put("expires", expires.toString());
  }

  private static void describe(ObjectNode node, KeyPair key) {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPublic().getEncoded());
    node.put("keytype", "ecdsa")
        .put("scheme", "ecdsa-sha2-nistp256")
        .putObject("keyval")
        .put(
            "public",
            "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n".formatted(base64));
  }

  private static void role(ObjectNode node, List<KeyPair> keys, int threshold) {
    keys.forEach(key -> node.withArray("keyids").add(id(key)));
    node.put("threshold", threshold);
  }

  private static String id(KeyPair key) {
    return sha256(key.getPublic().getEncoded());
  }

  private static byte[] sign(ObjectNode signed, List<KeyPair> keys) {
    try {
      byte[] plain = JSON.writeValueAsBytes(signed);
      byte[] canonical = JsonObject.parse("test", plain, plain.length).canonical();
      ObjectNode whole = JSON.createObjectNode();
      for (KeyPair key : keys) {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key.getPrivate());
        signer.update(canonical);
        whole
            .withArray("signatures")
            .addObject()
            .put("keyid", id(key))
            .put("sig", HexFormat.of().formatHex(signer.sign()));
      }
      whole.set("signed", signed);
      return JSON.writeValueAsBytes(whole);
    } catch (JsonProcessingException | RefusedException | GeneralSecurityException e) {
      throw new AssertionError("metadata of our own making", e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has SHA-256", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized Optional<byte[]> fetch(String path, int maxBytes)
      throws UnavailableException, RefusedException {
    asked.add(path);
    if (down) {
      throw new UnavailableException(path + ": the repository is down");
    }
    byte[] file = files.get(path);
    if (file != null && file.length > maxBytes) {
      throw new RefusedException(
          "%s: %d bytes (expected: <= %d)".formatted(path, file.length, maxBytes));
    }
    return Optional.ofNullable(file);
  }
}
