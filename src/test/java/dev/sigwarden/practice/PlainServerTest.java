package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.note.NoteSigner;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlainServerTest {
  private final PracticeLog log =
      new PracticeLog(NoteSigner.generate("practice.example/log"), Clock.systemUTC());
  private PlainServer server;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 300; i++) {
      log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
    }
    log.publish();
    server = PlainServer.of(log);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Socket connect() throws IOException {
    URI url = server.url();
    return new Socket(url.getHost(), url.getPort());
  }

  private static void ask(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static void expect(Socket socket, String head, byte[] body) throws IOException {
    byte[] expected = (head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(socket.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
    assertThat(socket.getInputStream().readNBytes(body.length)).isEqualTo(body);
  }

  private void expectResource(Socket socket, String path) throws IOException {
    byte[] body = log.resource(path).orElseThrow();
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "
            + body.length;
    expect(socket, head, body);
  }

  @Test
  void answers_one_request_after_the_other_on_one_connection() throws Exception {
    try (Socket socket = connect()) {
      ask(socket, "GET /checkpoint HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
      expectResource(socket, "checkpoint");
      ask(socket, "GET /tile/0/002 HTTP/1.1\r\nHost: a\r\n\r\n");
      expect(socket, "HTTP/1.1 404 Not Found\r\nContent-Length: 0", new byte[0]);
      ask(socket, "GET /tile/entries/000 HTTP/1.1\r\nHost: a\r\n\r\nGET /tile/0/001.p/44 HTTP/1.1");
      expectResource(socket, "tile/entries/000");
      ask(socket, "\r\n\r\n");
      expectResource(socket, "tile/0/001.p/44");
    }
  }

  @Test
  void answers_nothing_but_get() throws Exception {
    try (Socket socket = connect()) {
      ask(socket, "POST /checkpoint HTTP/1.1\r\n\r\n");
      expect(socket, "HTTP/1.1 404 Not Found\r\nContent-Length: 0", new byte[0]);
    }
  }

  @Test
  void hangs_up_on_a_line_that_is_too_long() throws Exception {
    try (Socket socket = connect()) {
      ask(socket, "x".repeat(8 * 1024 + 1));
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void drops_its_connections_when_closed() throws Exception {
    try (Socket socket = connect()) {
      ask(socket, "GET /checkpoint HTTP/1.1\r\n\r\n");
      expectResource(socket, "checkpoint");
      server.close();
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }
}
