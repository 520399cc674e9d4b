package dev.sigwarden.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
  private static JsonObject parse(String json) throws RefusedException {
    return JsonObject.parse("test", json.getBytes(StandardCharsets.UTF_8), 10_000);
  }

  private static String canonical(String json) throws RefusedException {
    return new String(parse(json).canonical(), StandardCharsets.UTF_8);
  }

  @Test
  void writes_the_canonical_form_that_signatures_cover() throws RefusedException {
    assertThat(canonical("{ \"b\" : [1, true, null, \"x\"], \"a\" : {\"d\":-2, \"c\":{}} }"))
        .isEqualTo("{\"a\":{\"c\":{},\"d\":-2},\"b\":[1,true,null,\"x\"]}");
  }

  @Test
  void escapes_quotes_and_backslashes_and_nothing_else() throws RefusedException {
    assertThat(canonical("{\"a\":\"line\\nfeed \\\"q\\\" \\\\ \\u00e9 \\u0007\"}"))
        .isEqualTo("{\"a\":\"line\nfeed \\\"q\\\" \\\\ \u00e9 \u0007\"}");
  }

  @Test
  void sorts_names_by_code_point_and_the_shorter_first() throws RefusedException {
    // U+1F600 is above U+FF5E, though its first UTF-16 unit is below.
    assertThat(canonical("{\"\uD83D\uDE00\":1,\"\uFF5E\":2,\"a!\":3,\"a\":4,\"a b\":5}"))
        .isEqualTo("{\"a\":4,\"a b\":5,\"a!\":3,\"\uFF5E\":2,\"\uD83D\uDE00\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":\"\\ud800\"}"})
  void has_no_canonical_form_for_fractions_and_half_characters(String json)
      throws RefusedException {
    JsonObject object = parse(json);

    assertThatThrownBy(object::canonical).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        " {}",
        "\uFEFF{}",
        "{",
        "{} x",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{\"a\":123456789012345678901234567890}"
      })
  void refuses_what_is_not_one_strict_object(String json) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("test: ");
  }

  @Test
  void refuses_what_is_too_deep_or_too_long() {
    assertThatThrownBy(() -> parse("{\"a\":".repeat(40) + "1" + "}".repeat(40)))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> parse("{\"a\":\"" + "x".repeat(10_000) + "\"}"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("test: 10008 bytes (expected: <= 10000)");
  }

  @Test
  void takes_one_form_of_a_number_in_a_text_and_of_base64() throws RefusedException {
    JsonObject good = parse("{\"n\":\"12\",\"b\":\"AAE=\"}");
    assertThat(good.decimal("n", 0, 12)).isEqualTo(12);
    assertThat(good.base64("b")).containsExactly(0, 1);

    for (String number :
        new String[] {"012", "+12", "-0", "13", "-1", "1e1", "", "99999999999999999999"}) {
      assertThatThrownBy(() -> parse("{\"n\":\"%s\"}".formatted(number)).decimal("n", 0, 12))
          .hasMessage(
              "test.n: \"%s\" (expected: a text of an integer in [0, 12])".formatted(number));
    }
    for (String base64 : new String[] {"AAE", "AAF=", "AA E=", "_-E=", "A"}) {
      assertThatThrownBy(() -> parse("{\"b\":\"%s\"}".formatted(base64)).base64("b"))
          .hasMessage("test.b: \"%s\" (expected: standard base64 with padding)".formatted(base64));
    }
  }

  @Test
  void names_the_member_that_is_wrong_and_what_was_expected() throws RefusedException {
    JsonObject object = parse("{\"a\":{\"n\":-1,\"t\":7,\"when\":\"noon\",\"l\":[1]}}").object("a");

    assertThatThrownBy(() -> object.number("n", 0, 9))
        .hasMessage("test.a.n: -1 (expected: an integer in [0, 9])");
    assertThatThrownBy(() -> object.text("t")).hasMessage("test.a.t: 7 (expected: a text)");
    assertThatThrownBy(() -> object.text("no")).hasMessage("test.a.no: missing (expected: a text)");
    assertThatThrownBy(() -> object.time("when"))
        .hasMessage("test.a.when: \"noon\" (expected: a time, 2026-01-02T03:04:05Z)");
    assertThatThrownBy(() -> object.objects("l", 9))
        .hasMessage("test.a.l: 1 (expected: a list of objects)");
    assertThatThrownBy(() -> object.texts("l", 0))
        .hasMessage("test.a.l: a list of 1 (expected: a list of at most 0)");
  }
}
