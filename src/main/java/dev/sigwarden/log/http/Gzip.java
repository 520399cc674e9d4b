package dev.sigwarden.log.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Gzip (RFC 1952), inflated within a bound.
public final class Gzip {
  private static final int FIRST_BUFFER_BYTES = 64 * 1024;

  private Gzip() {}

  /// Whether `bytes` begin as gzip does: 1f 8b.
  public static boolean looksLike(byte[] bytes) {
    return bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
  }

  /// The inflated bytes. Nothing above `maxBytes` is ever held.
  ///
  /// @throws IOException if it is no whole gzip stream or inflates to more than `maxBytes`
  public static byte[] inflate(byte[] bytes, int maxBytes) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] out = new byte[Math.min(maxBytes, FIRST_BUFFER_BYTES)];
      int length = 0;
      while (true) {
        int read = in.readNBytes(out, length, out.length - length);
        length += read;
        if (length < out.length) {
          return Arrays.copyOf(out, length);
        }
        if (length == maxBytes) {
          if (in.read() >= 0) {
            throw new IOException("inflates to more than " + maxBytes + " bytes");
          }
          return out;
        }
        out = Arrays.copyOf(out, (int) Math.min(maxBytes, 2L * length));
      }
    }
  }
}
