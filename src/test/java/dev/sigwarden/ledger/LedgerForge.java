package dev.sigwarden.ledger;

import dev.sigwarden.cose.CborWriter;
import dev.sigwarden.cose.CoseAlgorithm;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes ledger files as a CCF service does: the format of `ChunkReader`, written apart from it.
public final class LedgerForge {
  static final String NODE = "a".repeat(64);

  private final List<Hash> leaves = new ArrayList<>(List.of(Hash.of(new byte[32])));
  private final List<byte[]> records = new ArrayList<>();
  private KeyPair service = ScittForge.ec("secp384r1");
  private KeyPair before = service;
  private final KeyPair node = ScittForge.ec("secp384r1");
  private long view = 2;

  public LedgerForge() {
    Map<String, byte[]> first = new LinkedHashMap<>();
    first.put("public:ccf.gov.nodes.info", json("cert", pem(node)));
    first.put("public:ccf.gov.service.info", json("cert", pem(service)));
    add(first, new byte[32]);
  }

  public static String pem(KeyPair key) {
    return CertificateForge.pem("PUBLIC KEY", key.getPublic().getEncoded());
  }

  static byte[] json(String name, String value) {
    return "{\"%s\":\"%s\"}"
        .formatted(name, value.replace("\n", "\\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  void nextView(int by) {
    view += by;
  }

  public KeyPair service() {
    return service;
  }

  TxId next() {
    return new TxId(view, leaves.size());
  }

  /// Registers a statement.
  public LedgerForge entry(byte[] statement) {
    return entry(statement, Hash.ofData(statement).toBytes());
  }

  LedgerForge entry(byte[] statement, byte[] claims) {
    return add(Map.of("public:scitt.entry", statement), claims);
  }

  /// A transaction of a table that no replay reads.
  LedgerForge other() {
    return add(Map.of("public:ccf.gov.proposals", new byte[100]), new byte[32]);
  }

  /// Signs the tree so far, by node and service.
  public LedgerForge sign() {
    return sign(root(), node, service);
  }

  LedgerForge sign(Hash root, KeyPair byNode, KeyPair byService) {
    Map<String, byte[]> writes = nodeWrite(root, byNode);
    writes.put("public:ccf.internal.cose_signatures", coseWrite(root, byService));
    return add(writes, new byte[32]);
  }

  /// Signs by a node alone, as services did before receipts were COSE.
  public LedgerForge signByNode() {
    return add(nodeWrite(root(), node), new byte[32]);
  }

  /// Registers a statement in the very transaction that signs what is before it.
  LedgerForge signWithEntry(byte[] statement) {
    Map<String, byte[]> writes = new LinkedHashMap<>();
    writes.put("public:scitt.entry", statement);
    writes.put("public:ccf.internal.cose_signatures", coseWrite(root(), service));
    return add(writes, Hash.ofData(statement).toBytes());
  }

  private Map<String, byte[]> nodeWrite(Hash root, KeyPair byNode) {
    Map<String, byte[]> writes = new LinkedHashMap<>();
    writes.put(
        "public:ccf.internal.signatures",
        "{\"node\":\"%s\",\"seqno\":%d,\"view\":%d,\"root\":\"%s\",\"sig\":\"%s\"}"
            .formatted(
                NODE,
                leaves.size(),
                view,
                root,
                Base64.getEncoder().encodeToString(nodeSignature(root, byNode)))
            .getBytes(StandardCharsets.UTF_8));
    return writes;
  }

  private byte[] coseWrite(Hash root, KeyPair byService) {
    return "\"%s\""
        .formatted(Base64.getEncoder().encodeToString(coseSignature(root, byService, next())))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] nodeSignature(Hash root, KeyPair key) {
    try {
      Signature signer = Signature.getInstance("NONEwithECDSA");
      signer.initSign(key.getPrivate());
      signer.update(root.toBytes());
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] coseSignature(Hash root, KeyPair key, TxId at) {
    try {
      byte[] header =
          new CborWriter()
              .map(5)
              .integer(1)
              .integer(-35)
              .integer(4)
              .bytes(
                  CoseKey.of(key.getPublic())
                      .spkiSha256()
                      .toHex()
                      .getBytes(StandardCharsets.US_ASCII))
              .integer(395)
              .integer(2)
              .integer(15)
              .map(1)
              .integer(1)
              .text(ScittForge.SERVICE)
              .text("ccf.v1")
              .map(1)
              .text("txid")
              .text(at.toString())
              .toBytes();
      return new CborWriter()
          .tag(18)
          .array(4)
          .bytes(header)
          .map(0)
          .nil()
          .bytes(
              ScittForge.signature(header, root.toBytes(), CoseAlgorithm.ES384, key.getPrivate()))
          .toBytes();
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  /// A recovery: a new service key in a view that is two on.
  public LedgerForge recover(boolean endorse) {
    before = service;
    service = ScittForge.ec("secp384r1");
    view += 2;
    Map<String, byte[]> writes = new LinkedHashMap<>();
    writes.put("public:ccf.gov.service.info", json("cert", pem(service)));
    if (endorse) {
      writes.putAll(endorsement(before, service));
    }
    return add(writes, new byte[32]);
  }

  /// The service opens after a recovery, and says which key its own goes on from.
  public LedgerForge open() {
    return endorse(before, service);
  }

  LedgerForge endorse(KeyPair previous, KeyPair by) {
    return add(endorsement(previous, by), new byte[32]);
  }

  private static Map<String, byte[]> endorsement(KeyPair previous, KeyPair by) {
    byte[] header = new CborWriter().map(1).integer(1).integer(-35).toBytes();
    byte[] message =
        ScittForge.sign(
            header, previous.getPublic().getEncoded(), CoseAlgorithm.ES384, by.getPrivate());
    return Map.of(
        "public:ccf.internal.previous_service_identity_endorsement",
        json("endorsement", Base64.getEncoder().encodeToString(message)));
  }

  /// The root over all transactions.
  public Hash root() {
    return root(0, leaves.size());
  }

  private Hash root(int from, int to) {
    if (to - from == 1) {
      return leaves.get(from);
    }
    int half = from + Integer.highestOneBit(to - from - 1);
    byte[] pair = new byte[64];
    root(from, half).copyTo(pair, 0);
    root(half, to).copyTo(pair, 32);
    return Hash.ofData(pair);
  }

  private LedgerForge add(Map<String, byte[]> writes, byte[] claims) {
    byte[] evidence = Hash.ofData(next().toString().getBytes(StandardCharsets.US_ASCII)).toBytes();
    byte[] domain = domain(writes, claims, evidence);
    byte[] hidden = new byte[leaves.size() % 3 * 70_000];
    int size = 36 + domain.length + hidden.length;
    ByteBuffer record = ByteBuffer.allocate(8 + size).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(1 | (long) size << 16);
    record.put(new byte[16]).putLong(leaves.size()).putInt((int) view);
    record.putLong(domain.length).put(domain).put(hidden);
    byte[] all = new byte[96];
    Hash.ofData(record.array()).copyTo(all, 0);
    System.arraycopy(evidence, 0, all, 32, 32);
    System.arraycopy(claims, 0, all, 64, 32);
    leaves.add(Hash.ofData(all));
    records.add(record.array());
    return this;
  }

  private byte[] domain(Map<String, byte[]> writes, byte[] claims, byte[] evidence) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(4);
    number(out, leaves.size());
    out.writeBytes(claims);
    out.writeBytes(evidence);
    number(out, 0);
    writes.forEach((table, value) -> {
      part(out, table.getBytes(StandardCharsets.UTF_8));
      number(out, -1);
      number(out, 0);
      number(out, 1);
      part(out, table.contains(".nodes.") ? NODE.getBytes(StandardCharsets.US_ASCII) : new byte[8]);
      part(out, value);
      number(out, 0);
    });
    return out.toByteArray();
  }

  private static void part(ByteArrayOutputStream out, byte[] bytes) {
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /// The file with transactions `[from, to]`.
  public byte[] file(int from, int to, boolean finished) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteArrayOutputStream positions = new ByteArrayOutputStream();
    for (byte[] record : records.subList(from - 1, to)) {
      positions.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(8 + body.size()).array());
      body.writeBytes(record);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    number(file, finished ? 8 + body.size() : 0);
    file.writeBytes(body.toByteArray());
    if (finished) {
      file.writeBytes(positions.toByteArray());
    }
    return file.toByteArray();
  }

  public int transactions() {
    return records.size();
  }
}
