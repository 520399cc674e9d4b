package dev.sigwarden.lookalike;

import com.ibm.icu.text.IDNA;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A subject with everything taken off that hides a name behind another way to write it.
///
/// @param decoded the subject with punycode and percent signs decoded
/// @param plain `decoded` with each character outside ASCII replaced by what it is drawn like
/// @param punycode whether a label was punycode (RFC 3492)
public record Unveiled(String decoded, String plain, boolean punycode) {
  /// Characters of a subject that are looked at: no owner, host or address is that long, and what
  /// is beyond costs time only.
  public static final int MAX_CHARS = 2_048;

  /// Characters of a DNS label. RFC 1035 section 2.3.4.
  private static final int MAX_LABEL = 63;

  private static final String PUNYCODE = "xn--";

  private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_UNICODE);

  /// Unveils a subject.
  public static Unveiled of(String subject) {
    String bounded = subject.length() > MAX_CHARS ? subject.substring(0, MAX_CHARS) : subject;
    String percent = bounded.indexOf('%') < 0 ? bounded : percentDecoded(bounded);
    String decoded = punycodeDecoded(percent);
    return new Unveiled(decoded, plain(decoded), !decoded.equals(percent));
  }

  /// Whether the characters in `[from, to)` of a subject need no unveiling: ASCII, nothing
  /// percent-encoded, no punycode.
  public static boolean isPlain(String subject, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = subject.charAt(i);
      if (c >= 128 || c == '%' || (c == '-' && isPunycode(subject, i - 2))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPunycode(String text, int at) {
    return at >= 0 && text.regionMatches(true, at, PUNYCODE, 0, PUNYCODE.length());
  }

  /// RFC 3986 section 2.1, once; what is no UTF-8 becomes U+FFFD, an incomplete escape stays.
  private static String percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String punycodeDecoded(String text) {
    StringBuilder out = null;
    int copied = 0;
    for (int at = 0; at < text.length(); at++) {
      boolean starts = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      if (!starts || !isPunycode(text, at)) {
        continue;
      }
      int end = at;
      while (end < text.length() && isOfLabel(text.charAt(end))) {
        end++;
      }
      if (end - at <= MAX_LABEL) {
        StringBuilder label = new StringBuilder();
        IDNA.Info info = new IDNA.Info();
        UTS46.labelToUnicode(text.substring(at, end).toLowerCase(Locale.ROOT), label, info);
        if (!info.hasErrors()) {
          out = out == null ? new StringBuilder(text.length()) : out;
          out.append(text, copied, at).append(label);
          copied = end;
        }
      }
      at = end - 1;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private static boolean isOfLabel(char c) {
    return c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /// Marks that a letter carries stay where they are drawn, so that no name with them becomes one
  /// without.
  private static String plain(String text) {
    if (Confusables.isAscii(text)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c < 128) {
        plain.append((char) c);
      } else {
        plain.append(Confusables.skeleton(Character.toString(c)));
      }
      i += Character.charCount(c);
    }
    return plain.toString();
  }
}
