package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.GITHUB;
import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.event;
import static dev.sigwarden.watch.Samples.extension;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.watch.Lookalike.Way;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who resembles whom, in which way, and who does not.
class LookalikesTest {
  private static final String RELEASE =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/*";
  private static final String EXACT =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main";
  private static final Pattern NUMBER = Pattern.compile("<([0-9a-f]{4})>");
  private static final String ANY_OF_ACME = "https://github.com/acme/*/.github/workflows/*@*";

  private static Watch asking(String name, Selector... selectors) {
    return new Watch(
        name,
        Severity.HIGH,
        "",
        "",
        List.of(selectors),
        Optional.empty(),
        Optional.of(Severity.MEDIUM),
        Optional.empty(),
        List.of());
  }

  private static List<Lookalike> alike(Watches watches, SigningEvent event) {
    return watches.lookalikes(event, watches.select(event));
  }

  private static List<Lookalike> alike(String watched, String seen) {
    Watches watches =
        Samples.watches(asking("w", selector(subject(unescaped(watched)), issuer(GITHUB))));
    return alike(watches, event(certificate(GITHUB, unescaped(seen))));
  }

  /// Characters that the eye does not tell apart are written as numbers in the tables below.
  private static String unescaped(String text) {
    return NUMBER
        .matcher(text)
        .replaceAll(found -> Character.toString(Integer.parseInt(found.group(1), 16)));
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource({
    // Other case.
    RELEASE
        + ",https://github.com/Acme/App/.github/workflows/release.yml@refs/tags/v1,"
        + "OTHER_CASE,owner",
    RELEASE
        + ",https://github.com/acme/App/.github/workflows/release.yml@refs/tags/v1,"
        + "OTHER_CASE,repository",
    RELEASE
        + ",https://GitHub.com/acme/app/.github/workflows/release.yml@refs/tags/v1,"
        + "OTHER_CASE,host",
    ANY_OF_ACME
        + ",https://github.com/ACME/tool/.github/workflows/ci.yml@refs/heads/main,"
        + "OTHER_CASE,owner",
    "release@acme.example,release@ACME.example,OTHER_CASE,domain",
    "release@acme.example,Release@acme.example,OTHER_CASE,name",
    // One edit: other, more, less, swapped.
    RELEASE
        + ",https://github.com/acne/app/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,owner",
    RELEASE
        + ",https://github.com/acmee/app/.github/workflows/build.yml@refs/heads/x,"
        + "ONE_EDIT,owner",
    RELEASE
        + ",https://github.com/ace/app/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,owner",
    RELEASE
        + ",https://github.com/amce/app/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,owner",
    RELEASE
        + ",https://github.com/acme/apps/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,repository",
    RELEASE
        + ",https://github.com/acme/a-pp/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,repository",
    ANY_OF_ACME
        + ",https://github.com/acmee/tool/.github/workflows/ci.yml@refs/heads/main,"
        + "ONE_EDIT,owner",
    "*@acme.example,anybody@acme.exampel,ONE_EDIT,domain",
    "release@acme.example,release@acne.example,ONE_EDIT,domain",
    "release@acme.example,relaese@acme.example,ONE_EDIT,name",
    "packages.acme.example,package.acme.example,ONE_EDIT,name",
    "octocat!acme.example,octocat!acme.examples,ONE_EDIT,domain",
    // Drawn alike, within ASCII and beyond.
    RELEASE
        + ",https://github.com/acrne/app/.github/workflows/release.yml@refs/tags/v1,"
        + "CONFUSABLE,owner",
    RELEASE
        + ",https://github.com/acme<200b>/app/.github/workflows/release.yml@refs/tags/v1,"
        + "CONFUSABLE,owner",
    RELEASE
        + ",https://github.com/<0430>cme/app/.github/workflows/release.yml@refs/tags/v1,"
        + "MIXED_SCRIPTS,owner",
    RELEASE
        + ",https://github.com/acme/<0430>pp/.github/workflows/build.yml@refs/heads/main,"
        + "MIXED_SCRIPTS,repository",
    RELEASE
        + ",https://github.com/acme/app/.github/workflows/r<0435>lease.yml@refs/tags/v1,"
        + "MIXED_SCRIPTS,path",
    ANY_OF_ACME
        + ",https://github.com/<ff41>cme/tool/.github/workflows/ci.yml@refs/heads/x,"
        + "CONFUSABLE,owner",
    "https://github.com/ace/*,https://github.com/<0430><0441><0435>/app/x@y,CONFUSABLE,owner",
    RELEASE
        + ",https://github.com/%D0%B0cme/app/.github/workflows/release.yml@refs/tags/v1,"
        + "MIXED_SCRIPTS,owner",
    RELEASE
        + ",https://github.com/%61cme/app/.github/workflows/release.yml@refs/tags/v1,"
        + "CONFUSABLE,encoding",
    RELEASE
        + ",https://github.com/<0430>cmee/app/.github/workflows/release.yml@refs/tags/v1,"
        + "ONE_EDIT,owner",
    // Punycode.
    "release@acme.example,release@xn--cme-5cd.example,PUNYCODE,domain",
    "*@m<00fc>ller.example,x@m<00fc>lle.example,ONE_EDIT,domain",
    "https://git.example/m<00fc>ller/app/*@v*,https://git.example/m<00fc>l1er/app/x@v1,"
        + "CONFUSABLE,owner",
    "*@acme.example,someone@XN--CME-5CD.example,PUNYCODE,domain",
    "https://acme.example/app/*,https://xn--cme-5cd.example/app/run@v1,PUNYCODE,host",
    // Another host.
    RELEASE
        + ",https://github.evil.example/acme/app/.github/workflows/release.yml@refs/heads/x,"
        + "OTHER_HOST,host",
    RELEASE
        + ",https://github.com@evil.example/acme/app/.github/workflows/release.yml@refs/x,"
        + "OTHER_HOST,host",
    RELEASE
        + ",https://github.com:8443/acme/app/.github/workflows/release.yml@refs/tags/v1,"
        + "OTHER_HOST,host",
    "https://github.com/acme/*,https://gitlab.com/acme/anything,OTHER_HOST,host",
  })
  void signer_that_resembles_a_watched_one_is_found(
      String watched, String seen, Way way, String part) {
    assertThat(alike(watched, seen))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.way()).isEqualTo(way);
          assertThat(found.part()).isEqualTo(part);
          assertThat(found.watched()).isEqualTo(unescaped(watched));
          assertThat(found.subject()).isEqualTo(unescaped(seen));
          assertThat(found.difference()).isNotBlank();
        });
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource({
    // The watched one itself, and its neighbours in the owner's own place.
    RELEASE + ",https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1",
    RELEASE + ",https://github.com/acme/app/.github/workflows/ci.yml@refs/tags/v1",
    RELEASE + ",https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
    RELEASE + ",https://github.com/Acme/app/.github/workflows/ci.yml@refs/tags/v1",
    RELEASE + ",https://github.com/acme/tool/.github/workflows/release.yml@refs/tags/v1",
    // Two edits, or one in each name.
    RELEASE + ",https://github.com/acmeee/app/.github/workflows/release.yml@refs/tags/v1",
    RELEASE + ",https://github.com/acne/apps/.github/workflows/release.yml@refs/tags/v1",
    // Another host and another path.
    RELEASE + ",https://gitlab.com/acme/app/.github/workflows/ci.yml@refs/tags/v1",
    RELEASE + ",https://gitlab.com/acne/app/.github/workflows/release.yml@refs/tags/v1",
    "release@acme.example,release@other.example",
    // A watched name with other letters than those of ASCII is no disguise of itself.
    "https://git.example/m<00fc>ller/app/*@v*,https://git.example/m<00fc>ller/app/x@main",
    "*@m<00fc>ller.example,x@m<00fc>ller.example",
    // Other case where it tells names apart.
    "https://ci.example/acme/app/*,https://ci.example/Acme/app/build",
    // Names too short for an edit to mean anything.
    "https://github.com/abc/*,https://github.com/abd/x",
    "*@a.b,x@a.c",
  })
  void signer_that_does_not_is_not(String watched, String seen) {
    assertThat(alike(watched, seen)).isEmpty();
  }

  @Test
  void same_subject_by_another_issuer_or_none_is_found() {
    Watches watches = Samples.watches(asking("w", selector(subject(EXACT), issuer(GITHUB))));

    assertThat(alike(watches, event(certificate("https://evil.example", EXACT))))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.way()).isEqualTo(Way.OTHER_ISSUER);
          assertThat(found.difference()).isEqualTo("https://evil.example");
        });
    assertThat(alike(watches, event(certificate("", EXACT))))
        .extracting(Lookalike::difference)
        .containsExactly("no issuer");
    assertThat(alike(watches, event(certificate(GITHUB, EXACT)))).isEmpty();
  }

  @Test
  void issuer_that_is_asked_for_as_an_extension_counts_too() {
    Watches watches =
        Samples.watches(
            asking("w", selector(subject(EXACT), extension("1.3.6.1.4.1.57264.1.8", GITHUB))));

    assertThat(alike(watches, event(certificate("https://evil.example", EXACT))))
        .extracting(Lookalike::way)
        .containsExactly(Way.OTHER_ISSUER);
  }

  @Test
  void same_signer_without_what_else_the_watch_asks_is_no_lookalike() {
    Watches watches =
        Samples.watches(
            asking(
                "w",
                selector(
                    subject(EXACT), issuer(GITHUB), extension(Samples.RUNNER, "github-hosted"))));

    assertThat(alike(watches, event(certificate(GITHUB, EXACT)))).isEmpty();
  }

  @Test
  void what_a_watch_selects_is_never_its_own_lookalike() {
    Watches watches =
        Samples.watches(
            asking(
                "w",
                selector(subject("https://github.com/acme/app/*"), issuer(GITHUB)),
                selector(subject("https://github.com/acme/apps/*"), issuer(GITHUB)),
                selector(issuer("https://other.example"))));

    assertThat(alike(watches, event(certificate(GITHUB, "https://github.com/acme/apps/x"))))
        .isEmpty();
    assertThat(
            alike(
                watches,
                event(certificate("https://other.example", "https://github.com/acme/app/x"))))
        .isEmpty();
    assertThat(alike(watches, event(certificate(GITHUB, "https://github.com/acme/appz/x"))))
        .hasSize(1);
  }

  @Test
  void name_that_another_watch_writes_out_is_known_and_one_that_it_happens_to_fit_is_not() {
    Watch app = asking("app", selector(subject("https://github.com/acme/app/*"), issuer(GITHUB)));
    Watch sibling =
        Samples.watch("apps", selector(subject("https://github.com/acme/apps/*"), issuer(GITHUB)));
    Watch everything = Samples.watch("all", selector(issuer(GITHUB)));
    SigningEvent event = event(certificate(GITHUB, "https://github.com/acme/apps/x"));

    assertThat(alike(Samples.watches(app, sibling), event)).isEmpty();
    assertThat(alike(Samples.watches(app, everything), event)).hasSize(1);
  }

  @Test
  void each_watch_tells_once_and_only_those_that_ask() {
    Watches watches =
        Samples.watches(
            asking("one", selector(subject(RELEASE)), selector(subject(EXACT))),
            Samples.watch("silent", selector(subject(RELEASE))),
            asking("two", selector(subject(ANY_OF_ACME))));
    SigningEvent event =
        event(
            certificate(
                GITHUB,
                "unrelated",
                "https://github.com/acmee/app/.github/workflows/a@b",
                "https://github.com/acne/app/.github/workflows/a@b"));

    assertThat(alike(watches, event))
        .extracting(it -> it.watch().name())
        .containsExactly("one", "two");
  }

  @Test
  void difference_is_told_in_code_points() {
    assertThat(alike(RELEASE, "https://github.com/<0430>cme/app/.github/workflows/release.yml@x"))
        .extracting(Lookalike::difference)
        .containsExactly(
            "U+0430 CYRILLIC SMALL LETTER A in place of U+0061 LATIN SMALL LETTER A at character 1");
  }

  @Test
  void all_single_edits_of_the_names_are_found() {
    String alphabet = "abz09-_.";
    for (String name : List.of("acme", "app")) {
      for (int at = 0; at <= name.length(); at++) {
        for (char c : alphabet.toCharArray()) {
          String more = name.substring(0, at) + c + name.substring(at);
          assertFound(name, more);
          if (at < name.length()) {
            assertFound(name, name.substring(0, at) + c + name.substring(at + 1));
          }
        }
        if (at < name.length()) {
          assertFound(name, name.substring(0, at) + name.substring(at + 1));
        }
      }
    }
  }

  private static void assertFound(String name, String edited) {
    if (!edited.equals(name)) {
      String seen = EXACT.replace("/" + name + "/", "/" + edited + "/");
      assertThat(alike(RELEASE, seen)).as(seen).hasSize(1);
    }
  }

  @Test
  void thousands_of_watches_find_the_one_that_is_meant() {
    Watches watches =
        Samples.watches(
            IntStream.range(0, 5_000)
                .mapToObj(i ->
                    asking(
                        "w" + i,
                        selector(subject("https://github.com/org-%d-x/app/*".formatted(i * 100)))))
                .toArray(Watch[]::new));

    assertThat(alike(watches, event(certificate(GITHUB, "https://github.com/org-1233-x/app/y"))))
        .isEmpty();
    assertThat(alike(watches, event(certificate(GITHUB, "https://github.com/org-123400-xx/app/y"))))
        .extracting(it -> it.watch().name())
        .containsExactly("w1234");
  }

  @Test
  void names_of_a_signer_without_certificate_are_not_looked_at() {
    Watches watches = Samples.watches(asking("w", selector(subject("release@acme.example"))));

    assertThat(
            alike(
                watches,
                event(
                    Samples.key("k"),
                    Samples.pgp(List.of("p"), "Release <release@acne.example>"),
                    certificate("", Map.of()))))
        .isEmpty();
  }
}
