package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The address of a finding in what receivers are told.
class LinksIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static List<JsonNode> told(WholeProgram program, String uid) {
    return program.hook().messages().stream()
        .filter(message -> message.id().startsWith(uid))
        .map(message -> {
          try {
            return JSON.readTree(message.body()).path("data");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }

  @Test
  void finding_is_told_with_its_address_and_a_condition_without_one() {
    try (WholeProgram program = new WholeProgram(folder)) {
      program.config().publicUrl("https://sigwarden.acme.example/monitor/");
      program.others(10).start().awaitJudged();
      program.log().append(Entries.watched("release 2"));
      Alert finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
      program.awaitDelivered();
      program.log().down();
      program.until("a failed turn", () -> !program.status().error().isEmpty());
      program.clock().pass(Duration.ofHours(1));
      Alert condition = program.awaitCondition(Kind.LOG_UNREACHABLE);
      program.until("word of it", () -> !told(program, condition.uid()).isEmpty());
      String address = "https://sigwarden.acme.example/monitor/api/v1/findings/" + finding.uid();
      assertThat(told(program, finding.uid()))
          .singleElement()
          .satisfies(data -> assertThat(data.path("url").asText()).isEqualTo(address));
      assertThat(told(program, condition.uid()))
          .allSatisfy(data -> assertThat(data.path("url").asText("none")).isEmpty());
      assertThat(program.mail(finding)).contains("FINDING " + address);
      assertThat(program.mail(condition)).doesNotContain("/api/v1/findings/");
      assertThat(program.daemon().store().finding(finding.uid()).orElseThrow().alert().url())
          .as("an address is no part of what was found")
          .isEmpty();
    }
  }
}
