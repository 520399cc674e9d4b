package dev.sigwarden.feed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.SigningEventJson;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.store.Feeds.Numbered;
import dev.sigwarden.store.Observation;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Verdict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Lays observations out as records of a topic, each a CloudEvent in binary mode.
///
/// ```json
/// {"tenant": "default", "log": "rekor-2025", "branch": 0, "index": "17", "leaf": "00ff…",
///  "watch": "acme-release", "severity": "critical", "owner": "…", "runbook": "…",
///  "verdict": "unexpected", "because": "…", "graceUntil": "", "sequence": "4711",
///  "firstSeen": "2026-11-22T10:00:00.000Z", "loggedAt": "", "changedAt": "2026-11-22T10:00:00.000Z",
///  "format": "rekor", "signers": [{"identity": "…"}], "what": {"digest": "sha256:…"},
///  "fromLog": ["signers.identity"], "undecodable": ""}
/// ```
///
/// The promises are those of `AlertJson`: every key is always there, but for `moreSigners`, text
/// that does not apply is `""`, numbers that may have 63 bits are text, and what is named in
/// `fromLog` somebody wrote into a log.
///
/// @param tenant whose observations these are
/// @param instance the daemon's name
/// @param decoders read entries
record ObservationRecord(String tenant, String instance, Decoders decoders) {
  /// The type of the event.
  static final String TYPE = "dev.sigwarden.observation.v1";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  /// What tells one observation from all others in the topic, whatever its verdict.
  String key(Observation observation) {
    return "%s/%s/%d/%d/%s"
        .formatted(
            tenant,
            observation.log(),
            observation.branch(),
            observation.index(),
            observation.watch());
  }

  /// The record. All observations of one log go to one partition, in their order. Its time is that
  /// of sending: brokers refuse one that is ahead of theirs by an hour, which a clock that was
  /// wrong once would leave behind for good.
  ///
  /// @param partitions how many the topic has
  ProducerRecord<String, byte[]> of(Numbered numbered, String topic, int partitions) {
    Observation observation = numbered.observation();
    String key = key(observation);
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            topic,
            Math.floorMod(observation.log().hashCode(), partitions),
            key,
            CloudEvent.bytes(json(numbered)));
    header(record, "ce_specversion", "1.0");
    header(record, "ce_id", key + "/" + numbered.number());
    header(
        record,
        "ce_source",
        "urn:sigwarden:" + URLEncoder.encode(instance, StandardCharsets.UTF_8));
    header(record, "ce_type", TYPE);
    header(record, "ce_subject", key);
    header(record, "ce_time", time(numbered.changedAt()));
    header(record, "ce_partitionkey", observation.log());
    header(record, "ce_sequence", "%020d".formatted(numbered.number()));
    header(record, "content-type", CloudEvent.DATA_TYPE);
    return record;
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /// The value.
  ObjectNode json(Numbered numbered) {
    Observation observation = numbered.observation();
    ObjectNode json = MAPPER.createObjectNode();
    json.put("tenant", tenant);
    json.put("log", observation.log());
    json.put("branch", observation.branch());
    json.put("index", Long.toString(observation.index()));
    json.put("leaf", observation.leaf().toHex());
    json.put("watch", observation.watch());
    json.put("severity", observation.observer().severity().label());
    json.put("owner", observation.observer().owner());
    json.put("runbook", observation.observer().runbook());
    addVerdict(json, observation.verdict());
    json.put("sequence", Long.toString(numbered.number()));
    json.put("firstSeen", time(observation.firstSeen()));
    json.put("loggedAt", observation.loggedAt().map(ObservationRecord::time).orElse(""));
    json.put("changedAt", time(numbered.changedAt()));
    json.put("format", observation.format());
    addEvent(json, observation);
    return json;
  }

  private static void addVerdict(ObjectNode json, Verdict verdict) {
    switch (verdict) {
      case Verdict.Expected(String because) -> addVerdict(json, "expected", because, "");
      case Verdict.Pending(Instant until, String because) ->
          addVerdict(json, "pending", because, time(until));
      case Verdict.Unexpected(String because) -> addVerdict(json, "unexpected", because, "");
    }
  }

  private static void addVerdict(ObjectNode json, String verdict, String because, String until) {
    json.put("verdict", verdict);
    json.put("because", Sanitizer.clean(because));
    json.put("graceUntil", until);
  }

  private void addEvent(ObjectNode json, Observation observation) {
    Optional<String> undecodable = Optional.empty();
    if (!decoders.formats().contains(observation.format())) {
      undecodable = Optional.of("no decoder for this format");
    } else {
      switch (decoders.forFormat(observation.format()).decode(observation.entry())) {
        case Decoded.Event(var event) -> SigningEventJson.addTo(json, event);
        case Decoded.Undecodable(String reason) -> undecodable = Optional.of(reason);
      }
    }
    if (undecodable.isPresent()) {
      json.putArray("signers");
      json.putObject("what");
      json.putArray("fromLog").add("undecodable");
    }
    json.put("undecodable", undecodable.map(Sanitizer::clean).orElse(""));
  }

  private static String time(Instant time) {
    return MILLIS.format(time.truncatedTo(ChronoUnit.MILLIS));
  }
}
