package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Arrays;
import java.util.Base64;

/// ASCII armor around a public key. RFC 9580 section 6.2. One block and nothing but white space
/// around it, since readers differ in which of several they take. The checksum is passed over, as
/// section 6.1 says.
final class Armor {
  static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final String END = "-----END PGP PUBLIC KEY BLOCK-----";

  private Armor() {}

  /// The bytes inside the armor.
  static byte[] open(byte[] armored) throws MalformedSignerException {
    String text = new String(armored, ISO_8859_1).strip();
    int end = text.indexOf(END);
    if (!text.startsWith(BEGIN) || end < 0 || end + END.length() != text.length()) {
      throw new MalformedSignerException(
          "OpenPGP key: %d bytes (expected: one PUBLIC KEY BLOCK in armor)"
              .formatted(armored.length));
    }
    int from = afterHeaders(text, BEGIN.length(), end);
    byte[] base64 = new byte[end - from];
    int length = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      boolean lineStart = text.charAt(i - 1) == '\n';
      if (c == '=' && lineStart && end - i > 4) {
        // The checksum: `=` and four characters on a line of its own, the last one.
        String rest = text.substring(i, end).strip();
        if (rest.length() != 5) {
          throw new MalformedSignerException("OpenPGP key: text after the armor's checksum");
        }
        break;
      }
      if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
        base64[length++] = (byte) c;
      }
    }
    try {
      return Base64.getDecoder().decode(Arrays.copyOf(base64, length));
    } catch (IllegalArgumentException e) {
      throw new MalformedSignerException("OpenPGP key: armor is not base64: " + e.getMessage());
    }
  }

  /// The index behind the headers (`Version: …`) and the blank line that ends them.
  private static int afterHeaders(String text, int from, int end) throws MalformedSignerException {
    int at = text.indexOf('\n', from) + 1;
    if (at == 0 || !text.substring(from, at).isBlank()) {
      throw new MalformedSignerException("OpenPGP key: text on the armor's first line");
    }
    while (at < end) {
      int next = text.indexOf('\n', at) + 1;
      if (next == 0 || next > end) {
        break;
      }
      String line = text.substring(at, next);
      if (line.isBlank()) {
        return next;
      }
      if (line.indexOf(": ") < 0 && !line.strip().endsWith(":")) {
        break;
      }
      at = next;
    }
    throw new MalformedSignerException("OpenPGP key: armor without a blank line after its headers");
  }
}
