package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Any entry is undecodable for a reason of its own, or an event of the kind, version and digests
/// that Jackson's tree of it has.
class DecodersFuzz {
  private static final EntryDecoder REKOR = Decoders.found().forFormat("rekor");
  private static final JsonMapper TREE = JsonMapper.builder().build();

  @FuzzTest
  void finds_no_bug_behind_the_guard(byte[] entry) throws IOException {
    Decoded decoded = REKOR.decode(EntryBytes.of(entry));
    String description = Describe.decoded(decoded);
    if (description.startsWith("undecodable: the decoder for ")) {
      throw new AssertionError(description);
    }
    if (decoded instanceof Decoded.Event(SigningEvent event)) {
      JsonNode tree = TREE.readTree(entry);
      assertThat(event.kind()).isEqualTo(tree.path("kind").textValue());
      assertThat(event.version()).isEqualTo(tree.path("apiVersion").textValue());
      List<String> said = new ArrayList<>();
      texts(tree, said);
      assertThat(said)
          .containsAll(event.artifacts().stream().map(a -> a.digest().toHex()).toList());
    }
  }

  /// Every text in lowercase, and every one that is base64 as hex of what it stands for.
  private static void texts(JsonNode node, List<String> texts) {
    if (node.isTextual()) {
      texts.add(node.textValue().toLowerCase(Locale.ROOT));
      try {
        byte[] bytes = Base64.getDecoder().decode(node.textValue());
        texts.add(HexFormat.of().formatHex(bytes));
      } catch (IllegalArgumentException _) {
        // Another kind of text.
      }
    }
    node.forEach(child -> texts(child, texts));
  }
}
