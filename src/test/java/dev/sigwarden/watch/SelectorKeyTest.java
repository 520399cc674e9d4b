package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.extension;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.ofCertificate;
import static dev.sigwarden.watch.Samples.ofKey;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.sha256;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// By which criterion a selector is looked up: what an entry costs depends on it, never what is
/// selected.
class SelectorKeyTest {
  private static final String SHORT = "q".repeat(Literals.MIN_CHARS - 1);
  private static final String LEAST = "q".repeat(Literals.MIN_CHARS);

  /// The criterion chosen for the first selector.
  private static Criterion chosen(Selector... selectors) {
    List<SelectorKey> keys = SelectorKey.choose(List.of(selectors)).getFirst();
    assertThat(keys).hasSize(1);
    return keys.getFirst().criterion();
  }

  @Test
  void what_tells_organisations_apart_is_looked_up_before_what_everybody_has() {
    Criterion acme = subject("https://github.com/acme/app/*");
    for (Criterion common :
        List.of(
            issuer(Samples.GITHUB),
            extension(Samples.RUNNER, "github-hosted"),
            extension(Samples.REPOSITORY, "https://github.com/*"),
            extension(Samples.REPOSITORY, SHORT))) {
      assertThat(chosen(selector(common, acme))).isEqualTo(acme);
      assertThat(chosen(selector(acme, common))).isEqualTo(acme);
    }
  }

  @Test
  void few_characters_are_enough_to_tell_apart_and_one_fewer_are_not() {
    Criterion common = issuer("https://issuer.acme.example");
    assertThat(chosen(selector(common, subject(LEAST + "*")))).isEqualTo(subject(LEAST + "*"));
    assertThat(chosen(selector(common, subject(SHORT)))).isEqualTo(common);
    assertThat(SelectorKey.of(subject(LEAST + "*")).getFirst().isResidual()).isFalse();
    assertThat(SelectorKey.of(subject(SHORT + "*")).getFirst().isResidual()).isTrue();
  }

  @Test
  void what_has_to_be_tried_on_every_value_comes_last() {
    Criterion common = issuer(Samples.GITHUB);
    assertThat(chosen(selector(subject("re:[ab]+"), common))).isEqualTo(common);
    assertThat(chosen(selector(common, subject("re:[ab]+")))).isEqualTo(common);
    assertThat(chosen(selector(subject("re:[ab]+")))).isEqualTo(subject("re:[ab]+"));
  }

  @Test
  void a_value_of_one_selector_is_looked_up_before_one_that_several_share() {
    Criterion shared = subject("acme-shared-by-two");
    Criterion own = extension(Samples.REPOSITORY, "acme-own-*");
    Selector first = selector(shared, own);
    assertThat(chosen(first)).isEqualTo(shared);
    assertThat(chosen(first, selector(shared))).isEqualTo(own);
    assertThat(chosen(first, selector(subject("another")))).isEqualTo(shared);
  }

  @Test
  void a_whole_value_is_looked_up_before_a_part_and_a_long_part_before_a_short_one() {
    Criterion whole = subject("acme-a");
    Criterion part = extension(Samples.REPOSITORY, "acme-a-longer-part*");
    Criterion small = text("*acme-part*");
    assertThat(chosen(selector(part, whole))).isEqualTo(whole);
    assertThat(chosen(selector(whole, part))).isEqualTo(whole);
    assertThat(chosen(selector(small, part))).isEqualTo(part);
    assertThat(chosen(selector(part, small))).isEqualTo(part);
  }

  @Test
  void a_selector_with_a_fingerprint_is_found_through_that() {
    assertThat(
            SelectorKey.choose(
                List.of(ofKey(sha256("x"), subject("acme")), ofCertificate(sha256("y")))))
        .containsExactly(List.of(), List.of());
  }
}
