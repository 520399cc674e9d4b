package dev.sigwarden.practice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A `PracticeRekor` on HTTP, on the loopback address only.
public final class PracticeRekorServer implements AutoCloseable {
  /// The longest query read, in bytes: ten indexes.
  private static final int MAX_QUERY_BYTES = 4_096;

  private final PracticeRekorApi api;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private PracticeRekorServer(PracticeRekorApi api, HttpServer server) {
    this.api = api;
    this.server = server;
  }

  /// Serves the instance on a free port.
  public static PracticeRekorServer start(PracticeRekor rekor) throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(loopback, 0);
    PracticeRekorServer started = new PracticeRekorServer(new PracticeRekorApi(rekor), server);
    server.setExecutor(started.threads);
    server.createContext("/", started::answer);
    server.start();
    return started;
  }

  /// The instance's address, without a slash at the end.
  public URI url() {
    return URI.create(
        "http://%s:%d"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query =
          new String(
              exchange.getRequestBody().readNBytes(MAX_QUERY_BYTES), StandardCharsets.US_ASCII);
      PracticeRekorApi.Reply reply =
          api.answer(exchange.getRequestMethod(), exchange.getRequestURI().toASCIIString(), query);
      byte[] body = reply.bytes();
      exchange.getResponseHeaders().set("Content-Type", reply.contentType());
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// Stops listening and drops the connections that are open.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
