package dev.sigwarden.notify.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.notify.HttpReceiverContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElasticsearchChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return "channel: elasticsearch\nurl: %s\napi-key-file: secret\n".formatted(base);
  }

  @Override
  protected void takeEverything() {
    item(201);
  }

  private void item(int status) {
    answer(
        200,
        "{\"errors\":%b,\"items\":[{\"create\":{\"_index\":\"i\",\"_id\":\"d\",\"status\":%d}}]}"
            .formatted(status >= 400, status));
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return ("ApiKey " + secret).equals(request.getHeader("authorization"));
  }

  /// Both lines.
  @Override
  protected JsonNode body(LoggedRequest request) {
    assertThat(request.getBodyAsString()).endsWith("\n");
    ArrayNode lines = MAPPER.createArrayNode();
    try {
      for (String line : request.getBodyAsString().split("\n", -1)) {
        if (!line.isEmpty()) {
          lines.add(MAPPER.readTree(line));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + request.getBodyAsString(), e);
    }
    assertThat(lines).hasSize(2);
    return lines;
  }

  @Override
  protected String id(JsonNode body) {
    return body.at("/0/create/_id").asText("");
  }

  @Override
  protected boolean readsAnswers() {
    return true;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    return List.of(
        body.path(0).toString(),
        body.at("/1/message").asText(""),
        body.at("/1/rule").toString(),
        body.at("/1/event/id").asText(""));
  }

  @ParameterizedTest
  @CsvSource({
    "200, Delivered",
    "201, Delivered",
    "409, Delivered",
    "400, Refused",
    "403, Unauthorized",
    "404, Unauthorized",
    "429, TryAgain",
    "503, TryAgain"
  })
  void goes_by_what_became_of_the_document(int status, String outcome) {
    item(status);
    assertThat(deliver(open()).getClass().getSimpleName()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"{}", "[]", "null", "'{\"items\":[]}'", "<html>"})
  void takes_no_answer_that_says_nothing_of_the_document_for_success(String body) {
    answer(200, body);
    assertThat(deliver(open()).getClass().getSimpleName()).isEqualTo("TryAgain");
  }
}
