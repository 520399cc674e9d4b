package dev.sigwarden.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sigwarden.TestClock;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.store.Feeds.Numbered;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.StoreSamples;
import dev.sigwarden.watch.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ObservationRecordTest {
  private final ObservationRecord records =
      new ObservationRecord("acme", "prod 1", Decoders.found());

  private static Numbered numbered(String format, byte[] entry, Verdict verdict) {
    Observation sample = StoreSamples.observation(17, "acme-release", verdict);
    return new Numbered(4711, TestClock.START, StoreSamples.ofEntry(sample, format, entry));
  }

  private static byte[] signed(String workflow) {
    PracticeSigner authority = new PracticeSigner(Clock.systemUTC(), new SecureRandom());
    return PracticeEntries.hashedRekord(
        authority.certificate(
            PracticeIdentity.githubWorkflow("acme/app", workflow, "refs/tags/v1.0.0")),
        new byte[] {1});
  }

  @Test
  void every_record_is_what_the_schema_says() throws Exception {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Files.readString(Path.of("docs", "observation.schema.json")), InputFormat.JSON);
    for (Numbered one :
        List.of(
            numbered("rekor", signed("release.yml"), new Verdict.Expected("on the list")),
            numbered("rekor", signed("other.yml"), new Verdict.Pending(TestClock.START, "wait")),
            numbered("rekor", new byte[] {'{'}, new Verdict.Unexpected("a\nb")),
            numbered("unheard-of", new byte[0], new Verdict.Unexpected("no")))) {
      String json = records.json(one).toString();
      assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
    }
  }

  @Test
  void says_who_signed_what_and_that_a_log_says_so() {
    var json =
        records.json(numbered("rekor", signed("release.yml"), new Verdict.Expected("listed")));
    assertThat(json.at("/signers/0/identity").textValue()).contains("acme/app");
    assertThat(json.at("/signers/0/verified").textValue()).startsWith("no");
    assertThat(json.at("/what/digest").textValue()).startsWith("sha256:");
    assertThat(json.get("fromLog").toString()).contains("\"signers.identity\"");
    assertThat(json.get("undecodable").textValue()).isEmpty();
    assertThat(json.get("sequence").textValue()).isEqualTo("4711");
  }

  @Test
  void entry_that_cannot_be_decoded_any_more_says_why() {
    var json = records.json(numbered("unheard-of", new byte[0], new Verdict.Expected("listed")));
    assertThat(json.get("undecodable").textValue()).isEqualTo("no decoder for this format");
    assertThat(json.get("signers")).isEmpty();
    assertThat(json.get("verdict").textValue()).isEqualTo("expected");
  }

  @Test
  void record_is_a_cloud_event_under_a_key_that_stays_in_the_partition_of_its_log()
      throws Exception {
    Numbered one = numbered("rekor", signed("release.yml"), new Verdict.Expected("listed"));
    ProducerRecord<String, byte[]> record = records.of(one, "t", 7);
    assertThat(record.key()).isEqualTo("acme/rekor/0/17/acme-release");
    assertThat(record.partition()).isEqualTo(records.of(one, "t", 7).partition()).isBetween(0, 6);
    assertThat(record.timestamp()).isNull();
    assertThat(header(record, "ce_id")).isEqualTo("acme/rekor/0/17/acme-release/4711");
    assertThat(header(record, "ce_source")).isEqualTo("urn:sigwarden:prod+1");
    assertThat(header(record, "ce_type")).isEqualTo("dev.sigwarden.observation.v1");
    assertThat(JsonMapper.builder().build().readTree(record.value())).isEqualTo(records.json(one));
  }

  private static String header(ProducerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
