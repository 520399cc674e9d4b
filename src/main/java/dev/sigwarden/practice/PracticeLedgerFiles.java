package dev.sigwarden.practice;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The files of a practice ledger. CCF `src/host/ledger.h`; numbers are little-endian.
final class PracticeLedgerFiles {
  private static final int FILE_HEADER_BYTES = 8;

  private PracticeLedgerFiles() {}

  /// Cuts transactions into files where they say so.
  ///
  /// @param transactions from the first one on
  static Map<String, byte[]> of(List<PracticeTransaction> transactions) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    int from = 0;
    for (int at = 0; at < transactions.size(); at++) {
      boolean last = at + 1 == transactions.size();
      boolean ends =
          transactions.get(at).endsFile() || (!last && transactions.get(at + 1).beginsFile());
      if (ends || last) {
        String name =
            ends
                ? "ledger_%d-%d.committed".formatted(from + 1, at + 1)
                : "ledger_%d".formatted(from + 1);
        files.put(name, file(transactions.subList(from, at + 1), ends));
        from = at + 1;
      }
    }
    return files;
  }

  /// One file.
  ///
  /// @param finished whether it has its list of positions
  static byte[] file(List<PracticeTransaction> transactions, boolean finished) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteArrayOutputStream positions = new ByteArrayOutputStream();
    for (PracticeTransaction transaction : transactions) {
      number(positions, FILE_HEADER_BYTES + body.size(), Integer.BYTES);
      body.writeBytes(transaction.bytes());
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    number(file, finished ? FILE_HEADER_BYTES + body.size() : 0, Long.BYTES);
    file.writeBytes(body.toByteArray());
    if (finished) {
      file.writeBytes(positions.toByteArray());
    }
    return file.toByteArray();
  }

  static void number(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (Byte.SIZE * i)));
    }
  }
}
