package dev.sigwarden.practice;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/// Practice logs on HTTP, on the loopback address only, each under its name: `/NAME/checkpoint`,
/// `/NAME/tile/…`. A path is looked up in the log and nowhere else, as it was sent: nothing is
/// decoded, and no file is opened.
public final class PracticeServer implements AutoCloseable {
  /// Whether bodies are compressed.
  public enum Compression {
    /// Never.
    NONE,
    /// If the client accepts gzip.
    ACCEPTED,
    /// Always, asked or not, as c2sp.org/tlog-tiles lets a log do with entry bundles.
    ALWAYS
  }

  private static final int NO_BODY = -1;

  private final Map<String, PracticeLog> logs;
  private final Compression compression;
  private final HttpServer server;
  private final ExecutorService threads;

  private PracticeServer(
      Map<String, PracticeLog> logs, Compression compression, HttpServer server) {
    this.logs = Map.copyOf(logs);
    this.compression = compression;
    this.server = server;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /// A server of one log, named `log`, on a free port, without compression.
  public static PracticeServer of(PracticeLog log) throws IOException {
    return start(Map.of("log", log), 0, Compression.NONE);
  }

  /// A server of these logs.
  ///
  /// @param logs by name, which is the first part of their paths
  /// @param port where to listen; 0 for a free one
  /// @throws IOException if the port is taken
  public static PracticeServer start(
      Map<String, PracticeLog> logs, int port, Compression compression) throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(loopback, 0);
    PracticeServer practice = new PracticeServer(logs, compression, server);
    server.setExecutor(practice.threads);
    server.createContext("/", practice::answer);
    server.start();
    return practice;
  }

  /// The address of the log `name`, without a slash at the end.
  ///
  /// @throws IllegalArgumentException if there is no such log
  public URI url(String name) {
    if (!logs.containsKey(name)) {
      throw new IllegalArgumentException(
          "log: %s (expected: one of %s)".formatted(name, logs.keySet()));
    }
    return URI.create(
        "http://%s:%d/%s"
            .formatted(
                server.getAddress().getAddress().getHostAddress(),
                server.getAddress().getPort(),
                name));
  }

  /// The address of the only log, without a slash at the end.
  ///
  /// @throws IllegalStateException if there are several
  public URI url() {
    if (logs.size() != 1) {
      throw new IllegalStateException("logs: " + logs.size() + " (expected: 1)");
    }
    return url(logs.keySet().iterator().next());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_BAD_METHOD, NO_BODY);
        return;
      }
      String path = exchange.getRequestURI().getRawPath();
      Optional<byte[]> found = find(path);
      if (found.isEmpty()) {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_NOT_FOUND, NO_BODY);
        return;
      }
      byte[] body = found.get();
      Headers headers = exchange.getResponseHeaders();
      boolean checkpoint = path.endsWith("/checkpoint");
      headers.set(
          "Content-Type", checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream");
      headers.set("Cache-Control", checkpoint ? "no-cache" : "max-age=604800, immutable");
      if (compresses(exchange)) {
        headers.set("Content-Encoding", "gzip");
        body = gzip(body);
      }
      if (method.equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, NO_BODY);
        return;
      }
      // No served body is empty; a length of 0 would mean chunks to this server.
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private Optional<byte[]> find(String path) {
    int slash = path.indexOf('/', 1);
    if (slash < 0) {
      return Optional.empty();
    }
    return Optional.ofNullable(logs.get(path.substring(1, slash)))
        .flatMap(log -> log.resource(path.substring(slash + 1)));
  }

  private boolean compresses(HttpExchange exchange) {
    return switch (compression) {
      case NONE -> false;
      case ALWAYS -> true;
      case ACCEPTED -> {
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        yield accepted != null && accepted.contains("gzip");
      }
    };
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(body);
    }
    return compressed.toByteArray();
  }

  /// Stops listening and drops the connections that are open.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
