package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/// What holds of every decoder and any bytes: it answers, says the same again wherever the bytes
/// stand, reads nothing beside them and writes nothing, and of what it refuses it says why in plain
/// words.
public final class FuzzedEntry {
  /// Bytes before and behind an entry in a larger buffer.
  private static final int MARGIN = 33;

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
      }
    }
  }
}
