package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.GITHUB;
import static dev.sigwarden.watch.Samples.entry;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static dev.sigwarden.watch.Samples.watch;
import static dev.sigwarden.watch.Samples.watches;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LiteralScanTest {
  private final Watches watches =
      watches(
          watch("glob", selector(subject("https://github.com/acme/*"), issuer(GITHUB))),
          watch("exact", selector(subject("release@acme.example"))),
          watch("unicode", selector(subject("é€\uD83D\uDD11*"))),
          watch("regex", selector(subject("re:(alpha|omega)-signer@.*"))),
          watch("text", selector(text("*quarterly release*"))),
          watch("short", selector(subject("ab*"), issuer("re:.*"))),
          watch("key", Samples.ofKey(Samples.sha256("key"))));

  private List<String> found(byte[] bytes) {
    return watches.literalsIn(entry(bytes)).stream().map(Watch::name).toList();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final List<String> NAMES = List.of("glob", "exact", "unicode", "regex", "text");

  private static final String ALL =
      "https://github.com/acme/x release@acme.example é€\uD83D\uDD11 omega-signer@x quarterly release";

  @Test
  void finds_literals_as_they_are() {
    assertThat(found(utf8("??" + ALL))).isEqualTo(NAMES);
    assertThat(found(utf8("release@acme.exampl"))).isEmpty();
  }

  @Test
  void an_issuer_that_everybody_has_concerns_nobody() {
    assertThat(found(utf8(GITHUB + " https://github.com/other/x"))).isEmpty();
  }

  @Test
  void finds_literals_in_base64_wherever_it_starts() {
    for (int shift = 0; shift < 6; shift++) {
      byte[] plain = utf8("\u0000".repeat(shift) + ALL);
      String standard = Base64.getEncoder().encodeToString(plain);
      String url = Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
      for (String text : List.of(standard, url)) {
        // Characters before the run spoil its groups of four.
        for (String before : List.of("", "x", "xy", "xyz", "{\"body\":\"")) {
          assertThat(found(utf8(before + text + "\""))).as("%s%s", before, text).isEqualTo(NAMES);
        }
      }
    }
  }

  @Test
  void finds_literals_in_pem_within_base64() {
    byte[] der = new byte[300];
    new Random(3).nextBytes(der);
    byte[] name = utf8(ALL);
    System.arraycopy(name, 0, der, 100, name.length);
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END CERTIFICATE-----\n";
    String escaped = "{\"cert\":\"" + pem.replace("\n", "\\n") + "\"}";
    String wrapped = "{\"c\":\"" + Base64.getEncoder().encodeToString(utf8(pem)) + "\"}";
    String twice = "{\"d\":\"" + Base64.getEncoder().encodeToString(utf8(wrapped)) + "\"}";
    for (String text : List.of(pem, escaped, wrapped, twice)) {
      assertThat(found(utf8(text))).as(text).isEqualTo(NAMES);
    }
  }

  @Test
  void survives_any_bytes() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        bytes = Base64.getEncoder().encode(bytes);
      }
      assertThat(found(bytes)).as("round %d", round).isEmpty();
    }
  }

  private static List<String> found(String subject, String text) {
    return watches(watch("one", selector(subject(subject)))).literalsIn(entry(utf8(text))).stream()
        .map(Watch::name)
        .toList();
  }

  @Test
  void finds_literals_in_base64_that_is_broken_inside_of_each() {
    String base64 = Base64.getEncoder().encodeToString(utf8(ALL));
    for (String end : List.of("\n", "\r\n", "\\n", "\\r\\n", "\n\n")) {
      String broken = base64.replaceAll("(.{4})(?!$)", "$1" + end.replace("\\", "\\\\"));
      assertThat(found(utf8(broken))).as(broken).isEqualTo(NAMES);
      assertThat(found(utf8("\"" + broken + "\""))).as(broken).isEqualTo(NAMES);
    }
  }

  @Test
  void takes_the_escape_before_a_slash_out_and_no_other() {
    String base64 = Base64.getEncoder().encodeToString(utf8("who??why??how"));
    assertThat(base64).contains("/");
    assertThat(found("who??why??how", base64.replace("/", "\\/"))).containsExactly("one");
    assertThat(found("who??why??how", base64.replace("/", "\\t/"))).isEmpty();
    assertThat(found("who??why??how", base64.replace("/", "/\\"))).isEmpty();
  }

  @Test
  void finds_the_shortest_literal_and_none_below() {
    assertThat(found("abcdef", "YWJj\nZGVm")).containsExactly("one");
    assertThat(found("abcdef", "abcdef")).containsExactly("one");
    assertThat(found("abcde", "abcde")).isEmpty();
  }
}
