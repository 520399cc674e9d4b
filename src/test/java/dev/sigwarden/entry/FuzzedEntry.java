package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.SigningEventJson;
import dev.sigwarden.text.Sanitizer;
import java.util.Arrays;
import java.util.stream.Stream;

/// What holds of every decoder and any bytes: it answers, says the same again wherever the bytes
/// stand, reads nothing beside them and writes nothing, and of what it refuses it says why in plain
/// words. What it claims of its artifact is bounded, and shown in safe form.
public final class FuzzedEntry {
  /// Bytes before and behind an entry in a larger buffer.
  private static final int MARGIN = 33;

  /// Characters of one shown value: each of its code points may be an escape.
  private static final int MAX_SHOWN = 12 * Sanitizer.MAX_CODE_POINTS;

  private FuzzedEntry() {}

  /// Asserts it.
  public static void check(EntryDecoder decoder, byte[] entry) {
    Decoded decoded = decoder.decode(EntryBytes.of(entry));
    String said = Describe.decoded(decoded);
    for (char beside : new char[] {'"', '0', '}', '\0'}) {
      byte[] buffer = new byte[entry.length + 2 * MARGIN];
      Arrays.fill(buffer, (byte) beside);
      System.arraycopy(entry, 0, buffer, MARGIN, entry.length);
      byte[] before = buffer.clone();
      EntryBytes inside = new EntryBytes(buffer, MARGIN, entry.length);
      assertThat(Describe.decoded(decoder.decode(inside))).isEqualTo(said);
      assertThat(buffer).isEqualTo(before);
    }
    switch (decoded) {
      case Decoded.Undecodable(String reason) -> {
        assertThat(reason).isNotBlank();
        assertThat(reason.codePoints()).noneMatch(Character::isISOControl);
      }
      case Decoded.Event(SigningEvent event) -> {
        assertThat(event.kind()).isEqualTo(decoder.kind());
        assertThat(event.entry().toBytes()).isEqualTo(entry);
        assertThat(event.claimed().names()).hasSizeLessThanOrEqualTo(ClaimedArtifact.MAX_NAMES);
        ObjectNode shown = JsonMapper.builder().build().createObjectNode();
        SigningEventJson.addTo(shown, event);
        shown
            .path("what")
            .valueStream()
            .flatMap(value -> value.isArray() ? value.valueStream() : Stream.of(value))
            .forEach(value -> {
              assertThat(value.textValue().codePoints()).allMatch(Sanitizer::isShown);
              assertThat(value.textValue()).hasSizeLessThan(MAX_SHOWN);
            });
      }
    }
  }
}
