package dev.sigwarden.alert;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Any text is a matcher that its own form stands for, or refused with a reason.
class MatcherFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Matcher matcher;
    try {
      matcher = Matcher.parse(text);
    } catch (IllegalArgumentException refused) {
      if (!String.valueOf(refused.getMessage()).startsWith("matcher: ")) {
        throw new AssertionError("refused without a reason", refused);
      }
      return;
    }
    boolean holds = matcher.matches(new Labels(Map.of(Label.LOG, text)));
    Matcher again = Matcher.parse(matcher.toString());
    if (!again.equals(matcher) || again.matches(new Labels(Map.of(Label.LOG, text))) != holds) {
      throw new AssertionError("another matcher: " + matcher);
    }
    // Silences are kept one matcher a line.
    if (matcher.toString().lines().count() != 1) {
      throw new AssertionError("more than a line: " + matcher);
    }
  }
}
