package dev.sigwarden.tuf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/// Serves a repository on loopback; 503 while it is down.
public final class TufServer implements AutoCloseable {
  private static final int MAX_BYTES = 10_000_000;

  private final HttpServer http;

  public TufServer(TestRepository repository) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/tuf/", exchange -> answer(repository, exchange));
    http.start();
  }

  private static void answer(TestRepository repository, HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/tuf/".length());
      Optional<byte[]> file = repository.fetch(path, MAX_BYTES);
      if (file.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, file.get().length);
        exchange.getResponseBody().write(file.get());
      }
    } catch (UnavailableException | RefusedException _) {
      exchange.sendResponseHeaders(503, -1);
    }
  }

  /// Where the repository is.
  public URI url() {
    return URI.create("http://127.0.0.1:%d/tuf/".formatted(http.getAddress().getPort()));
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
