package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireFaultsTest {
  /// Enough to see that nothing comes.
  private static final int IMPATIENCE_MILLIS = 300;

  private static final int PATIENCE_MILLIS = 30_000;

  private final SimulatedLog log = new SimulatedLog(Clock.systemUTC()).growTo(300);
  private final byte[] tile = log.log().resource("tile/0/000").orElseThrow();

  @AfterEach
  void heals_and_closes() throws Exception {
    assertThat(log.heal()).isSameAs(log);
    assertThat(PlainReader.of(log).honest()).isTrue();
    log.close();
  }

  private HttpResponse<byte[]> get() throws Exception {
    return PlainReader.get(log.url(), "tile/0/000");
  }

  /// Sends a request without a client that could be in the way.
  private Socket ask() throws IOException {
    Socket socket = new Socket(log.url().getHost(), log.url().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write("GET /log/tile/0/000 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void silence_sends_nothing_and_stays_open() throws Exception {
    log.inject(WireFaults.silence());

    try (Socket socket = ask()) {
      socket.setSoTimeout(IMPATIENCE_MILLIS);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void a_trickle_comes_byte_by_byte_and_whole() throws Exception {
    log.inject(WireFaults.trickle(Duration.ZERO));
    assertThat(get().body()).isEqualTo(tile);

    log.heal().inject(WireFaults.trickle(Duration.ofHours(1)));
    try (Socket socket = ask()) {
      InputStream in = socket.getInputStream();
      StringBuilder read = new StringBuilder();
      while (!read.toString().endsWith("\r\n\r\n")) {
        read.append((char) in.read());
      }
      assertThat(in.read()).isEqualTo(tile[0] & 0xff);
      socket.setSoTimeout(IMPATIENCE_MILLIS);
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void a_flood_goes_on_after_the_body() throws Exception {
    log.inject(WireFaults.flood(10_000_000));

    HttpResponse<byte[]> response = get();
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    assertThat(response.body()).startsWith(tile).hasSizeGreaterThanOrEqualTo(10_000_000);
  }

  @Test
  void a_reset_is_a_reset_and_a_cut_is_an_end() throws Exception {
    log.inject(WireFaults.reset(0));
    try (Socket socket = ask()) {
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }

    log.heal().inject(WireFaults.reset(100));
    assertThatThrownBy(this::get).isInstanceOf(IOException.class);

    log.heal().inject(WireFaults.cut(100));
    try (Socket socket = ask()) {
      byte[] all = socket.getInputStream().readAllBytes();
      assertThat(new String(all, StandardCharsets.ISO_8859_1)).contains("Content-Length: 8192\r\n");
      assertThat(all).hasSizeLessThan(300).endsWith(Arrays.copyOf(tile, 100));
    }
    assertThatThrownBy(this::get).isInstanceOf(IOException.class);
  }

  @Test
  void statuses_carry_what_they_should() throws Exception {
    log.inject(WireFaults.status(500));
    assertThat(get().statusCode()).isEqualTo(500);

    log.heal().inject(WireFaults.tooManyRequests(Duration.ofMinutes(2)));
    assertThat(get().statusCode()).isEqualTo(429);
    assertThat(get().headers().firstValue("Retry-After")).contains("120");

    log.heal().inject(WireFaults.redirect(URI.create("http://elsewhere.example/")));
    assertThat(get().statusCode()).isEqualTo(302);
    assertThat(get().headers().firstValue("Location")).contains("http://elsewhere.example/");

    log.heal().inject(WireFaults.page());
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(new String(get().body(), StandardCharsets.UTF_8)).startsWith("<!doctype html>");
  }

  @Test
  void a_gzip_bomb_is_small_until_it_is_opened() throws Exception {
    log.inject(WireFaults.gzipBomb(50_000_000));

    byte[] body = get().body();
    assertThat(body).hasSizeLessThan(100_000);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      assertThat(in.skip(60_000_000)).isGreaterThanOrEqualTo(50_000_000);
    }

    log.heal().inject(WireFaults.gzipped());
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(get().body()))) {
      assertThat(in.readAllBytes()).isEqualTo(tile);
    }
  }

  @Test
  void a_log_that_is_down_refuses_and_comes_back_at_its_address() throws Exception {
    log.down();
    assertThatThrownBy(this::get).isInstanceOf(ConnectException.class);

    log.up();
    assertThat(get().body()).isEqualTo(tile);
  }
}
