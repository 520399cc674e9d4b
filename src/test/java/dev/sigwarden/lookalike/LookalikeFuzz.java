package dev.sigwarden.lookalike;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Any two subjects are taken apart, unveiled and compared; the index never overlooks what plain
/// comparison finds.
class LookalikeFuzz {
  /// The subjects stand on two lines.
  @FuzzTest
  void compare(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int line = text.indexOf('\n');
    String watched = line < 0 ? text : text.substring(0, line);
    String seen = line < 0 ? text : text.substring(line + 1);

    Unveiled unveiled = Unveiled.of(seen);
    assertThat(
            Confusables.isAscii(unveiled.plain())
                || !Confusables.isAscii(seen)
                || unveiled.punycode()
                || seen.indexOf('%') >= 0)
        .isTrue();
    if (Unveiled.isPlain(seen, 0, seen.length()) && seen.length() <= Unveiled.MAX_CHARS) {
      assertThat(unveiled.plain()).isEqualTo(seen);
    }
    assertThat(Difference.between(watched, seen)).hasSizeLessThan(2_000);

    Place place = Place.of(unveiled.plain());
    assertThat(place.with(place.host(), place.first(), place.second())).isEqualTo(place.text());
    found(Place.of(Unveiled.of(watched).plain()), place);
  }

  private static void found(Place watched, Place seen) {
    if (isLong(watched) || isLong(seen)) {
      return;
    }
    boolean first = isSame(watched.first(), seen.first());
    boolean second = isSame(watched.second(), seen.second());
    boolean near = first && second;
    near |= first && isEdited(watched.second(), seen.second());
    near |= second && isEdited(watched.first(), seen.first());
    Nearby.Builder exact = new Nearby.Builder();
    exact.add(watched, false, 7);
    if (near) {
      assertThat(exact.build().find(seen)).isNotNull().matches(found -> found.get(7));
    }
    Nearby.Builder any = new Nearby.Builder();
    any.add(watched, true, 9);
    if (first || isEdited(watched.first(), seen.first())) {
      assertThat(any.build().find(seen)).isNotNull().matches(found -> found.get(9));
    }
  }

  /// What the index takes for the same: other letters than those of ASCII were replaced before.
  private static boolean isSame(String one, String other) {
    return Confusables.isAscii(one)
        && Confusables.isAscii(other)
        && Confusables.alike(one, other, true);
  }

  private static boolean isEdited(String one, String other) {
    return !one.isEmpty()
        && !other.isEmpty()
        && distance(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT)) == 1;
  }

  private static boolean isLong(Place place) {
    return place.first().length() > 100 || place.second().length() > 100;
  }

  /// Optimal string alignment distance, the long way.
  static int distance(String one, String other) {
    int[][] d = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[one.length()][other.length()];
  }
}
