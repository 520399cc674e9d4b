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
/// byte at a time never lets a read time out. Nor may one answer without end: the library keeps
/// every line of a reply.
final class SmtpSockets {
  private static final Logger LOG = Logger.getLogger(SmtpSockets.class);

  /// Bytes that a server may say in the time of one mail, TLS included: ten thousand are usual.
  private static final int MAX_ANSWERS = 1 << 20;

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

  /// Of which a bounded number of bytes can be read.
  private static final class Bounded extends Socket {
    private @Nullable InputStream answers;

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (answers == null) {
        answers = new Answers(super.getInputStream());
      }
      return answers;
    }
  }

  private static final class Answers extends FilterInputStream {
    private int left = MAX_ANSWERS;

    Answers(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException(
            "no end of answers (expected: at most %d bytes)".formatted(MAX_ANSWERS));
      }
      int read = super.read(buffer, offset, Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debugf("closing a socket: %s", e.getClass().getSimpleName());
    }
  }

  private final class Plain extends SocketFactory {
    @Override
    public Socket createSocket() {
      return kept(new Bounded());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(new Socket(host, port, local, localPort));
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

    @Override
    public Socket createSocket() {
      // The library puts TLS on it once it is connected.
      return kept(new Bounded());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
        throws IOException {
      return kept(tls.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return kept(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(tls.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return kept(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(tls.createSocket(host, port, local, localPort));
    }
  }
}
