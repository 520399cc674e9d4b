package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A COSE_Sign1 message with its tag (RFC 9052 section 4.2), parsed and not verified. A class for
/// its arrays; immutable.
public final class CoseSign1 {
  /// The longest message in bytes: services take statements up to 1 MiB, and receipts come on top.
  public static final int MAX_BYTES = 4 << 20;

  private static final long TAG = 18;

  /// `["Signature1", protected, external_aad = h'', payload]` up to `protected`.
  private static final byte[] CONTEXT = context();

  private final byte[] bytes;
  private final Cbor.Bytes protectedBytes;
  private final Headers protectedHeaders;
  private final Headers unprotected;
  private final Optional<Cbor.Bytes> payload;
  private final Cbor.Bytes signature;

  private CoseSign1(
      byte[] bytes,
      Cbor.Bytes protectedBytes,
      Headers protectedHeaders,
      Headers unprotected,
      Optional<Cbor.Bytes> payload,
      Cbor.Bytes signature) {
    this.bytes = bytes;
    this.protectedBytes = protectedBytes;
    this.protectedHeaders = protectedHeaders;
    this.unprotected = unprotected;
    this.payload = payload;
    this.signature = signature;
  }

  /// Reads a message strictly: tag 18 once, four parts, no label in both headers. The array is kept
  /// and must not be written to.
  public static CoseSign1 parse(byte[] bytes) throws MalformedCoseException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedCoseException(
          "COSE_Sign1: %d bytes (expected: <= %d)".formatted(bytes.length, MAX_BYTES));
    }
    return of(bytes, CborReader.read(bytes));
  }

  /// The message that an item is.
  ///
  /// @param bytes what the item was read from
  static CoseSign1 of(byte[] bytes, Cbor item) throws MalformedCoseException {
    if (!(item instanceof Cbor.Tagged(long tag, Cbor inner)) || tag != TAG) {
      throw new MalformedCoseException(
          "COSE_Sign1: %s (expected: tag 18)".formatted(Shown.item(item)));
    }
    if (!(inner instanceof Cbor.Array(List<Cbor> parts)) || parts.size() != 4) {
      throw new MalformedCoseException(
          "COSE_Sign1: %s in tag 18 (expected: an array of 4)".formatted(Shown.item(inner)));
    }
    Cbor.Bytes protectedBytes = part(parts.get(0), "protected header");
    Headers protectedHeaders = protectedHeaders(protectedBytes);
    if (!(parts.get(1) instanceof Cbor.Table unprotectedTable)) {
      throw wrong("unprotected header", parts.get(1), "a map");
    }
    Headers unprotected = new Headers("unprotected header", unprotectedTable);
    for (Cbor label : unprotected.labels()) {
      if (protectedHeaders.has(label)) {
        throw new MalformedCoseException(
            "header %s: in both headers (expected: in one)".formatted(Shown.item(label)));
      }
    }
    Optional<Cbor.Bytes> payload =
        parts.get(2) instanceof Cbor.Nil
            ? Optional.empty()
            : Optional.of(part(parts.get(2), "payload"));
    return new CoseSign1(
        bytes,
        protectedBytes,
        protectedHeaders,
        unprotected,
        payload,
        part(parts.get(3), "signature"));
  }

  private static Headers protectedHeaders(Cbor.Bytes encoded) throws MalformedCoseException {
    if (encoded.length() == 0) {
      return new Headers("protected header", new Cbor.Table(new LinkedHashMap<>()));
    }
    try {
      if (CborReader.read(encoded) instanceof Cbor.Table table) {
        return new Headers("protected header", table);
      }
    } catch (MalformedCoseException e) {
      throw new MalformedCoseException("protected header: " + e.getMessage(), e);
    }
    throw new MalformedCoseException("protected header: no map in its bytes");
  }

  private static Cbor.Bytes part(Cbor item, String name) throws MalformedCoseException {
    if (item instanceof Cbor.Bytes found) {
      return found;
    }
    throw wrong(name, item, "bytes");
  }

  private static MalformedCoseException wrong(String name, Cbor found, String expected) {
    return new MalformedCoseException(
        "%s: %s (expected: %s)".formatted(name, Shown.item(found), expected));
  }

  /// The protected header.
  Headers protectedHeaders() {
    return protectedHeaders;
  }

  /// The unprotected header, which nobody signed.
  Headers unprotected() {
    return unprotected;
  }

  /// The payload; empty if it is detached.
  public Optional<Cbor.Bytes> payload() {
    return payload;
  }

  /// The signature.
  Cbor.Bytes signature() {
    return signature;
  }

  /// A copy of the whole message.
  public byte[] toBytes() {
    return bytes.clone();
  }

  /// What the signature is over (RFC 9052 section 4.4), the protected header as it was received.
  byte[] toBeSigned(Cbor.Bytes over) {
    byte[] headerHead = CborWriter.encodedHead(2, protectedBytes.length());
    byte[] payloadHead = CborWriter.encodedHead(2, over.length());
    byte[] all =
        new byte
            [CONTEXT.length
                + headerHead.length
                + protectedBytes.length()
                + 1
                + payloadHead.length
                + over.length()];
    int at = put(all, 0, CONTEXT, 0, CONTEXT.length);
    at = put(all, at, headerHead, 0, headerHead.length);
    at = put(all, at, protectedBytes.buffer(), protectedBytes.from(), protectedBytes.length());
    all[at++] = 0x40;
    at = put(all, at, payloadHead, 0, payloadHead.length);
    put(all, at, over.buffer(), over.from(), over.length());
    return all;
  }

  private static int put(byte[] target, int at, byte[] source, int from, int length) {
    System.arraycopy(source, from, target, at, length);
    return at + length;
  }

  /// SHA-256 of the message with the whole unprotected header emptied: what a CCF ledger binds a
  /// receipt to.
  Hash claimsDigest() {
    MessageDigest sha256 = sha256();
    emptied(sha256);
    return Hash.of(sha256.digest());
  }

  private void emptied(MessageDigest digest) {
    digest.update((byte) 0xd2);
    digest.update((byte) 0x84);
    add(digest, protectedBytes);
    digest.update((byte) 0xa0);
    payload.ifPresentOrElse(found -> add(digest, found), () -> digest.update((byte) 0xf6));
    add(digest, signature);
  }

  private static void add(MessageDigest digest, Cbor.Bytes part) {
    digest.update(CborWriter.encodedHead(2, part.length()));
    part.addTo(digest);
  }

  /// The message with the whole unprotected header emptied, as a CCF ledger keeps it.
  public byte[] toEmptied() {
    CborWriter writer = new CborWriter().tag(TAG).array(4).bytes(protectedBytes.toBytes()).map(0);
    payload.ifPresentOrElse(found -> writer.bytes(found.toBytes()), writer::nil);
    return writer.bytes(signature.toBytes()).toBytes();
  }

  /// The message without that label in its unprotected header; the bytes as they came if it is not
  /// there.
  byte[] without(Cbor label) {
    if (!unprotected.has(label)) {
      return toBytes();
    }
    var rest = new LinkedHashMap<>(unprotected.table().entries());
    rest.remove(label);
    CborWriter writer =
        new CborWriter().tag(TAG).array(4).item(protectedBytes).item(new Cbor.Table(rest));
    payload.ifPresentOrElse(writer::item, writer::nil);
    return writer.item(signature).toBytes();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static byte[] context() {
    byte[] name = "Signature1".getBytes(StandardCharsets.US_ASCII);
    byte[] context = new byte[2 + name.length];
    context[0] = (byte) 0x84;
    context[1] = (byte) (0x60 | name.length);
    System.arraycopy(name, 0, context, 2, name.length);
    return context;
  }
}
