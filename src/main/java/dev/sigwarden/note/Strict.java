package dev.sigwarden.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// The strict readings that the parsers of this package share: one byte form for each value.
final class Strict {
  /// Characters of foreign text that a message shows.
  private static final int MAX_EXCERPT_CHARS = 80;

  private static final int MAX_DECIMAL_DIGITS = 19;

  private Strict() {}

  /// The bytes as text, if they are valid UTF-8.
  static String utf8(byte[] bytes) throws MalformedNoteException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedNoteException("text is not valid UTF-8", e);
    }
  }

  /// Refuses text that no note can hold: characters below U+0020 other than newline, and lone
  /// surrogates, which have no UTF-8. c2sp.org/signed-note#format.
  static void requireNoteText(String text) throws MalformedNoteException {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (surrogate || (c < ' ' && c != '\n')) {
        throw new MalformedNoteException("character U+%04X in a note's text".formatted(c));
      }
      i += Character.charCount(c);
    }
  }

  /// The key name, if it is one: not empty, no Unicode space, no plus, no control character.
  /// c2sp.org/signed-note#format.
  static String keyName(String name) throws MalformedNoteException {
    requireNoteText(name);
    boolean bad =
        name.isEmpty()
            || name.codePoints()
                .anyMatch(c -> c == '+' || c == '\n' || c == '\u0085' || Character.isSpaceChar(c));
    if (bad) {
      throw new MalformedNoteException(
          "key name: " + excerpt(name) + " (expected: not empty, no space, no plus)");
    }
    return name;
  }

  /// The bytes written as standard base64, padded and canonical.
  static byte[] base64(String text) throws MalformedNoteException {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(ascii);
    } catch (IllegalArgumentException e) {
      throw new MalformedNoteException("base64: " + excerpt(text), e);
    }
    if (!Arrays.equals(Base64.getEncoder().encode(bytes), ascii)) {
      throw new MalformedNoteException("base64 is not canonical: " + excerpt(text));
    }
    return bytes;
  }

  /// The number in `[0, 2^63)` written in ASCII digits without leading zeros.
  static long decimal(String text) throws MalformedNoteException {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DECIMAL_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.length() == 1 || text.charAt(0) != '0');
    if (digits) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new MalformedNoteException("number: " + text + " (expected: below 2^63)", e);
      }
    }
    throw new MalformedNoteException(
        "number: " + excerpt(text) + " (expected: decimal, no leading zeros, below 2^63)");
  }

  /// Foreign text as a message may show it: quoted, printable ASCII, at most 80 characters of it.
  static String excerpt(String text) {
    StringBuilder shown = new StringBuilder("\"");
    int end = Math.min(text.length(), MAX_EXCERPT_CHARS);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      shown.append(c < ' ' || c > '~' || c == '"' ? '?' : c);
    }
    return shown.append(end < text.length() ? "\"..." : "\"").toString();
  }
}
