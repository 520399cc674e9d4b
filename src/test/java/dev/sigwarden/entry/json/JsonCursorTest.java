package dev.sigwarden.entry.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
  /// Short strings are found again by three numbers made of their bytes: each byte must count.
  @Test
  void short_strings_that_differ_in_one_byte_are_never_taken_for_each_other() throws Exception {
    for (int length = 1; length <= 40; length++) {
      for (int place = 0; place < length; place++) {
        for (char other : "bqz".toCharArray()) {
          StringBuilder text = new StringBuilder("a".repeat(length));
          text.setCharAt(place, other);
          assertThat(only("a".repeat(length))).isEqualTo("a".repeat(length));
          assertThat(only(text.toString())).isEqualTo(text.toString());
        }
      }
    }
    assertThat(only("")).isEmpty();
  }

  private static String only(String text) throws Exception {
    byte[] json = "{\"%s\":\"%s\"}".formatted(text, text).getBytes(UTF_8);
    try (JsonCursor cursor = JsonCursor.open(json, 0, json.length)) {
      String name = cursor.nextName();
      assertThat(cursor.text()).isEqualTo(name);
      assertThat(cursor.nextName()).isNull();
      cursor.end();
      return String.valueOf(name);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 9, 10, 40})
  void names_of_an_object_count_for_it_alone_however_many_there_are(int count) throws Exception {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      names.append("\"n%d\":0,".formatted(i));
    }
    String once = "{%s\"end\":0}".formatted(names);
    String inner = "{%s\"in\":%s,\"again\":[%s,%s]}".formatted(names, once, once, once);
    byte[] fine = inner.getBytes(UTF_8);
    try (JsonCursor cursor = JsonCursor.open(fine, 0, fine.length)) {
      int found = 0;
      while (cursor.nextName() != null) {
        cursor.skip();
        found++;
      }
      cursor.end();
      assertThat(found).isEqualTo(count + 2);
    }
    for (String twice :
        List.of(
            inner.replace("\"again\"", "\"n0\""),
            inner.replace("\"again\"", "\"n%d\"".formatted(count - 1)),
            inner.replace("\"end\"", "\"n0\""))) {
      byte[] bytes = twice.getBytes(UTF_8);
      assertThatThrownBy(
              () -> {
                try (JsonCursor cursor = JsonCursor.open(bytes, 0, bytes.length)) {
                  while (cursor.nextName() != null) {
                    cursor.skip();
                  }
                }
              })
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("Duplicate name");
    }
  }

  @Test
  void reads_base64_wherever_it_lies_and_however_it_is_written() throws Exception {
    long seed = 5;
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      byte[] value = new byte[random.nextInt(70)];
      random.nextBytes(value);
      String base64 = Base64.getEncoder().encodeToString(value);
      String written =
          switch (random.nextInt(3)) {
            case 0 -> base64.replace("/", "\\/");
            case 1 -> base64.replace("A", "\\u0041");
            default -> base64;
          };
      String json =
          "{\"ä\":[%s]%s,\n\"b\"%s:%s\"%s\"}"
              .formatted(
                  "7,".repeat(random.nextInt(4)) + "7",
                  " ".repeat(random.nextInt(3)),
                  "\t".repeat(random.nextInt(3)),
                  " \r\n".repeat(random.nextInt(3)),
                  written);
      byte[] bytes = json.getBytes(UTF_8);
      int offset = random.nextInt(9);
      byte[] buffer = new byte[offset + bytes.length + random.nextInt(9)];
      System.arraycopy(bytes, 0, buffer, offset, bytes.length);
      try (JsonCursor cursor = JsonCursor.open(buffer, offset, bytes.length)) {
        assertThat(cursor.nextName()).isEqualTo("ä");
        cursor.skip();
        assertThat(cursor.nextName()).isEqualTo("b");
        assertThat(cursor.base64()).as("seed %d, round %d: %s", seed, round, json).isEqualTo(value);
        assertThat(cursor.nextName()).isNull();
        cursor.end();
      }
    }
  }

  @Test
  void reads_numbers_in_the_digits_that_stand_there() throws Exception {
    for (String number : List.of("0", "-1", "18446744073709551616", "1.50e+3")) {
      byte[] json = "{\"a\": %s }".formatted(number).getBytes(UTF_8);
      JsonCursor cursor = JsonCursor.open(json, 0, json.length);
      cursor.nextName();
      assertThat(cursor.number()).isEqualTo(number);
      assertThat(cursor.nextName()).isNull();
    }
    for (String other : List.of("\"1\"", "01", "-", "+1", "true", "null", "{}", "[1]", "")) {
      byte[] json = "{\"a\": %s}".formatted(other).getBytes(UTF_8);
      assertThatThrownBy(
              () -> {
                JsonCursor cursor = JsonCursor.open(json, 0, json.length);
                cursor.nextName();
                cursor.number();
                cursor.nextName();
              })
          .as(other)
          .isInstanceOf(MalformedJsonException.class);
    }
  }

  @Test
  void walks_arrays_of_anything() throws Exception {
    byte[] json = "{\"a\":[{\"b\":\"c\"},[\"d\"],7,{}],\"e\":\"f\"}".getBytes(UTF_8);
    try (JsonCursor cursor = JsonCursor.open(json, 0, json.length)) {
      cursor.nextName();
      cursor.enterArray();
      assertThat(cursor.nextElement()).isTrue();
      cursor.enterObject();
      assertThat(cursor.nextName()).isEqualTo("b");
      assertThat(cursor.text()).isEqualTo("c");
      assertThat(cursor.nextName()).isNull();
      assertThat(cursor.nextElement()).isTrue();
      cursor.skip();
      assertThat(cursor.nextElement()).isTrue();
      cursor.skip();
      assertThat(cursor.nextElement()).isTrue();
      cursor.skip();
      assertThat(cursor.nextElement()).isFalse();
      assertThat(cursor.nextName()).isEqualTo("e");
      assertThat(cursor.text()).isEqualTo("f");
      assertThat(cursor.nextName()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"=\"}",
        "{\"a\":\"A\"}",
        "{\"a\":\"AA==A\"}",
        "{\"a\":\"AA\\n==\"}",
        "{\"a\":\"AA ==\"}",
        "{\"a\":\"AAä=\"}",
        "{\"a\":\"_-==\"}",
        "{\"a\":\"AAAA",
        "{\"a\":7}",
        "{\"a\":{}}",
        "{\"a\"}"
      })
  void refuses_what_is_not_base64(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    assertThatThrownBy(
            () -> {
              try (JsonCursor cursor = JsonCursor.open(bytes, 0, bytes.length)) {
                cursor.nextName();
                cursor.base64();
                cursor.nextName();
              }
            })
        .isInstanceOf(MalformedJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ }",
        "{\"a\":1} \r\n\t",
        "{\"a\":1}x",
        "{\"a\":1}}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":[1}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":-0.0e-0}",
        "{\"a\":1.}",
        "{\"a\":.1}",
        "{\"a\":+1}",
        "{\"a\":1e}",
        "{\"a\":1x}",
        "{\"a\":NaN}",
        "{\"a\":truex}",
        "{\"a\":nul}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\uD800\"}",
        "{\"a\":\"\\u",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\u007f\"}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":{\"b\":1,\"c\":[{\"b\":1,\"b\":2}]}}",
        "{\"a\":{\"b\":1},\"c\":{\"b\":1}}",
        "{\"\":1,\"\":2}",
        "{'a':1}",
        "{\"a\":1/**/}",
        "[1]",
        "{",
      })
  void takes_strict_json_and_nothing_else(String json) throws Exception {
    JsonOracle.agrees(json.getBytes(UTF_8));
  }

  @Test
  void refuses_bytes_that_are_not_utf_8() throws Exception {
    for (String hex :
        "80 bf c080 c1bf c2 c220 e0 e09fbf e28280 e282 eda080 f08fbfbf f0908080 f4908080 f5808080 ff"
            .split(" ")) {
      byte[] inner = HexFormat.of().parseHex(hex);
      byte[] json = ("{\"a\":\"" + "-".repeat(inner.length) + "\"}").getBytes(UTF_8);
      System.arraycopy(inner, 0, json, 6, inner.length);
      JsonOracle.agrees(json);
    }
  }

  @Test
  void reads_whatever_lies_across_the_eight_bytes_that_it_looks_at_together() throws Exception {
    for (String special : List.of("\"", "\\n", "\\u00e4", "ä", "€", "😀", "\u001f", "\t")) {
      for (int before = 0; before < 20; before++) {
        for (int after = 0; after < 12; after++) {
          String text = "x".repeat(before) + special + "y".repeat(after);
          JsonOracle.agrees("{\"%s\":\"%s\"}".formatted(text, text).getBytes(UTF_8));
        }
      }
    }
  }

  @Test
  void finds_a_repeated_name_among_any_number() throws Exception {
    for (int names = 1; names < 40; names++) {
      for (int repeated = -1; repeated < names; repeated++) {
        StringBuilder json = new StringBuilder("{\"a\":{");
        for (int i = 0; i < names; i++) {
          json.append("\"n%d\":%d,".formatted(i, i));
        }
        json.append("\"n%d\":0}}".formatted(repeated < 0 ? names : repeated));
        JsonOracle.agrees(json.toString().getBytes(UTF_8));
      }
    }
  }

  @Test
  void refuses_what_is_nested_too_deeply() throws Exception {
    for (int depth = JsonCursor.MAX_DEPTH - 2; depth < JsonCursor.MAX_DEPTH + 2; depth++) {
      JsonOracle.agrees(("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(UTF_8));
    }
  }

  @Test
  void agrees_with_another_parser_on_altered_entries() throws Exception {
    byte[] entry =
        """
        {"apiVersion":"0.0.2","kind":"h\\u00e4","spec":{"x":[{"y":"ä€😀","z":-1.5e3},true,null,[]]}}\
        """
            .getBytes(UTF_8);
    Random random = new Random(7);
    for (int round = 0; round < 30_000; round++) {
      byte[] altered = entry.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        byte[] from = random.nextBoolean() ? entry : "\\\"{}[],:0e.-u \u0000".getBytes(UTF_8);
        altered[random.nextInt(altered.length)] = from[random.nextInt(from.length)];
      }
      JsonOracle.agrees(Arrays.copyOf(altered, altered.length - random.nextInt(2)));
    }
  }
}
