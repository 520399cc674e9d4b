package dev.sigwarden.practice;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// One practice log on HTTP/1.1, on the loopback address only, for benchmarks: `PracticeServer`
/// without what costs it as much as the daemon's own work. A thread for each connection, which
/// stays open; bodies go to the socket as they lie in the log. Answers `GET` and nothing else.
public final class PlainServer implements AutoCloseable {
  /// Bytes that the system keeps of an answer: a bundle of usual entries, so that writing one does
  /// not wait for the reader again and again.
  private static final int SEND_BUFFER_BYTES = 1 << 20;

  /// The longest line of a request in bytes: this server's only client writes some hundred.
  private static final int MAX_LINE_BYTES = 8 * 1024;

  private static final byte[] NOT_FOUND =
      ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

  private final Function<String, Optional<byte[]>> log;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private PlainServer(Function<String, Optional<byte[]>> log, ServerSocket listening) {
    this.log = log;
    this.listening = listening;
  }

  /// A server of the log on a free port.
  public static PlainServer of(PracticeLog log) throws IOException {
    return of(log::resource);
  }

  /// A server, on a free port, of what a log answers to `GET` of a path, query included, without a
  /// leading slash; empty for 404.
  public static PlainServer of(Function<String, Optional<byte[]>> log) throws IOException {
    PlainServer server =
        new PlainServer(log, new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().daemon().name("plain-server").start(server::accept);
    return server;
  }

  /// The log's address, with a slash at the end.
  public URI url() {
    return URI.create(
        "http://%s:%d/"
            .formatted(listening.getInetAddress().getHostAddress(), listening.getLocalPort()));
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket connection = listening.accept();
        open.add(connection);
        Thread.ofPlatform().daemon().name("plain-server").start(() -> serve(connection));
      } catch (IOException _) {
        // Closed, or a client that was gone before it was accepted.
      }
    }
  }

  /// Answers one connection's requests, one after the other, until it ends.
  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      connection.setSendBufferSize(SEND_BUFFER_BYTES);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      for (String request = head(in); !request.isEmpty(); request = head(in)) {
        answer(request, out);
      }
    } catch (IOException _) {
      // The client went away, or does not speak HTTP: its connection ends.
    } finally {
      open.remove(connection);
    }
  }

  private void answer(String request, OutputStream out) throws IOException {
    String[] words = request.split(" ", -1);
    Optional<byte[]> body =
        words.length == 3 && words[0].equals("GET") && words[1].startsWith("/")
            ? log.apply(words[1].substring(1))
            : Optional.empty();
    if (body.isEmpty()) {
      out.write(NOT_FOUND);
      return;
    }
    out.write(
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
                .formatted(body.get().length)));
    out.write(body.get());
  }

  /// The first line of a request, whose other lines are passed over; empty at the end.
  private static String head(InputStream in) throws IOException {
    String first = line(in);
    String next = first;
    while (!next.isEmpty()) {
      next = line(in);
    }
    return first;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.length() == MAX_LINE_BYTES) {
        throw new IOException("a line of more than %d bytes".formatted(MAX_LINE_BYTES));
      }
      line.append((char) b);
    }
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Stops listening and drops the connections that are open.
  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket connection : open) {
      connection.close();
    }
  }
}
