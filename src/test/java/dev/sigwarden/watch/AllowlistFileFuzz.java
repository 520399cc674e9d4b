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
          "[ \t\r]*\\\\?(?:(sha256|sha384|sha512):)?([0-9a-fA-F]+)([ \t\r].*)?", Pattern.DOTALL);

  @FuzzTest
  void load(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("allowlist", ".txt");
    try {
      Files.write(file, bytes);
      List<Digest> expected = new ArrayList<>();
      boolean good = read(new String(bytes, StandardCharsets.ISO_8859_1), expected);
      switch (AllowlistFile.load(file)) {
        case AllowlistFile.Loaded.Content content -> {
          assertThat(good).as("a list").isTrue();
          assertThat(content.count()).isEqualTo(expected.size());
          assertThat(expected).allMatch(content::contains);
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

  private static boolean read(String text, List<Digest> digests) {
    boolean good = true;
    String content = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    for (String line : content.split("\n", -1)) {
      Matcher digest = DIGEST.matcher(line);
      good &= line.length() <= AllowlistLine.MAX_BYTES - 3;
      if (digest.matches()) {
        good &= add(digest.group(1), digest.group(2), digests);
      } else {
        good &= NOTHING.matcher(line).matches();
      }
    }
    return good;
  }

  private static boolean add(String label, String hex, List<Digest> digests) {
    for (Algorithm algorithm : Algorithm.values()) {
      boolean named = label == null || label.equals(algorithm.label());
      if (named && hex.length() == 2 * algorithm.length()) {
        digests.add(Digest.of(algorithm, HexFormat.of().parseHex(hex)));
        return true;
      }
    }
    return false;
  }
}
