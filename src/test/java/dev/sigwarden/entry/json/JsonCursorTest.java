package dev.sigwarden.entry.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
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
}
