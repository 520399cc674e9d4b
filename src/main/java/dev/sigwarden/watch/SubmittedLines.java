package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import dev.sigwarden.entry.IssuedCertificate;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Lines of one allowlist that came through the API, in memory: digests in packed tables, as those
/// of files, that grow and shrink line by line. Thread-safe; asked for entries only that a watch
/// selected.
final class SubmittedLines {
  /// A packed set that makes itself larger.
  private static final class Growing {
    private final Algorithm algorithm;
    private DigestTable table;
    private int capacity = 64;
    private int size;

    Growing(Algorithm algorithm) {
      this.algorithm = algorithm;
      this.table = new DigestTable(algorithm, capacity);
    }

    void add(byte[] digest) {
      if (table.contains(digest)) {
        return;
      }
      if (size == capacity) {
        capacity = Math.multiplyExact(capacity, 2);
        DigestTable larger = new DigestTable(algorithm, capacity);
        table.copyTo(larger);
        table = larger;
      }
      table.add(digest);
      size++;
    }

    void remove(byte[] digest) {
      if (table.contains(digest)) {
        table.remove(digest);
        size--;
      }
    }
  }

  private final Map<Algorithm, Growing> digests = new EnumMap<>(Algorithm.class);
  private final Growing certificates = new Growing(Algorithm.SHA256);

  /// Rules by their lines, since one that is revoked has to be found.
  private final Map<String, CertificateRule> rules = new LinkedHashMap<>();

  private CertificateRules compiled = CertificateRules.NONE;
  private boolean stale;

  /// Adds a line or takes it off; one in another form than its own changes nothing.
  synchronized void change(String line, boolean allowed) {
    AllowlistLine reader = new AllowlistLine();
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    if (!reader.read(bytes, bytes.length).isEmpty()) {
      return;
    }
    CertificateRule rule = reader.rule();
    Algorithm algorithm = reader.algorithm();
    if (rule != null) {
      stale = true;
      if (allowed) {
        rules.put(line, rule);
      } else {
        rules.remove(line);
      }
    } else if (algorithm != null) {
      byte[] value = new byte[algorithm.length()];
      reader.copyTo(value, algorithm);
      Growing set =
          reader.isCertificate() ? certificates : digests.computeIfAbsent(algorithm, Growing::new);
      if (allowed) {
        set.add(value);
      } else {
        set.remove(value);
      }
    }
  }

  /// Digests and rules.
  synchronized int size() {
    return certificates.size
        + rules.size()
        + digests.values().stream().mapToInt(set -> set.size).sum();
  }

  synchronized boolean contains(Digest digest) {
    Growing set = digests.get(digest.algorithm());
    return set != null && set.table.contains(digest.toBytes());
  }

  /// Which line covers the certificate, in words; empty if none does.
  synchronized Optional<String> covers(IssuedCertificate certificate) {
    Digest tbs = certificate.tbsSha256();
    if (certificates.table.contains(tbs.toBytes())) {
      return Optional.of("certificate tbs:" + tbs.toHex());
    }
    if (stale) {
      CertificateRules fresh = new CertificateRules();
      rules.values().forEach(rule -> addIfRoom(fresh, rule));
      compiled = fresh;
      stale = false;
    }
    return compiled.covers(certificate);
  }

  /// What is beyond the bound was refused when it was handed in.
  private static void addIfRoom(CertificateRules rules, CertificateRule rule) {
    boolean _ = rules.add(rule);
  }

  /// Whether the lines fit in, counted as if none of them were there.
  synchronized boolean hasRoomFor(Submission submission) {
    long authorities =
        rules.keySet().stream().filter(SubmittedLines::isAuthority).count()
            + submission.lines().keySet().stream().filter(SubmittedLines::isAuthority).count();
    int more = submission.lines().size();
    return size() + more <= AllowlistFile.MAX_DIGESTS
        && rules.size() + more <= CertificateRules.MAX_RULES
        && authorities <= CertificateRules.MAX_AUTHORITIES;
  }

  private static boolean isAuthority(String line) {
    return line.startsWith(CertificateRule.CA);
  }
}
