package dev.sigwarden.access;

import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The certificate that the daemon of this machine serves with, by the SHA-256 of its DER. Commands
/// beside the daemon reach it by an address that its certificate need not name, and so believe
/// exactly this certificate and no other.
///
/// @param sha256 of the certificate
public record ServedCertificate(Hash sha256) {
  /// The first certificate of a PEM file.
  ///
  /// @throws IOException if the file cannot be read or starts with none
  public static ServedCertificate of(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      return of((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (CertificateException e) {
      throw new IOException(pem + ": no certificate", e);
    }
  }

  private static ServedCertificate of(X509Certificate certificate) throws CertificateException {
    return new ServedCertificate(Hash.ofData(certificate.getEncoded()));
  }

  /// TLS of a client that believes this certificate and no other.
  public SSLContext client() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Pinned(this)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is part of every JDK", e);
    }
  }

  /// An extended one, so that the JDK does not look for the host's name besides.
  private static final class Pinned extends X509ExtendedTrustManager {
    private final ServedCertificate served;

    Pinned(ServedCertificate served) {
      this.served = served;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !of(chain[0]).equals(served)) {
        throw new CertificateException("another certificate than the daemon's on this machine");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no client is asked for a certificate");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
