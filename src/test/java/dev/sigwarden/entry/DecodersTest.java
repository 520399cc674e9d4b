package dev.sigwarden.entry;

import static dev.sigwarden.entry.RekorSamples.hashedRekordV2;
import static dev.sigwarden.entry.RekorSamples.keyVerifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.x509.CertificateForge;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodersTest {
  private record Fake(String format, String kind, Function<EntryBytes, Decoded> body)
      implements EntryDecoder {
    @Override
    public Decoded decode(EntryBytes entry) {
      return body.apply(entry);
    }
  }

  private final Decoders decoders = Decoders.found();

  @Test
  void knows_the_formats_that_are_there() {
    assertThat(decoders.formats()).contains("rekor", "raw");
    assertThat(decoders.forFormat("raw").kind()).isEqualTo("raw");
    assertThatThrownBy(() -> decoders.forFormat("cat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("entry format: cat (expected: one of [")
        .hasMessageContaining("rekor");
  }

  @Test
  void hands_an_entry_to_its_kind_in_canonical_form_or_not() {
    String entry = new String(hashedRekordV2(keyVerifier(CertificateForge.KEY)), UTF_8);
    String spaced =
        entry.replace(
            "{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\"",
            "{ \"kind\" : \"hashedrekord\", \"apiVersion\":\"0.0.2\"");
    assertThat(spaced).isNotEqualTo(entry);
    assertThat(decode(entry)).startsWith("hashedrekord 0.0.2").contains("key sha256:");
    assertThat(decode(spaced)).isEqualTo(decode(entry));
    assertThat(decode(entry.replace("hashedrekord", "hashed\\u0072ekord")))
        .isEqualTo(decode(entry));
  }

  @Test
  void is_not_misled_by_a_second_kind_behind_the_first() {
    String entry = new String(hashedRekordV2(keyVerifier(CertificateForge.KEY)), UTF_8);
    assertThat(decode(entry.replace("\"spec\":", "\"kind\":\"dsse\",\"spec\":")))
        .contains("undecodable", "Duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"apiVersion":"0.0.2","kind":"sbom","spec":{}}   | kind sbom, version 0.0.2
          {"kind":"swid","spec":{}}                        | kind swid, version not given
          {"apiVersion":"0.0.1","spec":{}}                 | no kind
          {"kind":7}                                       | at /kind
          {"kind":"a\\u0007\\u202e b"}                     | kind a\\u{7}\\u{202E} b
          {"apiVersion":"0.0.2","kind":"dsse               | JSON
          {}                                               | no kind
          []                                               | not a JSON object
          ''                                               | 0 bytes
          {"kind":"dsse"}{}                                | nothing after
          """)
  void names_what_it_does_not_know(String entry, String reason) {
    assertThat(decode(entry)).startsWith("undecodable: ").contains(reason);
  }

  @Test
  void bounds_what_it_repeats_of_an_entry() {
    assertThat(decode("{\"kind\":\"%s\"}".formatted("x".repeat(60_000)))).hasSizeLessThan(500);
    assertThat(decode("{\"%s\":1,\"a\":}".formatted("\u0001x".repeat(10_000))))
        .hasSizeLessThan(500);
  }

  @Test
  void turns_a_bug_in_a_decoder_into_an_undecodable_entry() {
    EntryDecoder overflowing =
        new Fake(
            "b",
            "b",
            new Function<>() {
              @Override
              public Decoded apply(EntryBytes entry) {
                return apply(entry);
              }
            });
    EntryDecoder throwing =
        new Fake(
            "a",
            "a",
            _ -> {
              throw new IllegalStateException("secret");
            });
    Decoders broken = new Decoders(List.of(throwing, overflowing));
    EntryBytes entry = EntryBytes.of(new byte[0]);
    assertThat(Describe.decoded(broken.forFormat("a").decode(entry)))
        .startsWith("undecodable: the decoder for a failed")
        .contains("IllegalStateException at ")
        .doesNotContain("secret");
    assertThat(Describe.decoded(broken.forFormat("b").decode(entry)))
        .contains("StackOverflowError");
  }

  @Test
  void refuses_two_decoders_for_one_kind() {
    Fake one = new Fake("f", "k", _ -> new Decoded.Undecodable(""));
    assertThatThrownBy(() -> new Decoders(List.of(one, one)))
        .hasMessage("two decoders for kind k of format f");
    Fake whole = new Fake("f", "f", _ -> new Decoded.Undecodable(""));
    assertThatThrownBy(() -> new Decoders(List.of(one, whole)))
        .hasMessageContaining("format f has one kind only");
  }

  private String decode(String entry) {
    return Describe.decoded(
        decoders.forFormat("rekor").decode(EntryBytes.of(entry.getBytes(UTF_8))));
  }
}
