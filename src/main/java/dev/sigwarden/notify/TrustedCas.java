package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The certificate authorities that one receiver's server must chain to, in place of those of the
/// JDK. Checking the server's name is never turned off.
public final class TrustedCas {
  private final String pem;
  private final SSLContext context;

  private TrustedCas(String pem, SSLContext context) {
    this.pem = pem;
    this.context = context;
  }

  /// Reads the key `ca-file` of a receiver's section: a file of one or more PEM certificates.
  public static Optional<TrustedCas> read(Section section) {
    Optional<String> pem =
        section.optionalFile(
            "ca-file", "PEM certificates of the only authorities that are trusted for this server");
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(pem.get()));
    } catch (GeneralSecurityException | IOException e) {
      section.problem("ca-file", PeerWords.of(e), "one or more certificates in PEM");
      return Optional.empty();
    }
  }

  /// The authorities of a PEM text.
  ///
  /// @throws GeneralSecurityException if it holds no certificate, or a broken one
  public static TrustedCas of(String pem) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("no certificate (expected: one or more in PEM)");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return new TrustedCas(pem, context);
  }

  /// TLS that trusts these authorities only.
  public SSLContext context() {
    return context;
  }

  /// The certificates as they were read.
  public String pem() {
    return pem;
  }
}
