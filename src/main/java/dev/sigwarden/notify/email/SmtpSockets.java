package dev.sigwarden.notify.email;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jboss.logging.Logger;

/// Makes the sockets of one mail and can end them from another thread: a server that answers one
/// byte at a time never lets a read time out.
final class SmtpSockets {
  private static final Logger LOG = Logger.getLogger(SmtpSockets.class);

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
      return kept(new Socket());
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
    public Socket createSocket() throws IOException {
      return kept(tls.createSocket());
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
