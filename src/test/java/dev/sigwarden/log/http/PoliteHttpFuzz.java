package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Whatever a server writes is an answer within its limits, a bad answer, or no answer, and is told
/// in words that can be shown.
class PoliteHttpFuzz {
  private static final int MAX_BYTES = 1_000;

  /// Code points of a message: an address, the words around it and what is quoted of the peer.
  private static final int MAX_MESSAGE = 2_000;

  private static final HttpPolicy POLICY =
      new HttpPolicy(
          "ops@acme.example", 4, 1_000_000, Duration.ofSeconds(5), Duration.ofSeconds(30));

  @FuzzTest
  void get(byte[] answer) throws IOException {
    // Random 0 makes every backoff 0.
    try (RawServer server = new RawServer(out -> out.write(answer));
        PoliteHttp http = new PoliteHttp(POLICY, Clock.systemUTC(), () -> 0)) {
      Answer got = http.get(server.uri(), Limits.of(MAX_BYTES));
      assertThat(got.body()).hasSizeLessThanOrEqualTo(MAX_BYTES);
      assertThat(got.status()).isIn(200, 404, 410);
      assertThat(server.connections).hasPositiveValue();
    } catch (BadAnswerException e) {
      assertShown(e);
    } catch (LogUnavailableException e) {
      assertShown(e);
    }
  }

  private static void assertShown(Exception e) {
    assertThat(e.getMessage().codePoints())
        .hasSizeLessThan(MAX_MESSAGE)
        .allMatch(Sanitizer::isShown);
  }
}
