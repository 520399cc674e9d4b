package dev.sigwarden.lookalike;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.SpoofChecker;
import dev.sigwarden.lookalike.Place.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names taken apart, unveiled, and compared.
class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/app/.github/x@y,URI,github.com,acme,app",
    "https://github.com/acme/app@y,URI,github.com,acme,app",
    "https://github.com/acme@y/app,URI,github.com,acme,''",
    "https://github.com/acme,URI,github.com,acme,''",
    "https://github.com/,URI,github.com,'',''",
    "https://github.com,URI,github.com,'',''",
    "https://,URI,'','',''",
    "https:///x/y,URI,'',x,y",
    "spiffe://acme.example/ns/a,URI,acme.example,ns,a",
    "https://a@b.example/x/y,URI,a@b.example,x,y",
    "release@acme.example,ADDRESS,'',acme.example,release",
    "a@b@c,ADDRESS,'',c,a@b",
    "octocat!acme.example,ADDRESS,'',acme.example,octocat",
    "@acme.example,OTHER,'',@acme.example,''",
    "acme.example,OTHER,'',acme.example,''",
    "'',OTHER,'','',''",
  })
  void subject_has_a_host_and_two_names(
      String text, Form form, String host, String first, String second) {
    Place place = Place.of(text);

    assertThat(place.form()).isEqualTo(form);
    assertThat(List.of(place.host(), place.first(), place.second()))
        .containsExactly(host, first, second);
    assertThat(place.with(host, first, second)).isEqualTo(text);
  }

  @Test
  void one_edit_is_what_the_distance_says_for_all_short_names() {
    List<String> names = new ArrayList<>(List.of(""));
    for (int from = 0, length = 0; length < 4; length++) {
      int to = names.size();
      for (; from < to; from++) {
        for (char c : new char[] {'a', 'b', 'c'}) {
          names.add(names.get(from) + c);
        }
      }
    }
    assertThat(names).hasSize(1 + 3 + 9 + 27 + 81);
    for (String one : names) {
      for (String other : names) {
        assertThat(Edit.isOne(one, other))
            .as("%s and %s", one, other)
            .isEqualTo(LookalikeFuzz.distance(one, other) == 1);
      }
    }
  }

  @Test
  void skeleton_of_ascii_is_the_one_of_uts_39() {
    SpoofChecker checker = new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
    String all = IntStream.range(0, 128).mapToObj(Character::toString).reduce("", String::concat);

    assertThat(Confusables.skeleton(all)).isEqualTo(checker.getSkeleton(all));
    assertThat(Confusables.skeleton("modern")).isEqualTo(Confusables.skeleton("rnodern"));
  }

  @ParameterizedTest
  @CsvSource({
    "release@xn--cme-5cd.example,release@\u0430cme.example,release@acme.example,true",
    "https://XN--CME-5CD.example/x,https://\u0430cme.example/x,https://acme.example/x,true",
    "https://github.com/%D0%B0cme,https://github.com/\u0430cme,https://github.com/acme,false",
    "https://github.com/%61cme%2Fapp,https://github.com/acme/app,https://github.com/acme/app,false",
    "100%,100%,100%,false",
    "%g1%4,%g1%4,%g1%4,false",
    "a\u200bcme,a\u200bcme,acme,false",
    "\uff47ithub,\uff47ithub,github,false",
    // Not punycode: beyond a label's length, broken, or in the middle of a word.
    "xn--,xn--,xn--,false",
    "xn--a-\u00e9,xn--a-\u00e9,xn--a-e\u0301,false",
    "oxn--cme-5cd,oxn--cme-5cd,oxn--cme-5cd,false",
  })
  void what_hides_a_name_is_taken_off(
      String subject, String decoded, String plain, boolean punycode) {
    assertThat(Unveiled.of(subject)).isEqualTo(new Unveiled(decoded, plain, punycode));
  }

  @Test
  void subject_is_unveiled_as_far_as_any_name_goes() {
    assertThat(Unveiled.of("\u0430".repeat(100_000)).plain())
        .isEqualTo("a".repeat(Unveiled.MAX_CHARS));
    assertThat(Unveiled.of("xn--" + "a".repeat(1_000)).punycode()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "acme,\u0430cme,U+0430 CYRILLIC SMALL LETTER A in place of U+0061 LATIN SMALL LETTER A at"
        + " character 1",
    "acme,acmee,U+0065 LATIN SMALL LETTER E added at character 5",
    "acme,ace,U+006D LATIN SMALL LETTER M left out at character 3",
    "a,bcdefgh,'U+0062 LATIN SMALL LETTER B, U+0063 LATIN SMALL LETTER C, U+0064 LATIN SMALL LETTER"
        + " D, U+0065 LATIN SMALL LETTER E and 3 more in place of U+0061 LATIN SMALL LETTER A at"
        + " character 1'",
  })
  void difference_names_code_points(String watched, String seen, String words) {
    assertThat(Difference.between(watched, seen)).isEqualTo(words);
  }
}
