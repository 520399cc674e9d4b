package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.pointer;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static dev.sigwarden.watch.Samples.watch;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Any entry is asked for text, literals, and JSON values, which are those of Jackson's tree.
class RawEntryFuzz {
  private static final Set<String> POINTERS = Set.of("/a/0/b", "/a", "/~0~1/é", "/a/1", "");
  private static final JsonMapper TREE =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Watches WATCHES =
      Samples.watches(
          watch("pointer", selector(pointer("/a/0/b", "acme"))),
          watch("text", selector(text("*acme*re*"))),
          watch("literal", selector(subject("release@acme.example"))));

  @FuzzTest
  void ask(byte[] bytes) {
    EntryBytes entry = Samples.entry(bytes);
    WATCHES.select(new SigningEvent("raw", "", List.of(), List.of(), entry));
    WATCHES.literalsIn(entry);
    RawEntry raw = new RawEntry(entry, POINTERS);
    assertThat(raw.text()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    JsonNode tree = tree(raw.text());
    for (String pointer : POINTERS) {
      JsonNode value = tree.at(pointer);
      if (value.isTextual() || value.isIntegralNumber() || value.isBoolean()) {
        assertThat(raw.values(pointer)).containsExactly(value.asText());
      } else if (value.isContainerNode() || (value.isMissingNode() && !tree.isMissingNode())) {
        assertThat(raw.values(pointer)).isEmpty();
      }
    }
  }

  /// The entry as Jackson's tree; missing if it is none or repeats a key.
  private static JsonNode tree(String text) {
    try {
      JsonNode tree = TREE.readTree(text);
      return tree == null ? TREE.missingNode() : tree;
    } catch (IOException _) {
      return TREE.missingNode();
    }
  }
}
