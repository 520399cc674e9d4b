package dev.sigwarden.log.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that writes bytes of the test's choosing, HTTP or not, once a request's header is
/// there.
final class RawServer implements AutoCloseable {
  /// Writes one answer.
  @FunctionalInterface
  interface Script {
    void answer(OutputStream out) throws IOException, InterruptedException;
  }

  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final Script script;

  RawServer(Script script) throws IOException {
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket connection) {
    connections.incrementAndGet();
    try (connection) {
      InputStream in = connection.getInputStream();
      int last = 0;
      // The header ends in CR LF CR LF.
      while (last != 0x0d0a0d0a) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        last = (last << 8) | next;
      }
      script.answer(connection.getOutputStream());
    } catch (IOException | InterruptedException _) {
      // The client has seen enough.
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/resource");
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
  }
}
