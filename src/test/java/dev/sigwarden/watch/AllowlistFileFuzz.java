package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Any file is the list that a plain reader of its lines finds, or broken where that one finds a
/// bad line.
class AllowlistFileFuzz {
  private static final Pattern NOTHING = Pattern.compile("[ \t\r]*(#.*)?", Pattern.DOTALL);
  private static final Pattern DIGEST =
      Pattern.compile(
          "[ \t\r]*\\\\?(?:(sha256|sha384|sha512|tbs):)?([0-9a-fA-F]+)([ \t\r].*)?",
          Pattern.DOTALL);
  private static final Pattern DUE =
      Pattern.compile(
          "[ \t\r]*due:(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)[ \t\r]+"
              + "(?:log:[A-Za-z0-9][A-Za-z0-9._-]{0,63}[ \t\r]+)?([^ \t\r].*)",
          Pattern.DOTALL);
  private static final Pattern RULE = Pattern.compile("[ \t\r]*((?:spki|ca):.*)", Pattern.DOTALL);

  /// What a list holds.
  private record Lines(
      List<Digest> digests, List<Digest> certificates, List<CertificateRule> rules) {
    int count() {
      return digests.size() + certificates.size() + rules.size();
    }
  }

  @FuzzTest
  void load(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("allowlist", ".txt");
    try {
      Files.write(file, bytes);
      Lines expected = new Lines(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      boolean good = read(new String(bytes, StandardCharsets.ISO_8859_1), expected);
      switch (AllowlistFile.load(file)) {
        case AllowlistFile.Loaded.Content content -> {
          assertThat(good).as("a list").isTrue();
          assertThat(content.count()).isEqualTo(expected.count());
          assertThat(expected.digests()).allMatch(content::contains);
          assertThat(expected.certificates())
              .allMatch(tbs -> content.certificates().contains(tbs.toBytes()));
        }
        case AllowlistFile.Loaded.Broken(String reason) -> {
          assertThat(good).as(reason).isFalse();
          assertThat(reason.codePoints()).hasSizeLessThan(4_000).allMatch(Sanitizer::isShown);
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  private static boolean read(String text, Lines lines) {
    boolean good = true;
    String content = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    for (String line : content.split("\n", -1)) {
      Matcher due = DUE.matcher(line);
      Matcher digest = DIGEST.matcher(due.matches() ? due.group(2) : line);
      Matcher rule = RULE.matcher(line);
      good &= line.length() <= AllowlistLine.MAX_BYTES - 3;
      good &= !due.matches() || (isTime(due.group(1)) && digest.matches());
      if (digest.matches()) {
        good &= add(digest.group(1), digest.group(2), lines);
      } else if (rule.matches()) {
        good &= add(rule.group(1), lines);
      } else {
        good &= NOTHING.matcher(line).matches();
      }
    }
    return good;
  }

  private static boolean isTime(String text) {
    try {
      return Instant.parse(text) != null;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private static boolean add(String rule, Lines lines) {
    try {
      byte[] bytes = rule.getBytes(StandardCharsets.ISO_8859_1);
      CertificateRule read = CertificateRule.parse(new String(bytes, StandardCharsets.UTF_8));
      assertThat(CertificateRule.parse(read.line())).isEqualTo(read);
      lines.rules().add(read);
      return true;
    } catch (MalformedKeyException _) {
      return false;
    }
  }

  private static boolean add(String label, String hex, Lines lines) {
    boolean certificate = "tbs".equals(label);
    for (Algorithm algorithm : Algorithm.values()) {
      boolean named =
          certificate
              ? algorithm == Algorithm.SHA256
              : label == null || label.equals(algorithm.label());
      if (named && hex.length() == 2 * algorithm.length()) {
        Digest digest = Digest.of(algorithm, HexFormat.of().parseHex(hex));
        (certificate ? lines.certificates() : lines.digests()).add(digest);
        return true;
      }
    }
    return false;
  }
}
