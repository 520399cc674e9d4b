package dev.sigwarden.log;

import com.sun.net.httpserver.HttpServer;
import dev.sigwarden.merkle.TreeHead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A generated log's resources on loopback HTTP, below a prefix.
public final class TileServer implements LogProtocolContract.Served {
  private final GeneratedLog log;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String prefix;
  private volatile boolean away;
  private volatile boolean cut;

  /// Serves `log` below `prefix`, which begins and ends in a slash.
  public TileServer(GeneratedLog log, String prefix) throws IOException {
    this.log = log;
    this.prefix = prefix;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          requests.add(path);
          Optional<byte[]> body = away ? Optional.empty() : resource(path);
          if (body.isPresent()) {
            exchange.sendResponseHeaders(200, body.get().length == 0 ? -1 : body.get().length);
            exchange.getResponseBody().write(body.get());
          } else {
            exchange.sendResponseHeaders(away ? 401 : 404, -1);
          }
          exchange.close();
        });
    server.start();
  }

  private Optional<byte[]> resource(String path) {
    if (!path.startsWith(prefix)) {
      return Optional.empty();
    }
    String name = path.substring(prefix.length());
    Optional<byte[]> body = log.resource(name);
    return cut && name.startsWith("tile/entries/")
        ? body.map(bytes -> Arrays.copyOf(bytes, bytes.length - 1))
        : body;
  }

  /// The server's address, ending in a slash.
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /// The paths asked for so far.
  public List<String> requests() {
    return requests;
  }

  /// Serves the log below another prefix from now on.
  public void moveTo(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String yaml() {
    return "url: " + url() + prefix.substring(1) + "\n";
  }

  @Override
  public byte[] checkpoint() {
    return log.checkpoint(log.size());
  }

  @Override
  public TreeHead head(int size) {
    return log.head(size);
  }

  @Override
  public byte[] leaf(int index) {
    return GeneratedLog.leaf(index);
  }

  @Override
  public void goAway() {
    away = true;
  }

  @Override
  public void cutLeaves() {
    cut = true;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
