package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// One transaction of a practice ledger, as it is in a file: a write set with claims and commit
/// evidence, nothing of it encrypted. CCF `src/kv/serialised_entry_format.h` and
/// `src/host/ledger.h`; numbers are little-endian. Immutable.
public final class PracticeTransaction {
  /// The only key of tables that hold one value.
  static final byte[] ONLY = new byte[8];

  /// The flag of a transaction that a file ends with, and that of one that a file begins with.
  static final int ENDS_FILE = 1;

  static final int BEGINS_FILE = 2;

  private static final int WITH_CLAIMS_AND_EVIDENCE = 4;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 8;
  private static final int TAG_BYTES = 16;
  private static final int FRAME_BYTES = TAG_BYTES + 12 + 8;

  private final PracticeTxId id;
  private final int flags;
  private final byte[] bytes;
  private final Hash transactionHash;
  private final String evidence;
  private final Hash claims;
  private final Optional<byte[]> statement;
  private final Optional<PracticeRoot> root;

  private PracticeTransaction(Draft draft, SecureRandom random) {
    this.id = draft.id;
    this.flags = draft.flags;
    this.claims = draft.claims;
    this.statement = draft.statement;
    this.root = draft.root;
    byte[] nonce = new byte[Hash.LENGTH];
    random.nextBytes(nonce);
    this.evidence = "ce:%s:%s".formatted(id, HexFormat.of().formatHex(nonce));
    this.bytes = encoded(draft.writes, random);
    this.transactionHash = Hash.ofData(bytes);
  }

  /// Gathers what a transaction writes.
  static final class Draft {
    private final PracticeTxId id;
    private final List<Write> writes = new ArrayList<>();
    private int flags;
    private Hash claims = Hash.of(new byte[Hash.LENGTH]);
    private Optional<byte[]> statement = Optional.empty();
    private Optional<PracticeRoot> root = Optional.empty();

    Draft(PracticeTxId id) {
      this.id = id;
    }

    Draft flags(int value) {
      flags = value;
      return this;
    }

    Draft write(String table, byte[] key, byte[] value) {
      writes.add(new Write(table, key, value));
      return this;
    }

    Draft write(String table, String value) {
      return write(table, ONLY, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Registers a statement, which the transaction claims.
    Draft statement(byte[] value) {
      statement = Optional.of(value.clone());
      claims = Hash.ofData(value);
      return write("public:scitt.entry", ONLY, value);
    }

    /// Claims something else than it holds.
    Draft claims(Hash value) {
      claims = value;
      return this;
    }

    Draft root(PracticeRoot value) {
      root = Optional.of(value);
      return this;
    }

    PracticeTransaction build(SecureRandom random) {
      return new PracticeTransaction(this, random);
    }
  }

  /// One written value. A class for its arrays.
  private static final class Write {
    private final String table;
    private final byte[] key;
    private final byte[] value;

    Write(String table, byte[] key, byte[] value) {
      this.table = table;
      this.key = key;
      this.value = value;
    }
  }

  private byte[] encoded(List<Write> writes, SecureRandom random) {
    byte[] domain = domain(writes);
    long size = FRAME_BYTES + (long) domain.length;
    byte[] tag = new byte[TAG_BYTES];
    random.nextBytes(tag);
    return ByteBuffer.allocate(HEADER_BYTES + FRAME_BYTES + domain.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(VERSION | flags << Byte.SIZE | size << Short.SIZE)
        .put(tag)
        .putLong(id.seqno())
        .putInt((int) id.view())
        .putLong(domain.length)
        .put(domain)
        .array();
  }

  private byte[] domain(List<Write> writes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(WITH_CLAIMS_AND_EVIDENCE);
    number(out, id.seqno());
    out.writeBytes(claims.toBytes());
    out.writeBytes(Hash.ofData(evidence.getBytes(StandardCharsets.UTF_8)).toBytes());
    number(out, 0);
    for (Write write : writes) {
      part(out, write.table.getBytes(StandardCharsets.UTF_8));
      number(out, 0);
      number(out, 0);
      number(out, 1);
      part(out, write.key);
      part(out, write.value);
      number(out, 0);
    }
    return out.toByteArray();
  }

  private static void part(ByteArrayOutputStream out, byte[] bytes) {
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (value >>> shift));
    }
  }

  /// Its view and place.
  public PracticeTxId id() {
    return id;
  }

  /// The statement that it registered, if it did.
  public Optional<byte[]> statement() {
    return statement.map(byte[]::clone);
  }

  /// The root that it signed, if it did.
  Optional<PracticeRoot> root() {
    return root;
  }

  boolean endsFile() {
    return (flags & ENDS_FILE) != 0;
  }

  boolean beginsFile() {
    return (flags & BEGINS_FILE) != 0;
  }

  /// As it is in a file; not to be written to.
  byte[] bytes() {
    return bytes;
  }

  /// SHA-256(transaction || SHA-256(evidence) || claims).
  Hash leaf() {
    byte[] all = new byte[3 * Hash.LENGTH];
    transactionHash.copyTo(all, 0);
    Hash.ofData(evidence.getBytes(StandardCharsets.UTF_8)).copyTo(all, Hash.LENGTH);
    claims.copyTo(all, 2 * Hash.LENGTH);
    return Hash.ofData(all);
  }

  /// What an inclusion proof says of its leaf. draft-ietf-scitt-receipts-ccf-profile section 3.
  byte[] leafParts() {
    return new PracticeCbor()
        .array(3)
        .bytes(transactionHash.toBytes())
        .text(evidence)
        .bytes(claims.toBytes())
        .toBytes();
  }
}
