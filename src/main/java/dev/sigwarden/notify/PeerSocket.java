package dev.sigwarden.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Connects to a host of the operator's. The name is resolved once, every address is checked, and
/// one of these is connected to; with TLS, the server's name is checked as well.
public final class PeerSocket {
  private PeerSocket() {}

  /// A connection in the clear.
  ///
  /// @param timeout for connecting, and for each read
  /// @throws UnusableException if an address of the host is not allowed
  public static Socket plain(String host, int port, boolean allowPrivate, Duration timeout)
      throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    String forbidden = AddressRules.forbidden(addresses, allowPrivate);
    if (!forbidden.isEmpty()) {
      throw new UnusableException(PeerWords.clean(host + ":" + port) + ": " + forbidden);
    }
    int millis = Math.toIntExact(timeout.toMillis());
    Socket socket = new Socket();
    boolean open = false;
    try {
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(addresses[0], port), millis);
      open = true;
      return socket;
    } finally {
      if (!open) {
        socket.close();
      }
    }
  }

  /// TLS over a connection, the handshake done. Closes the connection with itself.
  ///
  /// @param cas the authorities to trust; empty for those of the JDK
  public static SSLSocket secure(Socket plain, String host, Optional<TrustedCas> cas)
      throws IOException {
    SSLContext context = cas.isPresent() ? cas.get().context() : jdkTrust();
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static SSLContext jdkTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("TLS: missing (every JDK has it)", e);
    }
  }
}
