package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;

/// Any entry that `explain` decodes is told in bounded text that a terminal can show.
class EventJsonFuzz {
  private static final EntryDecoder REKOR = Decoders.found().forFormat("rekor");

  /// Characters of one text: every code point escaped, and the count of those left out.
  private static final int MAX_TEXT = Sanitizer.MAX_CODE_POINTS * 10 + 20;

  @FuzzTest
  void explain(byte[] entry) {
    if (REKOR.decode(EntryBytes.of(entry)) instanceof Decoded.Event(SigningEvent event)) {
      ObjectNode node = EventJson.JSON.createObjectNode();
      EventJson.event(node, event);
      assertShown(node);
    }
  }

  private static void assertShown(JsonNode node) {
    assertThat(node.asText()).hasSizeLessThanOrEqualTo(MAX_TEXT);
    assertThat(node.asText().codePoints()).allMatch(Sanitizer::isShown);
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      assertThat(member.getKey()).hasSizeLessThanOrEqualTo(MAX_TEXT);
      assertThat(member.getKey().codePoints()).allMatch(Sanitizer::isShown);
    }
    node.forEach(EventJsonFuzz::assertShown);
  }
}
