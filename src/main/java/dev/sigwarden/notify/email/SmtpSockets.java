package dev.sigwarden.notify.email;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Makes the sockets of one mail and can end them from another thread: a server that answers one
/// byte at a time never lets a read time out.
final class SmtpSockets {
  private static final Logger LOG = Logger.getLogger(SmtpSockets.class);

  /// Bytes that a server may say in one connection: the handshake of TLS, and an answer of the
  /// usual 512 bytes for each recipient and command, many times over.
  static final int MAX_SAID = 256 * 1024;

  private final SSLSocketFactory tls;

  // Guarded by this.
  private final List<Socket> made = new ArrayList<>();
  private boolean ended;

  SmtpSockets(SSLSocketFactory tls) {
    this.tls = tls;
  }

  /// Makes sockets without TLS.
  SocketFactory plain() {
    return new Plain();
  }

  /// Makes sockets with TLS, or puts TLS on others.
  SSLSocketFactory secure() {
    return new Secure();
  }

  /// Closes every socket made so far, and those made later as they are made.
  synchronized void end() {
    ended = true;
    made.forEach(SmtpSockets::close);
  }

  private synchronized Socket kept(Socket socket) {
    made.add(socket);
    if (ended) {
      close(socket);
    }
    return socket;
  }

  private static IOException unused() {
    return new IOException("a socket that connects by itself (expected: one to be connected)");
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debugf("closing a socket: %s", e.getClass().getSimpleName());
    }
  }

  /// A connection whose other end may say so much and no more: the library keeps a line of any
  /// length.
  private static final class Bounded extends Socket {
    private @Nullable InputStream in;

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (in == null) {
        in = new BoundedStream(super.getInputStream());
      }
      return in;
    }
  }

  private static final class BoundedStream extends FilterInputStream {
    private int read;

    BoundedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      int got = super.read(into, at, length);
      count(Math.max(0, got));
      return got;
    }

    private void count(int more) throws IOException {
      read += more;
      if (read > MAX_SAID) {
        throw new IOException("more than " + MAX_SAID + " bytes of answers");
      }
    }
  }

  private final class Plain extends SocketFactory {
    @Override
    public Socket createSocket() {
      return kept(new Bounded());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw unused();
    }
  }

  private final class Secure extends SSLSocketFactory {
    @Override
    public String[] getDefaultCipherSuites() {
      return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return tls.getSupportedCipherSuites();
    }

    /// Without TLS yet: the library connects it and then puts TLS on it.
    @Override
    public Socket createSocket() {
      return kept(new Bounded());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
        throws IOException {
      return kept(tls.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw unused();
    }
  }
}
