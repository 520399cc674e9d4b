package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import dev.sigwarden.entry.IssuedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The digests of an allowlist file, and what it says of certificates: text, one of them a line.
///
/// ```
/// # comment
/// sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 app-1.4.2.tar.gz  # ours
/// 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  app-1.4.2.tar.gz
/// 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 *app-1.4.2.tar.gz
/// tbs:5b1f…  # one certificate, whatever log has it, and its precertificate
/// spki:77aa… dns:example.com dns:.api.example.com  # certificates with this key for these names
/// ca:MFkwEwYHKo…  # certificates that this authority issued
/// due:2026-11-22T10:00:00Z log:rekor-2025 sha256:9f86…  # and has to be in that log by then
/// ```
///
/// A digest is hex in either case, with its algorithm (`sha256:`, `sha384:`, `sha512:`) or told by
/// its length, so the output of `sha256sum` and its siblings is a list as it stands, the backslash
/// before a line with an escaped file name included. What follows a digest is for people and is not
/// kept. One bad line makes the whole file bad: half a list would call releases unexpected.
///
/// The file is read twice, to count and then to fill tables of the right size, and must be the same
/// both times.
final class AllowlistFile {
  /// Digests in one file: with SHA-256 a table of 200 MB.
  static final int MAX_DIGESTS = 5_000_000;

  /// Bytes of one file: comments without end are refused as well.
  static final long MAX_FILE_BYTES = 2L << 30;

  /// Bad lines told of one file.
  private static final int MAX_PROBLEMS = 20;

  private static final int BUFFER_BYTES = 65_536;

  /// The byte order mark in UTF-8.
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /// How reading ended.
  sealed interface Loaded {
    /// The file is a list.
    ///
    /// @param digests a table for each algorithm that occurs
    /// @param certificates a table of single certificates
    /// @param rules what covers other certificates
    /// @param expected what must appear in logs, in the file's order
    /// @param count digests and rules in the file, repeated ones counted each time
    /// @param sha256 of the file, to tell whether its content changed
    /// @param terminated whether the last line has a line break; without one, and without any line,
    ///   it may be cut
    record Content(
        Map<Algorithm, DigestTable> digests,
        DigestTable certificates,
        CertificateRules rules,
        List<ExpectedEntry> expected,
        int count,
        String sha256,
        boolean terminated)
        implements Loaded {
      public Content {
        expected = List.copyOf(expected);
      }

      /// Which line covers the certificate, in words; empty if none does.
      Optional<String> covers(IssuedCertificate certificate) {
        Digest tbs = certificate.tbsSha256();
        return certificates.contains(tbs.toBytes())
            ? Optional.of("certificate tbs:" + tbs.toHex())
            : rules.covers(certificate);
      }

      boolean contains(Digest digest) {
        DigestTable table = digests.get(digest.algorithm());
        return table != null && table.contains(digest.toBytes());
      }
    }

    /// The file is none, or cannot be read.
    ///
    /// @param reason what was found where, and what was expected; printable
    record Broken(String reason) implements Loaded {}
  }

  static final Loaded.Content EMPTY =
      new Loaded.Content(
          Map.of(),
          new DigestTable(Algorithm.SHA256, 0),
          CertificateRules.NONE,
          List.of(),
          0,
          "",
          true);

  /// What the lines are handed to. Each line is in `[0, length)` of the same buffer.
  @FunctionalInterface
  private interface LineReader {
    void line(long number, byte[] buffer, int length);
  }

  private final AllowlistLine line = new AllowlistLine();
  private final int maxDigests;
  private final List<String> problems = new ArrayList<>();
  private final Map<Algorithm, Integer> counts = new EnumMap<>(Algorithm.class);
  private final Map<Algorithm, DigestTable> tables = new EnumMap<>(Algorithm.class);
  private final byte[] value = new byte[Algorithm.SHA512.length()];
  private final CertificateRules rules = new CertificateRules();
  private final List<ExpectedEntry> expected = new ArrayList<>();
  private int certificates;
  private int digests;
  private boolean terminated;
  private boolean tooLarge;

  private AllowlistFile(int maxDigests) {
    this.maxDigests = maxDigests;
  }

  /// Reads the file whole. Follows links; refuses what is no regular file.
  static Loaded load(Path file) {
    return load(file, MAX_DIGESTS);
  }

  /// The same for a list of at most `maxDigests`.
  static Loaded load(Path file, int maxDigests) {
    try {
      if (!Files.exists(file)) {
        return new Loaded.Broken("no such file");
      }
      if (!Files.isRegularFile(file)) {
        return new Loaded.Broken("not a regular file");
      }
      return new AllowlistFile(maxDigests).read(file);
    } catch (IOException e) {
      return new Loaded.Broken("cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private Loaded read(Path file) throws IOException {
    String counted = pass(file, this::count);
    if (tooLarge) {
      problems.addFirst(
          "more than %d digests, %d with due:, %d rules, %d authorities or %d bytes"
              .formatted(
                  maxDigests,
                  ExpectedEntry.MAX,
                  CertificateRules.MAX_RULES,
                  CertificateRules.MAX_AUTHORITIES,
                  MAX_FILE_BYTES));
    }
    if (!problems.isEmpty()) {
      return new Loaded.Broken(String.join("; ", problems));
    }
    counts.forEach((algorithm, count) -> tables.put(algorithm, new DigestTable(algorithm, count)));
    DigestTable certificateTable = new DigestTable(Algorithm.SHA256, certificates);
    Map<Algorithm, Integer> room = new EnumMap<>(counts);
    String filled = pass(file, (_, buffer, length) -> fill(buffer, length, room, certificateTable));
    if (!filled.equals(counted)) {
      return new Loaded.Broken("changed while it was read");
    }
    return new Loaded.Content(
        Map.copyOf(tables), certificateTable, rules, expected, digests, counted, terminated);
  }

  /// Hands every line to the reader and returns the SHA-256 of what was read.
  private String pass(Path file, LineReader reader) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    byte[] text = new byte[AllowlistLine.MAX_BYTES + 1];
    int length = 0;
    long bytes = 0;
    long lines = 0;
    terminated = false;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read > 0 && !tooLarge; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        bytes += read;
        tooLarge |= bytes > MAX_FILE_BYTES;
        for (int i = 0; i < read; i++) {
          if (buffer[i] == '\n') {
            reader.line(++lines, text, withoutMark(lines, text, length));
            length = 0;
          } else if (length <= AllowlistLine.MAX_BYTES) {
            text[length++] = buffer[i];
          }
        }
        terminated = buffer[read - 1] == '\n';
      }
    }
    if (length > 0) {
      reader.line(++lines, text, withoutMark(lines, text, length));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// Takes the byte order mark, which some editors write, off the first line.
  private static int withoutMark(long number, byte[] text, int length) {
    boolean mark =
        number == 1
            && length >= MARK.length
            && Arrays.equals(text, 0, MARK.length, MARK, 0, MARK.length);
    if (!mark) {
      return length;
    }
    System.arraycopy(text, MARK.length, text, 0, length - MARK.length);
    return length - MARK.length;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private void count(long number, byte[] buffer, int length) {
    if (problems.size() >= MAX_PROBLEMS) {
      return;
    }
    String wrong = line.read(buffer, length);
    if (!wrong.isEmpty()) {
      problems.add("line %d: %s".formatted(number, wrong));
      return;
    }
    line.expected().ifPresent(expected::add);
    tooLarge |= expected.size() > ExpectedEntry.MAX;
    Algorithm algorithm = line.algorithm();
    CertificateRule rule = line.rule();
    if (rule != null) {
      tooLarge |= !rules.add(rule) || ++digests > maxDigests;
    } else if (algorithm != null) {
      if (line.isCertificate()) {
        certificates++;
      } else {
        counts.merge(algorithm, 1, Integer::sum);
      }
      tooLarge |= ++digests > maxDigests;
    }
  }

  /// Puts the line's digest into its table while there is room: a file that grew between the passes
  /// has more digests than room, and is refused after.
  private void fill(
      byte[] buffer, int length, Map<Algorithm, Integer> room, DigestTable certificateTable) {
    line.read(buffer, length);
    Algorithm algorithm = line.algorithm();
    if (algorithm != null && line.isCertificate()) {
      if (--certificates >= 0) {
        line.copyTo(value, algorithm);
        certificateTable.add(value);
      }
      return;
    }
    DigestTable table = algorithm == null ? null : tables.get(algorithm);
    if (algorithm != null && table != null && room.merge(algorithm, -1, Integer::sum) >= 0) {
      line.copyTo(value, algorithm);
      table.add(value);
    }
  }
}
