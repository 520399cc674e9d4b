package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuePatternTest {
  /// Whether a glob fits, tried star by star: slow, and plainly right.
  static boolean naiveGlob(String glob, String value) {
    boolean[] fits = new boolean[value.length() + 1];
    fits[0] = true;
    for (int i = 0; i < glob.length(); i++) {
      boolean[] next = new boolean[fits.length];
      for (int j = 0; j <= value.length(); j++) {
        if (glob.charAt(i) == '*') {
          next[j] = fits[j] || (j > 0 && next[j - 1]);
        } else {
          next[j] = j > 0 && fits[j - 1] && value.charAt(j - 1) == glob.charAt(i);
        }
      }
      fits = next;
    }
    return fits[value.length()];
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, A, false",
    "a, aa, false",
    "a*, a, true",
    "a*, ba, false",
    "*a, ba, true",
    "*a*, xax, true",
    "a*a, a, false",
    "a*a, aa, true",
    "a*b*a, abxa, true",
    "a**b, ab, true",
    "a?c, abc, false",
    "a?c, a?c, true",
    "a[b]c, abc, false",
    "a\\*c, a\\xc, true",
    "https://github.com/acme/*, https://github.com/acme/app/.github/workflows/r.yml@refs/tags/v1, true",
    "https://github.com/acme/*, https://github.com/acme-evil/app, false",
    "https://github.com/acme/*, https://github.com/аcme/app, false",
    "re:a.c, abc, true",
    "re:a.c, xabc, false",
    "re:a.c, abcx, false",
    "re:a|b, b, true",
    "re:a|b, ab, false",
    "re:^a$, a, true",
  })
  void matches_values_as_a_whole(String pattern, String value, boolean expected) throws Exception {
    assertThat(ValuePattern.of(pattern).matches(value)).isEqualTo(expected);
    assertThat(ValuePattern.of(pattern).holds(value)).isEqualTo(expected);
  }

  @Test
  void a_line_break_hides_nothing() throws Exception {
    assertThat(ValuePattern.of("acme/*").matches("acme/\nx")).isTrue();
    assertThat(ValuePattern.of("re:acme/.*").matches("acme/\nx")).isTrue();
    assertThat(ValuePattern.of("re:acme/x$").matches("acme/x\n")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "re:(", "re:a{2000}", "re:((a{100}){100}){100}", "re:(?=a)", "re:\\1"})
  void refuses_what_is_no_pattern(String pattern) {
    assertThatThrownBy(() -> ValuePattern.of(pattern))
        .isInstanceOf(MalformedPatternException.class);
  }

  @Test
  void refuses_patterns_without_end() {
    assertThatThrownBy(() -> ValuePattern.of("a".repeat(ValuePattern.MAX_PATTERN_CHARS + 1)))
        .hasMessageContaining("at most 4096");
    assertThatThrownBy(() -> ValuePattern.of("re:" + "a".repeat(1_001)))
        .hasMessageContaining("at most 1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"re:(a+)+", "re:(a|a)*", "re:(a*)*b", "re:(a|aa)+"})
  void nested_repetitions_do_not_stall_on_the_longest_value(String pattern) {
    String value = "a".repeat(ValuePattern.MAX_REGEX_INPUT - 1) + "!";
    // Would take longer than the universe lasts if it tried every way to match.
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> assertThat(ValuePattern.of(pattern).matches(value)).isFalse());
  }

  @Test
  void a_value_too_long_for_an_expression_is_selected_and_never_meets_a_requirement()
      throws Exception {
    ValuePattern pattern = ValuePattern.of("re:acme-[a-z]+");
    String padded = "acme-" + "1".repeat(ValuePattern.MAX_REGEX_INPUT);
    assertThat(pattern.matches(padded)).isTrue();
    assertThat(pattern.holds(padded)).isFalse();
    assertThat(pattern.matches("1".repeat(ValuePattern.MAX_REGEX_INPUT + 1))).isFalse();
    assertThat(pattern.holds("acme-" + "a".repeat(ValuePattern.MAX_REGEX_INPUT))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"*, true", "**, true", "a*, false", "re:.*, true", "re:.+, false", "re:(?s).*, true"})
  void knows_patterns_that_fit_everything(String pattern, boolean everything) throws Exception {
    assertThat(ValuePattern.of(pattern).matchesEverything()).isEqualTo(everything);
  }

  @Test
  void globs_agree_with_a_plain_implementation() throws Exception {
    long seed = 7L;
    Random random = new Random(seed);
    for (int round = 0; round < 50_000; round++) {
      String glob = text(random, "ab*", 8) + "*";
      String value = text(random, "ab", 12);
      ValuePattern pattern = ValuePattern.of(glob);
      assertThat(pattern.matches(value))
          .as("seed %d, glob %s, value %s", seed, glob, value)
          .isEqualTo(naiveGlob(glob, value));
      if (pattern.matches(value)) {
        assertThat(pattern.literals()).allMatch(set -> set.stream().anyMatch(value::contains));
      }
    }
  }

  private static String text(Random random, String alphabet, int max) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(max); i >= 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "abc; abc",
        "abc.*; abc",
        "https://github\\.com/acme/.*; https://github.com/acme/",
        "^abc$; abc",
        "abc.*def; abc|def",
        "(abc|abd)x; abcx,abdx",
        "(?:ab|cd)(e|f); abe,abf,cde,cdf",
        "ab[.]cd; ab.cd",
        "ab[^.]cd; ab|cd",
        "ab[a-z]cd; ab|cd",
        "ab[[:alpha:]\\]]cd; ab|cd",
        "ab+cd; a|b|cd",
        "abc?; ab,abc",
        "ab{2}c; a|b|c",
        "ab{0,3}c; a|c",
        "(abc)*def; def",
        "(abc)+?def; abc|def",
        "x(?P<name>abc)y; xabcy",
        "abc.*|def.*; abc,def",
        "\\d+abc; abc",
        ".*; ''",
        "abc|.*; ''",
        "(?i)abc; ''",
        "(?i:abc)d; ''",
        "\\Qabc\\E; ''",
        "\\x61bc; ''",
        "\\pLbc; ''",
        "a{,3}b; ''",
      })
  void finds_the_literals_of_an_expression(String regex, String expected) {
    assertThat(literals(regex)).isEqualTo(expected);
  }

  @Test
  void every_match_of_an_expression_contains_its_literals() {
    long seed = 11L;
    Random random = new Random(seed);
    int matched = 0;
    for (int round = 0; round < 40_000; round++) {
      String regex = text(random, "aabbc.*+?|()[]^${}12,\\d-", 12);
      com.google.re2j.Pattern pattern;
      try {
        pattern = com.google.re2j.Pattern.compile(regex, com.google.re2j.Pattern.DOTALL);
      } catch (com.google.re2j.PatternSyntaxException notRegex) {
        continue;
      }
      List<Set<String>> literals = RegexLiterals.of(regex);
      for (int i = 0; i < 20 && !literals.isEmpty(); i++) {
        String value = text(random, "aabbc1d]-", 6);
        if (pattern.matches(value)) {
          matched++;
          assertThat(literals)
              .as("seed %d, regex %s, value %s", seed, regex, value)
              .allMatch(set -> set.stream().anyMatch(value::contains));
        }
      }
    }
    assertThat(matched).isGreaterThan(500);
  }

  private static String literals(String regex) {
    return RegexLiterals.of(regex).stream()
        .map(set -> String.join(",", new java.util.TreeSet<>(set)))
        .reduce((a, b) -> a + "|" + b)
        .orElse("");
  }

  private static String each(String letters, String behind) {
    return String.join(",", letters.chars().mapToObj(letter -> (char) letter + behind).toList());
  }

  @Test
  void follows_up_as_many_strings_as_it_says_and_no_more() {
    String sixteen = "abcdefghijklmnop";
    String branches = String.join("|", sixteen.split(""));
    assertThat(literals("(" + branches + ")z")).isEqualTo(each(sixteen, "z"));
    assertThat(literals("(" + branches + "|q)z")).isEqualTo(each(sixteen + "q", "") + "|z");
    assertThat(literals("[" + sixteen + "]z")).isEqualTo(each(sixteen, "z"));
    assertThat(literals("[" + sixteen + "q]z")).isEqualTo("z");
    assertThat(literals("[abcd][efgh]")).hasSize(16 * 3 - 1);
    assertThat(literals("[abcd][efghi]")).isEqualTo("a,b,c,d|e,f,g,h,i");
    assertThat(literals("[" + sixteen + "]?z")).isEqualTo("z");
    assertThat(literals("[" + sixteen.substring(1) + "]?z"))
        .isEqualTo(each(sixteen.substring(1), "z") + ",z");
  }

  @Test
  void follows_up_literals_branches_and_nesting_as_far_as_it_says_and_no_farther() {
    assertThat(literals("a".repeat(128))).isEqualTo("a".repeat(128));
    assertThat(literals("a".repeat(129))).isEqualTo("a".repeat(128) + "|a");
    List<String> words = java.util.stream.IntStream.range(100, 357).mapToObj(n -> "w" + n).toList();
    assertThat(RegexLiterals.of(String.join("|", words.subList(0, 256))))
        .containsExactly(Set.copyOf(words.subList(0, 256)));
    assertThat(RegexLiterals.of(String.join("|", words))).isEmpty();
    assertThat(literals("(".repeat(100) + "abc" + ")".repeat(100))).isEqualTo("abc");
    assertThat(literals("(".repeat(101) + "abc" + ")".repeat(101))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[abc", "[\\d", "[\\", "[[:alpha:", "\\", "\\\u0080", "(abc", "(?P<abc", "*"})
  void finds_nothing_in_what_is_no_expression(String regex) {
    assertThat(literals(regex)).isEmpty();
  }

  @Test
  void a_dash_in_a_class_is_not_taken_for_a_letter() {
    assertThat(literals("x[-a]y")).isEqualTo("x|y");
    assertThat(literals("x[a-]y")).isEqualTo("x|y");
  }
}
