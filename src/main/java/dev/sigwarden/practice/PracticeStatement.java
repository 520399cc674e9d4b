package dev.sigwarden.practice;

import java.util.Arrays;

/// A signed statement whose unprotected header is empty, as `PracticeIssuer` makes them, and what
/// can be done to one without its key.
public final class PracticeStatement {
  private static final int RECEIPTS = 394;
  private static final int EMPTY_MAP = 0xa0;

  /// Tag 18, an array of four, and the first byte of the protected header.
  private static final int HEADER_AT = 2;

  private static final int BYTES = 2;
  private static final int ONE_BYTE_LENGTH = 24;
  private static final int TWO_BYTE_LENGTH = 25;

  private PracticeStatement() {}

  /// The statement with these receipts; anything that is no statement as it is.
  public static byte[] withReceipts(byte[] statement, byte[]... receipts) {
    int at = unprotectedAt(statement);
    if (at < 0) {
      return statement.clone();
    }
    PracticeCbor out =
        new PracticeCbor()
            .encoded(Arrays.copyOf(statement, at))
            .map(1)
            .integer(RECEIPTS)
            .array(receipts.length);
    for (byte[] receipt : receipts) {
      out.bytes(receipt);
    }
    return out.encoded(Arrays.copyOfRange(statement, at + 1, statement.length)).toBytes();
  }

  /// Where the unprotected header stands; -1 if it is not where such a statement has it.
  private static int unprotectedAt(byte[] statement) {
    if (statement.length < HEADER_AT + 3
        || (statement[0] & 0xff) != 0xd2
        || (statement[1] & 0xff) != 0x84
        || (statement[HEADER_AT] & 0xff) >> 5 != BYTES) {
      return -1;
    }
    int argument = statement[HEADER_AT] & 0x1f;
    int first = statement[HEADER_AT + 1] & 0xff;
    int second = statement[HEADER_AT + 2] & 0xff;
    int length =
        switch (argument) {
          case ONE_BYTE_LENGTH -> 2 + first;
          case TWO_BYTE_LENGTH -> 3 + (first << Byte.SIZE) + second;
          default -> 1 + argument;
        };
    int at = HEADER_AT + length;
    return at < statement.length && (statement[at] & 0xff) == EMPTY_MAP ? at : -1;
  }
}
