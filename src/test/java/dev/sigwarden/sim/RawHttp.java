package dev.sigwarden.sim;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/// A small HTTP/1.1 server on loopback that can break the rules: it writes each answer to the
/// socket itself, in the answer's manner. Bodies of requests need a Content-Length.
public final class RawHttp implements AutoCloseable {
  private static final int MAX_LINE_BYTES = 16_384;
  private static final int MAX_BODY_BYTES = 16_000_000;
  private static final int FLOOD_BYTES = 65_536;
  private static final int BACKLOG = 50;
  private static final int NO_CONTENT = 204;
  private static final int MOST_ATTEMPTS = 300;
  private static final long BETWEEN_ATTEMPTS_NANOS = 100_000_000;

  private final Function<Request, Answer> handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocketFactory sockets;
  private final String scheme;
  private final int port;
  private volatile ServerSocket listener;

  /// A server that answers with `handler`, which is called from several threads.
  public RawHttp(Function<Request, Answer> handler) {
    this(handler, ServerSocketFactory.getDefault(), "http");
  }

  /// The same on TLS.
  public RawHttp(Function<Request, Answer> handler, SSLContext tls) {
    this(handler, tls.getServerSocketFactory(), "https");
  }

  private RawHttp(Function<Request, Answer> handler, ServerSocketFactory sockets, String scheme) {
    this.handler = handler;
    this.sockets = sockets;
    this.scheme = scheme;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
  }

  /// The server's address, without a slash at the end.
  public URI url() {
    return URI.create("%s://127.0.0.1:%d".formatted(scheme, port));
  }

  /// Stops listening and drops all connections; clients are refused until `up`.
  public void down() {
    close();
  }

  /// Listens again on the same port; harmless if it does. Waits until the port is free: the old
  /// listener's thread or a client's connection may hold it for a moment.
  public void up() {
    for (int attempt = 1; listener.isClosed(); attempt++) {
      try {
        listener = listen(port);
      } catch (UncheckedIOException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
      }
    }
  }

  private ServerSocket listen(int at) {
    try {
      ServerSocket socket =
          sockets.createServerSocket(at, BACKLOG, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().name("raw-http").start(() -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        open.add(socket);
        if (from.isClosed()) {
          socket.close();
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // Closed: by down() or close(), which end the loop.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean again = true;
      while (again) {
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        again = answer(socket, handler.apply(request(line, in)));
      }
    } catch (IOException | InterruptedException _) {
      // The client went away or was dropped: there is nobody left to tell.
    } finally {
      open.remove(socket);
    }
  }

  private static Request request(String line, InputStream in) throws IOException {
    String[] parts = line.split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (length > MAX_BODY_BYTES || headers.containsKey("transfer-encoding")) {
      throw new IOException("request body of unknown or too great length");
    }
    String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new Request(parts[0], parts[1], headers, body);
  }

  /// The next line without its end; empty at the end of the stream.
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
      if (line.length() == MAX_LINE_BYTES) {
        throw new IOException("request line longer than " + MAX_LINE_BYTES + " bytes");
      }
      if (read != '\r') {
        line.append((char) read);
      }
    }
    return line.toString();
  }

  /// Sends the answer; whether the connection can take another request.
  private static boolean answer(Socket socket, Answer answer)
      throws IOException, InterruptedException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    byte[] body = answer.body();
    switch (answer.manner()) {
      case Answer.Manner.Plain _ -> {
        head(out, answer, true);
        out.write(body);
        out.flush();
        return true;
      }
      case Answer.Manner.Silence _ -> {
        // Returns when the client gives up or the server drops the connection.
        while (socket.getInputStream().read() >= 0) {}
      }
      case Answer.Manner.Trickle(var pause) -> {
        head(out, answer, true);
        for (byte one : body) {
          out.write(one);
          out.flush();
          Thread.sleep(pause);
        }
        return true;
      }
      case Answer.Manner.Reset(int after) -> {
        if (after > 0) {
          head(out, answer, true);
          out.write(body, 0, Math.min(after, body.length));
          out.flush();
        }
        // A linger of 0 makes close() a reset.
        socket.setSoLinger(true, 0);
      }
      case Answer.Manner.Cut(int after) -> {
        head(out, answer, true);
        out.write(body, 0, Math.min(after, body.length));
        out.flush();
      }
      case Answer.Manner.Flood(long total) -> {
        head(out, answer, false);
        out.write(body);
        byte[] zeros = new byte[FLOOD_BYTES];
        for (long sent = body.length; sent < total; sent += zeros.length) {
          out.write(zeros);
        }
        out.flush();
      }
    }
    return false;
  }

  private static void head(OutputStream out, Answer answer, boolean length) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Simulated\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (!length) {
      head.append("Connection: close\r\n");
    } else if (answer.status() != NO_CONTENT) {
      head.append("Content-Length: " + answer.body().length + "\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  /// Stops listening and drops all connections.
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
