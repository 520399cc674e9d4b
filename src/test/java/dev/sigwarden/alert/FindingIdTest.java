package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FindingIdTest {
  private static final String RULE = "unexpected-signature/acme-release";
  private static final String LOG = "log2025-1.rekor.sigstore.dev";

  @Test
  void gives_the_id_that_another_implementation_computed() throws IOException {
    String expected =
        JsonMapper.builder()
            .build()
            .readTree(Vectors.dir("alert-schemas").resolve("examples/ids.json").toFile())
            .get("uid")
            .textValue();
    assertThat(FindingId.finding("acme", RULE, LOG, 123456789)).isEqualTo(expected);
  }

  @Test
  void is_36_characters_that_every_receiver_takes() {
    assertThat(FindingId.finding("acme", RULE, LOG, 123456789))
        .isEqualTo("swf_qckcjdl5foaoemnppso6sht3blfumc5z")
        .matches("swf_[a-z2-7]{32}");
    assertThat(FindingId.condition("acme", "log-unreachable", "rekor")).matches("swf_[a-z2-7]{32}");
  }

  @Test
  void differs_when_any_fact_differs() {
    assertThat(
            java.util.Set.of(
                FindingId.finding("a", "b", "c", 1),
                FindingId.finding("x", "b", "c", 1),
                FindingId.finding("a", "x", "c", 1),
                FindingId.finding("a", "b", "x", 1),
                FindingId.finding("a", "b", "c", 2),
                FindingId.finding("a\nb", "c", "", 1),
                FindingId.finding("a", "b\nc", "", 1),
                FindingId.condition("a", "b", "c"),
                FindingId.condition("a", "b\nc", "")))
        .hasSize(9);
  }
}
