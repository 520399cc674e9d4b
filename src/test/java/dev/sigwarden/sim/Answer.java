package dev.sigwarden.sim;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// One HTTP answer, and how it goes over the wire. Immutable.
public final class Answer {
  /// How an answer goes over the wire.
  public sealed interface Manner {
    /// As it should.
    record Plain() implements Manner {}

    /// Nothing is sent, and the connection stays open until the client or the server closes it.
    record Silence() implements Manner {}

    /// One byte of the body at a time, with a pause after each.
    record Trickle(Duration pause) implements Manner {}

    /// The connection is reset (TCP RST) after that many bytes of the body; 0 sends no header.
    record Reset(int after) implements Manner {}

    /// The connection ends as if all were said after that many bytes of the body, fewer than the
    /// header announced.
    record Cut(int after) implements Manner {}

    /// The body without an announced length, and then zeros until `total` bytes were sent or the
    /// client gives up.
    record Flood(long total) implements Manner {}
  }

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Manner manner;

  private Answer(int status, Map<String, String> headers, byte[] body, Manner manner) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.manner = manner;
  }

  /// Status 200 with this body.
  public static Answer ok(byte[] body) {
    return new Answer(200, new TreeMap<>(), body, new Manner.Plain());
  }

  /// That status, with a line of text as body unless it is 204.
  public static Answer of(int status) {
    String text = status == 204 ? "" : "status " + status + "\n";
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    return new Answer(status, new TreeMap<>(), body, new Manner.Plain());
  }

  /// This with one more header.
  public Answer with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, manner);
  }

  /// This with another body.
  public Answer withBody(byte[] other) {
    return new Answer(status, headers, other, manner);
  }

  /// This, sent in another manner.
  public Answer in(Manner other) {
    return new Answer(status, headers, body, other);
  }

  /// The status code.
  public int status() {
    return status;
  }

  /// The headers but for the length and the connection.
  public Map<String, String> headers() {
    return headers;
  }

  /// The body; not to be written to.
  public byte[] body() {
    return body;
  }

  /// How it goes over the wire.
  public Manner manner() {
    return manner;
  }
}
