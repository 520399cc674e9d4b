package dev.sigwarden.entry.der;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Strings as certificates hold them.
public final class DerText {
  public static final int UTF8_STRING = 0x0c;
  public static final int IA5_STRING = 0x16;

  /// Stands for bytes that are no text in their encoding.
  public static final char REPLACEMENT = '\uFFFD';

  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

  private DerText() {}

  /// The contents `[from, to)` of an element with this tag as text, bytes that are no text replaced
  /// by U+FFFD; null if the tag is not that of a string. ASCII kinds are read as UTF-8, of which
  /// ASCII is a part.
  public static @Nullable String of(int tag, byte[] bytes, int from, int to) {
    Charset charset =
        switch (tag) {
          // UTF8, Numeric, Printable, IA5, Visible
          case UTF8_STRING, 0x12, 0x13, IA5_STRING, 0x1a -> StandardCharsets.UTF_8;
          // Teletex: in practice Latin-1
          case 0x14 -> StandardCharsets.ISO_8859_1;
          case 0x1c -> UTF_32BE;
          case 0x1e -> StandardCharsets.UTF_16BE;
          default -> null;
        };
    return charset == null ? null : new String(bytes, from, to - from, charset);
  }

  /// The bytes `[from, to)` as UTF-8 text, what is not UTF-8 replaced by U+FFFD.
  public static String utf8(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /// Whether decoding had to replace something, or the text holds U+FFFD itself.
  public static boolean wasReplaced(String text) {
    return text.indexOf(REPLACEMENT) >= 0;
  }
}
