package dev.sigwarden.lookalike;

import com.ibm.icu.text.SpoofChecker;
import java.util.Locale;

/// Which texts are drawn alike: the skeletons of UTS 39 section 4, with ICU's data. Thread-safe.
public final class Confusables {
  private static final SpoofChecker CHECKER =
      new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

  /// The skeleton of each ASCII character, which does not depend on its neighbours.
  private static final String[] ASCII = new String[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = CHECKER.getSkeleton(Character.toString(c));
    }
  }

  private Confusables() {}

  /// The skeleton: texts with the same one are drawn alike. Invisible characters leave nothing.
  public static String skeleton(String text) {
    if (!isAscii(text)) {
      return CHECKER.getSkeleton(text);
    }
    StringBuilder skeleton = new StringBuilder(text.length() + 4);
    for (int i = 0; i < text.length(); i++) {
      skeleton.append(ASCII[text.charAt(i)]);
    }
    return skeleton.toString();
  }

  static String skeletonOfAscii(int c) {
    return ASCII[c];
  }

  /// Whether two different texts are drawn alike.
  ///
  /// @param ignoreCase whether capitals count as their small letters too
  public static boolean alike(String one, String other, boolean ignoreCase) {
    String first = skeleton(one);
    String second = skeleton(other);
    return first.equals(second) || (ignoreCase && small(first).equals(small(second)));
  }

  private static String small(String skeleton) {
    return skeleton(skeleton.toLowerCase(Locale.ROOT));
  }

  /// Whether the texts are drawn alike and one of them mixes scripts: UTS 39 section 4,
  /// mixed-script confusables that are not whole-script ones.
  public static boolean mixesScripts(String one, String other) {
    int how = CHECKER.areConfusable(one, other);
    return (how & SpoofChecker.MIXED_SCRIPT_CONFUSABLE) != 0
        && (how & SpoofChecker.WHOLE_SCRIPT_CONFUSABLE) == 0;
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }
}
