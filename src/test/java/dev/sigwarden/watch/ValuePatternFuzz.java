package dev.sigwarden.watch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A pattern on the first line, a value behind it: globs agree with a plain implementation, and
/// what matches contains the pattern's literals.
class ValuePatternFuzz {
  /// Characters of pattern and value up to which the plain implementation is quick.
  private static final int MAX_CHARS = 500;

  @FuzzTest
  void match(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
    String value = lines.length > 1 ? lines[1] : "";
    if (lines[0].length() > MAX_CHARS || value.length() > MAX_CHARS) {
      return;
    }
    Optional<ValuePattern> pattern = read(lines[0]);
    if (pattern.isEmpty()) {
      return;
    }
    boolean matches = pattern.get().matches(value);
    if (!lines[0].startsWith("re:") && matches != ValuePatternTest.naiveGlob(lines[0], value)) {
      throw new AssertionError("glob " + lines[0] + " on " + value);
    }
    boolean literals =
        pattern.get().literals().stream().allMatch(set -> set.stream().anyMatch(value::contains));
    if (matches && !literals) {
      throw new AssertionError(lines[0] + " matches without literal: " + value);
    }
  }

  private static Optional<ValuePattern> read(String text) {
    try {
      return Optional.of(ValuePattern.of(text));
    } catch (MalformedPatternException _) {
      return Optional.empty();
    }
  }
}
