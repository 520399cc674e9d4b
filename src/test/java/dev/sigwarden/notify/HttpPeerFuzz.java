package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.Loopback;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Whatever a receiver answers is an outcome in words that can be shown, delivered only for 2xx.
class HttpPeerFuzz {
  /// Code points of a reason: an address, a status and the receiver's words.
  private static final int MAX_REASON = 600;

  @FuzzTest
  void send(byte[] answer) throws IOException, InterruptedException {
    try (var _ = Loopback.allowed();
        RawServer server = new RawServer(socket -> converse(socket, answer));
        HttpPeer peer =
            new HttpPeer(
                new HttpOptions(
                    true, true, Optional.empty(), Optional.empty(), Duration.ofSeconds(30)),
                Clock.systemUTC())) {
      URI url = URI.create("http://127.0.0.1:" + server.port() + "/hook");
      HttpAnswer answered;
      try {
        answered = peer.exchange(HttpCall.post(url, "text/plain", new byte[] {1}));
      } catch (IOException e) {
        assertShown(String.valueOf(e.getMessage()));
        return;
      }
      assertThat(answered.json()).isNotNull();
      switch (answered.judge()) {
        case Delivery.Delivered(String reference) -> assertThat(reference).matches("2[0-9]{2}");
        case Delivery.LeftOut(String reason) -> throw new AssertionError(reason);
        case Delivery.TryAgain(String reason, Optional<Duration> pause) -> {
          assertShown(reason);
          pause.ifPresent(
              asked -> assertThat(asked).isBetween(Duration.ofSeconds(1), Duration.ofHours(1)));
        }
        case Delivery.Refused(String reason) -> assertShown(reason);
        case Delivery.Unauthorized(String reason) -> assertShown(reason);
      }
    }
  }

  private static void assertShown(String reason) {
    assertThat(reason.codePoints()).hasSizeLessThan(MAX_REASON).allMatch(Sanitizer::isShown);
  }

  private static void converse(Socket socket, byte[] answer) throws IOException {
    // The header ends in CR LF CR LF, and one byte of body follows.
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return;
      }
      last = (last << 8) | next;
    }
    socket.getInputStream().read();
    socket.getOutputStream().write(answer);
  }
}
