package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.PeerSocket;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Asks brokers whether they speak Kafka before Kafka's client does. The client takes the first
/// four bytes of whatever answers for a length and makes a buffer of it: a web server's `HTTP` are
/// 1.2 GB and a TLS alert is 350 MB, either of which ends the process.
final class KafkaGreeting {
  /// Bytes of an answer to the question below; brokers use some hundred.
  private static final int MAX_ANSWER = 1 << 20;

  /// Length and correlation id.
  private static final int HEAD = 2 * Integer.BYTES;

  private static final short API_VERSIONS = 18;
  private static final int CORRELATION = 0x5157_0001;

  /// Which versions are spoken, in the first version of that question and without a client's name:
  /// brokers answer it before they ask who this is (Kafka protocol, ApiVersions).
  private static final byte[] QUESTION =
      ByteBuffer.allocate(14)
          .putInt(10)
          .putShort(API_VERSIONS)
          .putShort((short) 0)
          .putInt(CORRELATION)
          .putShort((short) -1)
          .array();

  private KafkaGreeting() {}

  /// Asks each of them. One that cannot be reached is left to the client, which tries the others.
  ///
  /// @param bootstrap `host:port` with commas between
  /// @param tls whether to speak TLS
  /// @param cas the authorities to trust; empty for those of the JDK
  /// @param timeout for connecting, and for each read
  /// @throws UnusableException if something else than a broker answers
  static void check(String bootstrap, boolean tls, Optional<TrustedCas> cas, Duration timeout)
      throws UnusableException {
    for (String broker : bootstrap.split(",", -1)) {
      @Nullable String host = Utils.getHost(broker);
      @Nullable Integer port = Utils.getPort(broker);
      if (host != null && port != null && !isKafka(head(host, port, tls, cas, timeout))) {
        throw new UnusableException(
            "%s does not speak Kafka %s (expected: the listener of a broker for this security)"
                .formatted(PeerWords.clean(broker), tls ? "over TLS" : "in the clear"));
      }
    }
  }

  /// The first bytes of the answer; fewer, or none, if there are no more.
  private static ByteBuffer head(
      String host, int port, boolean tls, Optional<TrustedCas> cas, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(host, port), millis);
      Socket socket = tls ? PeerSocket.secure(plain, host, cas) : plain;
      socket.getOutputStream().write(QUESTION);
      socket.getOutputStream().flush();
      return ByteBuffer.wrap(socket.getInputStream().readNBytes(HEAD));
    } catch (IOException _) {
      return ByteBuffer.allocate(0);
    }
  }

  private static boolean isKafka(ByteBuffer head) {
    if (head.remaining() < Integer.BYTES) {
      // Nothing that a buffer would be made of.
      return true;
    }
    int length = head.getInt();
    return length >= Integer.BYTES
        && length <= MAX_ANSWER
        && (head.remaining() < Integer.BYTES || head.getInt() == CORRELATION);
  }
}
