package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.List;

/// An entry of a CCF ledger as its service hands it out: any COSE_Sign1 message, with receipts in
/// its unprotected header. Whether it is a statement that can be read is another matter: its place
/// in the ledger is proven without. Parsed, nothing verified.
public final class LoggedMessage {
  /// The longest entry with its receipts, in bytes: services take statements of 1 MiB.
  public static final int MAX_BYTES = 2 << 20;

  private final CoseSign1 message;
  private final List<Cbor.Bytes> receipts;

  private LoggedMessage(CoseSign1 message, List<Cbor.Bytes> receipts) {
    this.message = message;
    this.receipts = receipts;
  }

  /// Reads an entry strictly. The array is kept and must not be written to.
  public static LoggedMessage parse(byte[] bytes) throws MalformedCoseException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedCoseException(
          "entry: %d bytes (expected: <= %d)".formatted(bytes.length, MAX_BYTES));
    }
    CoseSign1 message = CoseSign1.parse(bytes);
    return new LoggedMessage(message, SignedStatement.receipts(message.unprotected()));
  }

  /// The receipts, none of which was looked at.
  public List<Cbor.Bytes> receipts() {
    return receipts;
  }

  /// SHA-256 of `entry`: what a receipt binds.
  public Hash claimsDigest() {
    return message.claimsDigest();
  }

  /// The message with its unprotected header emptied: the bytes that the ledger holds.
  public byte[] entry() {
    return message.toEmptied();
  }

  /// The message as it was served.
  public byte[] toBytes() {
    return message.toBytes();
  }
}
