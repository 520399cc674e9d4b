package dev.sigwarden.entry.x509;

import dev.sigwarden.entry.Signer;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Reads the signer from PEM text (RFC 7468): a key, or a certificate with its chain behind it. The
/// first block is the signer, as Rekor takes it. Text outside blocks and headers inside are
/// refused: readers differ in where they see a block begin, and Rekor stores neither.
public final class Pem {
  private static final byte[] BEGIN = latin1("-----BEGIN ");
  private static final byte[] END = latin1("-----END ");
  private static final byte[] DASHES = latin1("-----");

  /// The longest label in bytes; real ones have at most 20.
  private static final int MAX_LABEL = 64;

  private static final String CERTIFICATE = "CERTIFICATE";

  private final byte[] text;
  private int position;
  private String label = "";

  private Pem(byte[] text) {
    this.text = text;
  }

  /// The signer that the PEM text names: the first certificate, or the only key (`PUBLIC KEY`, `RSA
  /// PUBLIC KEY`).
  ///
  /// @throws MalformedSignerException if there is none, or blocks of different kinds
  public static Signer signer(byte[] text) throws MalformedSignerException {
    Pem pem = new Pem(text);
    if (!pem.nextBlock()) {
      throw new MalformedSignerException("PEM: no -----BEGIN in %d bytes".formatted(text.length));
    }
    String first = pem.label;
    byte[] contents = pem.contents();
    while (pem.nextBlock()) {
      pem.contents();
      if (!first.equals(CERTIFICATE) || !pem.label.equals(CERTIFICATE)) {
        throw new MalformedSignerException(
            "PEM: a block %s after a block %s (expected: one key, or certificates only)"
                .formatted(
                    Sanitizer.clean(pem.label, MAX_LABEL), Sanitizer.clean(first, MAX_LABEL)));
      }
    }
    pem.expectSpace(text.length);
    return switch (first) {
      case CERTIFICATE -> Certificates.read(contents);
      case "PUBLIC KEY" -> PublicKeys.read(contents, null);
      case "RSA PUBLIC KEY" -> PublicKeys.readPkcs1(contents);
      default ->
          throw new MalformedSignerException(
              "PEM: block %s (expected: CERTIFICATE, PUBLIC KEY or RSA PUBLIC KEY)"
                  .formatted(Sanitizer.clean(first, MAX_LABEL)));
    };
  }

  /// The contents of the only block in the text.
  ///
  /// @param label what the block must be called
  /// @throws MalformedSignerException if there is no block, another one, or a second
  public static byte[] block(byte[] text, String label) throws MalformedSignerException {
    Pem pem = new Pem(text);
    if (!pem.nextBlock() || !pem.label.equals(label)) {
      throw new MalformedSignerException(
          "PEM: block %s in %d bytes (expected: %s)"
              .formatted(
                  pem.label.isEmpty() ? "none" : Sanitizer.clean(pem.label, MAX_LABEL),
                  text.length,
                  label));
    }
    byte[] contents = pem.contents();
    pem.expectSpace(text.length);
    return contents;
  }

  /// The contents of the first block of that name; what stands before and after is for others:
  /// words of openssl, a chain.
  ///
  /// @throws MalformedSignerException if there is none, or it is not whole
  public static byte[] firstBlock(byte[] text, String label) throws MalformedSignerException {
    Pem pem = new Pem(text);
    byte[] begin = latin1("-----BEGIN " + label + "-----");
    int at = pem.indexOf(begin, 0, text.length);
    if (at < 0) {
      throw new MalformedSignerException(
          "PEM: no block %s in %d bytes".formatted(label, text.length));
    }
    pem.label = label;
    pem.position = at + begin.length;
    return pem.contents();
  }

  /// Moves behind the next BEGIN line and takes its label; false if there is none.
  private boolean nextBlock() throws MalformedSignerException {
    int begin = indexOf(BEGIN, position, text.length);
    if (begin < 0) {
      return false;
    }
    expectSpace(begin);
    int from = begin + BEGIN.length;
    int to = indexOf(DASHES, from, Math.min(text.length, from + MAX_LABEL + DASHES.length));
    if (to < 0) {
      throw new MalformedSignerException("PEM: a -----BEGIN without a label");
    }
    label = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    position = to + DASHES.length;
    return true;
  }

  /// The bytes of the block that was begun, up to its END line.
  private byte[] contents() throws MalformedSignerException {
    int end = indexOf(END, position, text.length);
    if (end < 0) {
      throw new MalformedSignerException("PEM: no -----END");
    }
    byte[] base64 = new byte[end - position];
    int length = 0;
    for (int i = position; i < end; i++) {
      byte b = text[i];
      if (!isSpace(b)) {
        base64[length++] = b;
      }
    }
    position = end + END.length;
    int labelEnd = position + label.length();
    if (indexOf(latin1(label + "-----"), position, Math.min(text.length, labelEnd + DASHES.length))
        != position) {
      throw new MalformedSignerException(
          "PEM: -----END of something else than " + Sanitizer.clean(label, MAX_LABEL));
    }
    position = labelEnd + DASHES.length;
    try {
      return Base64.getDecoder().decode(Arrays.copyOf(base64, length));
    } catch (IllegalArgumentException e) {
      throw new MalformedSignerException("PEM: not base64: " + e.getMessage());
    }
  }

  /// Checks that only white space lies between here and `to`.
  private void expectSpace(int to) throws MalformedSignerException {
    for (int i = position; i < to; i++) {
      if (!isSpace(text[i])) {
        throw new MalformedSignerException("PEM: text outside of blocks");
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == '\n' || b == '\r' || b == ' ' || b == '\t';
  }

  private int indexOf(byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (text[i] == wanted[0]
          && Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
