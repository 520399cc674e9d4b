package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A Rekor v1 instance in memory: shards with trees of their own, a P-256 key for all of them,
/// signed times of entries. What was appended shows after the next `publish`. Thread-safe.
public final class PracticeRekor {
  private static final long MILLIS = 1_000;

  private final String hostname;
  private final SecureRandom random;
  private final Clock clock;
  private final KeyPair pair;
  private final VerifierKey key;

  // Owned by the monitor of this instance.
  private final List<Shard> shards = new ArrayList<>();

  /// An instance with one shard, which is empty.
  public PracticeRekor(String hostname, SecureRandom random, Clock clock) {
    this.hostname = hostname;
    this.random = random;
    this.clock = clock;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      this.pair = generator.generateKeyPair();
      this.key = VerifierKey.of(hostname, SignatureType.ECDSA, pair.getPublic().getEncoded());
    } catch (GeneralSecurityException | MalformedNoteException e) {
      throw new IllegalArgumentException("a key named " + hostname, e);
    }
    rotate();
  }

  /// One shard as it stands.
  private final class Shard {
    private final String treeId = Long.toString(random.nextLong(1L << 60, Long.MAX_VALUE));

    /// Keeps the tree; its own key signs nothing.
    private final PracticeLog tree = new PracticeLog(NoteSigner.generate(treeId, random), clock);

    private final List<Long> times = new ArrayList<>();
    private final List<String> promises = new ArrayList<>();
    private TreeHead head = TreeHead.empty();
    private byte[] note = sign(treeId, head);
  }

  /// Starts another shard; the one before takes no more entries, and shows all that it has.
  public synchronized void rotate() {
    if (!shards.isEmpty()) {
      publish();
    }
    shards.add(new Shard());
  }

  /// Adds an entry to the active shard and returns its index there.
  public synchronized long append(byte[] entry) {
    Shard shard = shards.getLast();
    long index = shard.tree.append(entry);
    long time = clock.millis() / MILLIS;
    shard.times.add(time);
    shard.promises.add(promise(entry, time, offset(shards.size() - 1) + index));
    return index;
  }

  /// Signs and shows a head of all entries of the active shard.
  public synchronized void publish() {
    Shard shard = shards.getLast();
    shard.head = shard.tree.headAt(shard.tree.size());
    shard.note = sign(shard.treeId, shard.head);
  }

  /// The number of shards; the last one is active.
  public synchronized int shards() {
    return shards.size();
  }

  /// The decimal id of a shard's tree.
  public synchronized String treeId(int shard) {
    return shards.get(shard).treeId;
  }

  /// The tree of a shard, for those who compare.
  public synchronized PracticeLog tree(int shard) {
    return shards.get(shard).tree;
  }

  /// The signed note that a shard shows.
  public synchronized byte[] note(int shard) {
    return shards.get(shard).note.clone();
  }

  /// The head that a shard shows.
  public synchronized TreeHead head(int shard) {
    return shards.get(shard).head;
  }

  /// The index over all shards of a shard's first entry.
  public synchronized long offset(int shard) {
    return shards.subList(0, shard).stream().mapToLong(it -> it.tree.size()).sum();
  }

  /// The key that signs heads and times.
  public VerifierKey verifierKey() {
    return key;
  }

  /// A note of any head of a tree, signed with the instance's key.
  public byte[] sign(String treeId, TreeHead head) {
    String text = new Checkpoint(hostname + " - " + treeId, head, List.of()).toText();
    byte[] signature = ecdsa(text.getBytes(StandardCharsets.UTF_8));
    try {
      return SignedNote.of(text, List.of(NoteSignature.of(key, signature))).toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("a note of our own", e);
    }
  }

  private String promise(byte[] entry, long time, long globalIndex) {
    String signed =
        "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
            .formatted(base64(entry), time, logId(), globalIndex);
    return base64(ecdsa(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private String logId() {
    return Hash.ofData(key.toBytes()).toHex();
  }

  private byte[] ecdsa(byte[] message) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(pair.getPrivate(), random);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a P-256 key signs anything", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// The key as `GET /api/v1/log/publicKey` shows it.
  public String publicKeyPem() {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
        .formatted(lines.encodeToString(key.toBytes()));
  }

  /// All shards as `GET /api/v1/log` shows them.
  public synchronized String logInfo() {
    StringBuilder json = new StringBuilder("{\"inactiveShards\":[");
    for (Shard shard : shards.subList(0, shards.size() - 1)) {
      json.append(json.charAt(json.length() - 1) == '[' ? "{" : ",{");
      json.append(fields(shard.treeId, shard.head, shard.note)).append('}');
    }
    Shard active = shards.getLast();
    return json.append("],")
        .append(fields(active.treeId, active.head, active.note))
        .append("}\n")
        .toString();
  }

  /// The members of one shard in `logInfo`.
  public static String fields(String treeId, TreeHead head, byte[] note) {
    return "\"rootHash\":\"%s\",\"signedTreeHead\":\"%s\",\"treeID\":\"%s\",\"treeSize\":%d"
        .formatted(head.root().toHex(), escaped(note), treeId, head.size());
  }

  private static String escaped(byte[] note) {
    return new String(note, StandardCharsets.UTF_8).replace("\n", "\\n");
  }

  /// The entry at an index over all shards, as an object with its id as the only name; empty if no
  /// head covers it.
  public synchronized Optional<String> entry(long globalIndex) {
    for (int i = 0; i < shards.size(); i++) {
      long index = globalIndex - offset(i);
      Shard shard = shards.get(i);
      if (index >= 0 && index < shard.head.size()) {
        return Optional.of(entry(shard, index, globalIndex));
      }
    }
    return Optional.empty();
  }

  private String entry(Shard shard, long index, long globalIndex) {
    byte[] body = shard.tree.entry(index);
    return """
    {"%016x%s":{"body":"%s","integratedTime":%d,"logID":"%s","logIndex":%d,\
    "verification":{"inclusionProof":{"checkpoint":"%s","hashes":%s,"logIndex":%d,\
    "rootHash":"%s","treeSize":%d},"signedEntryTimestamp":"%s"}}}\
    """
        .formatted(
            Long.parseLong(shard.treeId),
            Hash.ofLeaf(body).toHex(),
            base64(body),
            shard.times.get((int) index),
            logId(),
            globalIndex,
            escaped(shard.note),
            hashes(Proofs.inclusion(index, shard.head.size(), shard.tree::node).path()),
            index,
            shard.head.root().toHex(),
            shard.head.size(),
            shard.promises.get((int) index));
  }

  /// The consistency proof between two sizes of a shard as `GET /api/v1/log/proof` shows it: beside
  /// the root of the newest tree, whatever was asked.
  ///
  /// @throws IllegalArgumentException unless `0 < first <= last <=` the size of the shard's head
  public synchronized String proof(String treeId, long first, long last) {
    for (Shard shard : shards) {
      if (shard.treeId.equals(treeId)) {
        if (first < 1 || last > shard.head.size()) {
          throw new IllegalArgumentException(
              "the tree size requested(%d) was greater than what is currently observable(%d)"
                  .formatted(last, shard.head.size()));
        }
        return "{\"hashes\":%s,\"rootHash\":\"%s\"}\n"
            .formatted(
                hashes(Proofs.consistency(first, last, shard.tree::node).path()),
                shard.head.root().toHex());
      }
    }
    throw new IllegalArgumentException("no tree " + treeId);
  }

  private static String hashes(List<Hash> path) {
    return path.stream()
        .map(hash -> '"' + hash.toHex() + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }
}
