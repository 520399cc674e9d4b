package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeServer.Compression;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PracticeServerTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final PracticeLog log = log("practice.example/log", 300);

  private static PracticeLog log(String name, int entries) {
    PracticeLog log = new PracticeLog(NoteSigner.generate(name), Clock.systemUTC());
    for (int i = 0; i < entries; i++) {
      log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
    }
    log.publish();
    return log;
  }

  private HttpResponse<byte[]> get(URI url, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void serves_what_the_log_serves() throws Exception {
    try (PracticeServer server = PracticeServer.of(log)) {
      for (String path : new String[] {"checkpoint", "tile/0/001.p/44", "tile/entries/000"}) {
        HttpResponse<byte[]> response = get(server.url(), "/" + path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(log.resource(path).orElseThrow());
      }
      assertThat(get(server.url(), "/tile/0/002").statusCode()).isEqualTo(404);
      assertThat(server.url().getHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void serves_several_logs_by_name() throws Exception {
    PracticeLog second = log("practice.example/second", 3);
    Map<String, PracticeLog> logs = Map.of("first", log, "second", second);
    try (PracticeServer server = PracticeServer.start(logs, 0, Compression.NONE)) {
      assertThat(get(server.url("first"), "/checkpoint").body())
          .isEqualTo(log.resource("checkpoint").orElseThrow());
      assertThat(get(server.url("second"), "/checkpoint").body())
          .isEqualTo(second.resource("checkpoint").orElseThrow());
      assertThatThrownBy(() -> server.url("third")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(server::url).hasMessage("logs: 2 (expected: 1)");
    }
  }

  @Test
  void compresses_if_asked_or_always() throws Exception {
    String path = "/tile/entries/000";
    byte[] plain = log.resource("tile/entries/000").orElseThrow();
    Map<String, PracticeLog> logs = Map.of("log", log);
    try (PracticeServer server = PracticeServer.start(logs, 0, Compression.ACCEPTED)) {
      assertThat(get(server.url(), path).body()).isEqualTo(plain);
      assertThat(inflate(get(server.url(), path, "Accept-Encoding", "gzip, identity")))
          .isEqualTo(plain);
    }
    try (PracticeServer server = PracticeServer.start(logs, 0, Compression.ALWAYS)) {
      assertThat(inflate(get(server.url(), path))).isEqualTo(plain);
    }
  }

  private static byte[] inflate(HttpResponse<byte[]> response) throws Exception {
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/log",
        "/log/",
        "/log//checkpoint",
        "/log/../log/checkpoint",
        "/log/../../etc/passwd",
        "/log/%2e%2e/%2e%2e/etc/passwd",
        "/log/check%70oint",
        "/log/tile/entries/../../../../etc/passwd",
        "/other/checkpoint",
        "/log/checkpoint/",
        "//etc/passwd",
      })
  void leaves_the_log_by_no_path(String path) throws Exception {
    try (PracticeServer server = PracticeServer.of(log)) {
      assertThat(statusOf(server.url(), "GET " + path)).isEqualTo("HTTP/1.1 404 Not Found");
    }
  }

  @Test
  void answers_reading_only() throws Exception {
    try (PracticeServer server = PracticeServer.of(log)) {
      assertThat(statusOf(server.url(), "POST /log/checkpoint")).contains(" 405 ");
      assertThat(statusOf(server.url(), "DELETE /log/tile/0/000")).contains(" 405 ");
      assertThat(statusOf(server.url(), "HEAD /log/checkpoint")).contains(" 200 ");
    }
  }

  /// The status line for a request sent as it is written, without a client that tidies its path.
  private static String statusOf(URI url, String request) throws Exception {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }

  @Test
  void frees_its_port_when_closed() throws Exception {
    PracticeServer first = PracticeServer.of(log);
    int port = first.url().getPort();
    first.close();

    try (PracticeServer second = PracticeServer.start(Map.of("log", log), port, Compression.NONE)) {
      assertThat(get(second.url(), "/checkpoint").statusCode()).isEqualTo(200);
    }
  }
}
