package dev.sigwarden.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way to a server on this machine that can be cut, now or in the very moment of a commit, and
/// that can be slow, or hold back whatever goes either way.
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  /// A commit that is asked for by its words.
  private static final String COMMIT = "COMMIT";

  /// The name that a client gives it, to ask for it by that from then on.
  private static final Pattern PREPARING = Pattern.compile("(S_[0-9]+)\0COMMIT\0");

  /// Where a connection is cut that asks for a commit.
  public enum Cut {
    /// The server never hears of the commit.
    BEFORE,
    /// The server commits, and its answer is lost.
    AFTER
  }

  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Cut> cut = new AtomicReference<>();
  private final Object held = new Object();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean holding;
  private volatile boolean refusing;
  private volatile boolean refusingAfterCut;

  /// A way to that port.
  public TcpProxy(int target) {
    this.target = target;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = Thread.ofVirtual().start(this::accept);
  }

  /// The port that is the way.
  public int port() {
    return listening.getLocalPort();
  }

  /// The connections that are open.
  public int connections() {
    return open.size() / 2;
  }

  /// Cuts the next connection that asks for a commit.
  public void cutNextCommit(Cut where) {
    cut.set(where);
  }

  /// The same, and lets nobody through from then on.
  public void cutNextCommitForGood(Cut where) {
    refusingAfterCut = true;
    cut.set(where);
  }

  /// Whether the cut that was asked for has not happened.
  public boolean isWaiting() {
    return cut.get() != null;
  }

  /// Cuts every connection and lets nobody through.
  public void block() {
    refusing = true;
    open.forEach(TcpProxy::close);
  }

  /// Takes connections and bytes, and hands none on before `pass`: a network that loses packets.
  public void hold() {
    holding = true;
  }

  /// Hands each answer on so much later.
  public void delay(Duration by) {
    delay = by;
  }

  /// Lets everybody through again.
  public void pass() {
    refusingAfterCut = false;
    refusing = false;
    delay = Duration.ZERO;
    synchronized (held) {
      holding = false;
      held.notifyAll();
    }
  }

  /// Waits while bytes are held back.
  private void awaitPassing(Duration first) throws IOException {
    try {
      Thread.sleep(first);
      synchronized (held) {
        while (holding && !listening.isClosed()) {
          held.wait();
        }
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while bytes were held back");
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (refusing) {
          close(client);
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        AtomicReference<Cut> mine = new AtomicReference<>();
        var _ = Thread.ofVirtual().start(() -> asked(client, server, mine));
        var _ = Thread.ofVirtual().start(() -> answered(client, server, mine));
      } catch (IOException e) {
        // The server does not listen, or this proxy was closed.
      }
    }
  }

  private void asked(Socket client, Socket server, AtomicReference<Cut> mine) {
    byte[] buffer = new byte[BUFFER];
    String prepared = COMMIT;
    try (InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream()) {
      int read = in.read(buffer);
      while (read >= 0) {
        String said = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        Matcher preparing = PREPARING.matcher(said);
        if (preparing.find()) {
          prepared = "\0" + preparing.group(1) + "\0";
        }
        if (said.contains(COMMIT) || said.contains(prepared)) {
          Cut now = cut.getAndSet(null);
          if (now != null) {
            mine.set(now);
            if (refusingAfterCut) {
              refusing = true;
              open.stream().filter(one -> one != client && one != server).forEach(TcpProxy::close);
            }
          }
          if (now == Cut.BEFORE) {
            return;
          }
        }
        awaitPassing(Duration.ZERO);
        out.write(buffer, 0, read);
        out.flush();
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // One of the two is gone.
    } finally {
      end(client, server);
    }
  }

  private void answered(Socket client, Socket server, AtomicReference<Cut> mine) {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream()) {
      int read = in.read(buffer);
      while (read >= 0 && mine.get() == null) {
        awaitPassing(delay);
        out.write(buffer, 0, read);
        out.flush();
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // One of the two is gone.
    } finally {
      end(client, server);
    }
  }

  private void end(Socket client, Socket server) {
    open.remove(client);
    open.remove(server);
    close(client);
    close(server);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pass();
    block();
  }
}
