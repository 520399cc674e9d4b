package dev.sigwarden.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies and parameters of calls, before they are anything.
class StrictJsonTest {
  private final ObjectMapper mapper = new ObjectMapper();

  @BeforeEach
  void customize() {
    new StrictJson().customize(mapper);
  }

  @Test
  void body_that_means_one_thing_is_read() throws JsonProcessingException {
    TokensResource.Wanted wanted =
        mapper.readValue(
            "{\"name\":\"ci\",\"role\":\"release\",\"allowlists\":[\"a\"],\"days\":5}",
            TokensResource.Wanted.class);
    assertThat(wanted.name()).isEqualTo("ci");
    assertThat(wanted.allowlists()).containsExactly("a");
    assertThat(wanted.days()).isEqualTo(5);
    assertThat(wanted.reason()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":\"a\"} {\"name\":\"b\"}",
        "{\"name\":\"a\"} x",
        "{\"name\":5}",
        "{\"name\":true}",
        "{\"name\":1.5}",
        "{\"days\":1.9}",
        "{\"days\":\"5\"}",
        "{\"days\":\"\"}",
        "{\"days\":true}",
        "{\"allowlists\":[null]}",
        "{\"allowlists\":[1]}",
        "{\"allowlists\":\"a\"}",
        "{\"unknown\":1}",
        "[\"a\"]",
        "\"a\"",
        "\"\"",
      })
  void body_that_could_mean_another_is_refused(String body) {
    assertThatThrownBy(() -> mapper.readValue(body, TokensResource.Wanted.class))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void flag_that_is_no_flag_does_not_force_a_silence() {
    for (String flag : List.of("\"true\"", "1", "\"\"")) {
      assertThatThrownBy(
              () -> mapper.readValue("{\"force\":" + flag + "}", SilencesResource.Wanted.class))
          .as(flag)
          .isInstanceOf(JacksonException.class);
    }
  }

  @Test
  void parameters_are_those_of_the_call_each_once() throws NoSuchMethodException {
    var method = SilencesResource.class.getMethod("list", boolean.class, Integer.class);
    assertThat(Parameters.wrong(method, Map.of("over", List.of("true")))).isEmpty();
    assertThat(Parameters.wrong(method, Map.of("ovr", List.of("true"))).orElseThrow())
        .hasMessage("ovr: no parameter of this call (expected: limit, over)");
    assertThat(Parameters.wrong(method, Map.of("limit", List.of("1", "2"))).orElseThrow())
        .hasMessage("limit: 2 values (expected: one)");
  }
}
