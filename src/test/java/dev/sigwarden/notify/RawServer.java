package dev.sigwarden.notify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A server on loopback that treats each connection as a test says: to be slow, silent or evil.
public final class RawServer implements AutoCloseable {
  /// What happens to one connection.
  @FunctionalInterface
  public interface Conversation {
    void hold(Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /// Listens on a free port until closed.
  public RawServer(Conversation conversation) {
    try {
      server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> accept(conversation));
  }

  private void accept(Conversation conversation) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> hold(conversation, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void hold(Conversation conversation, Socket socket) {
    try (socket) {
      conversation.hold(socket);
    } catch (IOException | InterruptedException e) {
      // The other side has gone, which is what many a test is about.
      Thread.currentThread().interrupt();
    }
  }

  /// The port.
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
