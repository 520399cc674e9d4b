package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.GITHUB;
import static dev.sigwarden.watch.Samples.REPOSITORY;
import static dev.sigwarden.watch.Samples.RUNNER;
import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.event;
import static dev.sigwarden.watch.Samples.extension;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.key;
import static dev.sigwarden.watch.Samples.ofCertificate;
import static dev.sigwarden.watch.Samples.ofKey;
import static dev.sigwarden.watch.Samples.pointer;
import static dev.sigwarden.watch.Samples.selecting;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static dev.sigwarden.watch.Samples.watch;
import static dev.sigwarden.watch.Samples.watches;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WatchesTest {
  private static final String RELEASE =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3";

  @Test
  void all_criteria_of_one_selector_have_to_hold() {
    Watches watches =
        watches(watch("w", selector(subject(RELEASE), issuer(GITHUB), extension(RUNNER, "self*"))));
    Map<String, String> hosted = Map.of(RUNNER, "github-hosted");
    Map<String, String> own = Map.of(RUNNER, "self-hosted");
    assertThat(watches.select(event(certificate(GITHUB, own, RELEASE)))).hasSize(1);
    assertThat(watches.select(event(certificate(GITHUB, hosted, RELEASE)))).isEmpty();
    assertThat(watches.select(event(certificate("https://evil.example", own, RELEASE)))).isEmpty();
    assertThat(watches.select(event(certificate(GITHUB, own, RELEASE + "4")))).isEmpty();
    assertThat(watches.select(event(certificate(GITHUB, RELEASE)))).isEmpty();
    assertThat(watches.select(event(certificate("", own, RELEASE)))).isEmpty();
  }

  @Test
  void criteria_have_to_hold_for_the_same_signer() {
    Watches watches = watches(watch("w", selector(subject("a@acme.example"), issuer(GITHUB))));
    SigningEvent split =
        event(certificate(GITHUB, "b@acme.example"), certificate("other", "a@acme.example"));
    assertThat(watches.select(split)).isEmpty();
  }

  @Test
  void any_selector_of_a_watch_is_enough_and_a_watch_is_told_once() {
    CertificateSigner signer = certificate(GITHUB, "a@acme.example", "b@acme.example");
    Watches watches =
        watches(
            watch(
                "first",
                selector(subject("x@*")),
                selector(subject("b@*")),
                ofKey(signer.keySha256())),
            watch("second", ofCertificate(signer.certificateSha256())));
    List<Hit> hits = watches.select(event(key("other"), signer));
    assertThat(hits).extracting(hit -> hit.watch().name()).containsExactly("first", "second");
    assertThat(hits.getFirst().selector()).contains("b@");
    assertThat(hits).extracting(Hit::signer).containsOnly(Optional.of(signer));
    assertThat(watches.select("second", event(signer))).isPresent();
    assertThat(watches.select("third", event(signer))).isEmpty();
  }

  @Test
  void fingerprints_select_keys_and_certificates() {
    CertificateSigner signer = certificate(GITHUB, "a@acme.example");
    Watches watches =
        watches(
            watch("key", ofKey(Samples.sha256("k"))),
            watch("key of certificate", ofKey(signer.keySha256())),
            watch("certificate", ofCertificate(signer.certificateSha256())),
            watch("key and name", ofKey(signer.keySha256(), subject("b@*"))));
    assertThat(selecting(watches, event(key("k")))).containsExactly("key");
    assertThat(selecting(watches, event(signer)))
        .containsExactly("key of certificate", "certificate");
  }

  @Test
  void a_value_that_is_not_there_is_never_matched() {
    Watches watches =
        watches(
            watch("any issuer", selector(subject("a@*"), issuer("*"))),
            watch("any runner", selector(subject("a@*"), extension(RUNNER, "*"))));
    assertThat(selecting(watches, event(certificate("", "a@x")))).isEmpty();
    assertThat(selecting(watches, event(certificate("i", Map.of(RUNNER, ""), "a@x"))))
        .containsExactly("any issuer", "any runner");
  }

  @Test
  void both_forms_of_the_issuer_count() {
    Watches watches = watches(watch("w", selector(issuer(GITHUB))));
    Map<String, String> both = Map.of(Selector.ISSUER_V1, GITHUB);
    assertThat(watches.select(event(certificate("https://other.example", both)))).hasSize(1);
  }

  @Test
  void look_alikes_are_other_names() {
    Watches watches = watches(watch("w", selector(subject("release@acme.example"))));
    for (String name :
        List.of(
            "releаse@acme.example",
            "Release@acme.example",
            "release@acme.example ",
            "release@acme.example\u0000",
            "rele\u200base@acme.example",
            "release@acme.example.")) {
      assertThat(watches.select(event(certificate(GITHUB, name)))).as(name).isEmpty();
    }
  }

  @Test
  void text_and_pointers_ask_the_entry_itself() {
    Watches watches =
        watches(
            watch("text", selector(text("*release of acme*"))),
            watch("whole", selector(text("re:\\{.*acme.*\\}"))),
            watch("pointer", selector(pointer("/who/0", "acme"))),
            watch("number", selector(pointer("/n", "1.50"), pointer("/yes", "true"))),
            watch("signer too", selector(pointer("/who/0", "acme"), subject("a@*"))));
    SigningEvent event = event("{\"who\":[\"acme\"],\"n\":1.50,\"yes\":true}");
    assertThat(selecting(watches, event)).containsExactly("whole", "pointer", "number");
    assertThat(watches.select(event)).allMatch(hit -> hit.signer().isEmpty());
    SigningEvent signed = event("{\"who\":[\"acme\"]}", key("k"), certificate("", "a@b"));
    assertThat(selecting(watches, signed)).containsExactly("whole", "pointer", "signer too");
    assertThat(watches.select("signer too", signed).orElseThrow().signer())
        .contains(signed.signers().get(1));
    assertThat(selecting(watches, event("the release of acme 1.0"))).containsExactly("text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"who\":\"evil\",\"who\":\"acme\"}",
        "{\"who\":\"acme\",\"who\":\"evil\"}",
        "{\"who\":{\"a\":1},\"x\":\"\\u0000\",\"who\":\"\\u0061cme\"}",
        "{\"who\":\"acme\"",
        "{\"who\":\"acme\"} trailing",
      })
  void a_json_entry_cannot_hide_a_value(String entry) {
    Watches watches = watches(watch("w", selector(pointer("/who", "acme"))));
    assertThat(watches.select(event(entry))).hasSize(1);
  }

  @Test
  void neither_depth_nor_bytes_that_are_no_text_hide_a_value() {
    Watches watches =
        watches(
            watch("pointer", selector(pointer("/who", "acme"))),
            watch("text", selector(text("*\"acme\"*"))));
    String deep = "{\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + ",\"who\":\"acme\"}";
    assertThat(watches.select(event(deep))).hasSize(2);
    String longKey = "{\"" + "k".repeat(60_000) + "\":{\"a\":1},\"who\":\"acme\"}";
    assertThat(watches.select(event(longKey))).hasSize(2);
    byte[] bytes =
        "{\"x\":\"?\",\"who\":\"acme\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bytes[6] = (byte) 0xff;
    SigningEvent broken = new SigningEvent("raw", "", List.of(), List.of(), EntryBytes.of(bytes));
    assertThat(watches.select(broken)).hasSize(2);
  }

  @Test
  void keys_with_slash_and_tilde_are_escaped_in_pointers() {
    Watches watches = watches(watch("w", selector(pointer("/a~1b/c~0d/1/", "acme"))));
    assertThat(watches.select(event("{\"a/b\":{\"c~d\":[0,{\"\":\"acme\"}]}}"))).hasSize(1);
    assertThat(watches.select(event("{\"a\":{\"b\":{\"c~d\":[0,{\"\":\"acme\"}]}}}"))).isEmpty();
  }

  @Test
  void a_name_padded_beyond_what_an_expression_reads_is_still_selected() {
    Watches watches = watches(watch("w", selector(subject("re:https://github\\.com/acme/[a-z]+"))));
    String padded = "https://github.com/acme/" + "a".repeat(ValuePattern.MAX_REGEX_INPUT) + "1";
    assertThat(watches.select(event(certificate(GITHUB, padded)))).hasSize(1);
  }

  @Test
  void an_entry_full_of_names_costs_each_selector_at_most_once_per_name() {
    List<Watch> many = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      many.add(watch("w" + i, selector(subject("*acme*" + i + "!"))));
    }
    Watches watches = Watches.of(many, new Allowlists(List.of()));
    String[] names = new String[5_000];
    java.util.Arrays.fill(names, "acmeacmeacme");
    assertThat(watches.verified(event(certificate(GITHUB, names))))
        .isLessThanOrEqualTo(500 * 5_000);
    assertThat(watches.select(event(certificate(GITHUB, names)))).isEmpty();
  }

  /// Watches as a large organisation has them: every one shares issuer, workflow and tag with the
  /// others and differs in one place.
  private static List<Watch> similar(int count) {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String org = "https://github.com/org-%d-x/".formatted(i);
      Selector[] selectors = {
        selector(subject(org + "app/.github/workflows/release.yml@refs/tags/*"), issuer(GITHUB)),
        selector(subject(org + "*/.github/workflows/release.yml@refs/heads/main"), issuer(GITHUB)),
        selector(subject("re:" + org + "(one|two)/.*release.yml@.*"), issuer("re:https://token.*")),
        selector(subject("*/.github/workflows/release.yml@refs/tags/org-%d-x".formatted(i))),
        selector(issuer(GITHUB), extension(REPOSITORY, org + "app"), extension(RUNNER, "self*")),
        selector(subject("release@org-%d-x.example".formatted(i)), issuer(GITHUB)),
        selector(text("*release of org-%d-x*".formatted(i))),
        selector(pointer("/kind", "release"), pointer("/org", "org-%d-x".formatted(i))),
        ofKey(Samples.sha256("key" + i)),
        ofCertificate(Samples.sha256("certificate" + i)),
      };
      watches.add(watch("w" + i, selectors));
    }
    return watches;
  }

  @Tag("slow")
  @Test
  void the_cost_of_an_entry_does_not_grow_with_the_number_of_watches() {
    List<SigningEvent> events = new ArrayList<>();
    for (String org : List.of("org-3-x", "org-7-x", "nobody")) {
      String url = "https://github.com/" + org + "/app";
      Map<String, String> extensions = Map.of(REPOSITORY, url, RUNNER, "github-hosted");
      events.add(
          event(
              "{\"kind\":\"release\",\"org\":\"" + org + "\"}",
              certificate(
                  GITHUB,
                  extensions,
                  url + "/.github/workflows/release.yml@refs/tags/v1",
                  "release@" + org + ".example"),
              key("key3")));
      events.add(event("release of " + org, key("none")));
    }
    Watches few = Watches.of(similar(10), new Allowlists(List.of()));
    Watches many = Watches.of(similar(10_000), new Allowlists(List.of()));
    for (SigningEvent event : events) {
      assertThat(many.verified(event)).isEqualTo(few.verified(event)).isLessThanOrEqualTo(12);
      assertThat(selecting(many, event)).isEqualTo(selecting(few, event));
    }
    assertThat(many.triedOnEveryEntry()).isEmpty();
    assertThat(selecting(many, events.getFirst())).containsExactly("w3");
  }

  @Test
  void names_watches_that_nothing_can_be_looked_up_in() {
    Watches watches =
        watches(watch("w", selector(subject("re:[ab]+")), selector(subject("a*b*c"))));
    assertThat(watches.triedOnEveryEntry()).hasSize(2).allMatch(label -> label.startsWith("w: "));
    assertThat(watches.select(event(certificate("", "aba")))).hasSize(1);
  }

  @Test
  void no_watches_select_nothing() {
    Watches none = watches();
    Signer signer = certificate(GITHUB, RELEASE);
    assertThat(none.select(event("{}", signer))).isEmpty();
    assertThat(none.literalsIn(Samples.entry("anything"))).isEmpty();
    assertThat(none.all()).isEmpty();
    assertThat(none.named("w")).isEmpty();
  }

  @Test
  void revision_is_the_same_for_the_same_watches_and_another_for_whatever_judges_otherwise() {
    Watch release = watch("release", selector(subject(RELEASE), issuer(GITHUB)));
    Watch keys = watch("keys", ofKey(key("one").keySha256()), ofKey(key("two").keySha256()));
    String revision = watches(release, keys).revision();
    Watch again = watch("release", selector(subject(RELEASE), issuer(GITHUB)));
    Watch expecting =
        watch(
            "release",
            Optional.of(new Expectation(List.of("good"), List.of(), Duration.ZERO)),
            selector(subject(RELEASE), issuer(GITHUB)));

    assertThat(watches(again, keys).revision()).isEqualTo(revision).hasSize(64);
    List<String> others =
        List.of(
            watches(release).revision(),
            watches(keys).revision(),
            watches(watch("release", selector(subject(RELEASE))), keys).revision(),
            watches(watch("other", selector(subject(RELEASE), issuer(GITHUB))), keys).revision(),
            watches(release, watch("keys", ofKey(key("one").keySha256()))).revision(),
            watches(expecting, keys).revision());
    assertThat(others).doesNotContain(revision).doesNotHaveDuplicates();
  }

  @Test
  void some_of_the_watches_select_what_they_selected_among_all() {
    Watches all =
        watches(
            watch("a", selector(subject(RELEASE))),
            watch("b", selector(issuer(GITHUB))),
            watch("c", selector(issuer(GITHUB))));

    Watches some = all.only(List.of("c", "a", "unknown"));

    assertThat(some.all()).extracting(Watch::name).containsExactly("a", "c");
    assertThat(some.select(event(certificate(GITHUB, RELEASE))))
        .extracting(hit -> hit.watch().name())
        .containsExactly("a", "c");
    assertThat(some.revision()).isEqualTo(all.only(List.of("a", "c")).revision());
  }
}
