package dev.sigwarden.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;

/// How a server can fail to answer, or answer so that a careless client falls. None of it says
/// anything about the log's honesty, and none may be taken for a lie.
public final class WireFaults {
  private static final int ZEROS = 65_536;

  private WireFaults() {}

  /// No answer ever. Guards the time limit of a request.
  public static Fault silence() {
    return manner(new Answer.Manner.Silence());
  }

  /// One byte at a time, `pause` apart. Guards a limit on the whole answer, not on each read.
  public static Fault trickle(Duration pause) {
    return manner(new Answer.Manner.Trickle(pause));
  }

  /// The right body and then zeros, `total` bytes in all, with no length announced. Guards the
  /// limit on bytes read.
  public static Fault flood(long total) {
    return manner(new Answer.Manner.Flood(total));
  }

  /// The connection is reset after that many bytes of the body; 0 before any.
  public static Fault reset(int after) {
    return manner(new Answer.Manner.Reset(after));
  }

  /// The connection ends in good order after that many bytes of a longer body. Guards against
  /// taking the part for the whole.
  public static Fault cut(int after) {
    return manner(new Answer.Manner.Cut(after));
  }

  private static Fault manner(Answer.Manner manner) {
    return (_, honest) -> honest.in(manner);
  }

  /// That status: 500, 503.
  public static Fault status(int status) {
    return (_, _) -> Answer.of(status);
  }

  /// Status 429 with a Retry-After of whole seconds. Guards politeness.
  public static Fault tooManyRequests(Duration retryAfter) {
    return (_, _) -> Answer.of(429).with("Retry-After", Long.toString(retryAfter.toSeconds()));
  }

  /// Status 302 to there. Guards against being led away from the log.
  public static Fault redirect(URI to) {
    return (_, _) -> Answer.of(302).with("Location", to.toString());
  }

  /// Status 200 and a page for people: a captive portal, an error page of a cache. Guards against
  /// taking it for a broken log.
  public static Fault page() {
    byte[] html = "<!doctype html><title>Sign in</title>\n".getBytes(StandardCharsets.UTF_8);
    return (_, _) -> Answer.ok(html).with("Content-Type", "text/html; charset=utf-8");
  }

  /// The right body, compressed, asked or not. Not a fault: c2sp.org/tlog-tiles allows it for
  /// bundles, and a client that accepts gzip may get it for anything. Hashes do not compress:
  /// guards a limit on bytes received that forgets that a small tile grows.
  public static Fault gzipped() {
    return (_, honest) ->
        honest.status() == 200
            ? honest.withBody(gzip(honest.body(), 0)).with("Content-Encoding", "gzip")
            : honest;
  }

  /// A compressed body of about a thousandth of `inflated` bytes, all zero. Guards the limit on
  /// what a body inflates to.
  public static Fault gzipBomb(long inflated) {
    byte[] bomb = gzip(new byte[0], inflated);
    return (_, _) -> Answer.ok(bomb).with("Content-Encoding", "gzip");
  }

  /// `body` and that many zeros, or a few more, compressed.
  private static byte[] gzip(byte[] body, long zeros) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(body);
      byte[] run = new byte[ZEROS];
      for (long written = 0; written < zeros; written += run.length) {
        out.write(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
