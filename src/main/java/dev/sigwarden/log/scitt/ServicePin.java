package dev.sigwarden.log.scitt;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The certificate that a service's nodes prove themselves by: self-signed, in no system's store,
/// told by a file or by an identity service on the web. Thread-safe.
final class ServicePin {
  /// The longest answer of an identity service in bytes: a certificate has some 1 KiB.
  private static final int MAX_IDENTITY = 64 * 1024;

  /// How long what the identity service said is believed: it changes with a disaster only.
  private static final Duration FRESH = Duration.ofHours(1);

  /// Where the certificate is told.
  sealed interface Source {
    /// In a file that was read.
    record Given(Certified certificate) implements Source {}

    /// By an identity service: `GET` answers JSON with `ledgerTlsCertificate`.
    record Asked(URI uri) implements Source {}
  }

  /// A service's certificate.
  ///
  /// @param key SHA-256 of its SubjectPublicKeyInfo: the service's key id
  /// @param context TLS that trusts it and nothing else
  record Certified(Hash key, SSLContext context) {
    /// The certificate of a PEM text.
    static Certified of(String pem) throws GeneralSecurityException {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("service", certificate);
        TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return new Certified(CoseKey.of(certificate.getPublicKey()).spkiSha256(), context);
      } catch (IOException e) {
        throw new IllegalStateException("a key store in memory", e);
      } catch (MalformedCoseException e) {
        throw new GeneralSecurityException(e.getMessage(), e);
      }
    }
  }

  private final Source source;
  private final PoliteHttp http;
  private final Clock clock;

  // Both guarded by this.
  private @Nullable Certified known;
  private Instant asked = Instant.MIN;

  ServicePin(Source source, PoliteHttp http, Clock clock) {
    this.source = source;
    this.http = http;
    this.clock = clock;
  }

  /// The certificate, asked for again when it is not fresh. While the identity service does not
  /// answer, the one known before counts.
  synchronized Certified certified() throws LogUnavailableException, BadAnswerException {
    switch (source) {
      case Source.Given(Certified certificate) -> {
        return certificate;
      }
      case Source.Asked(URI uri) -> {
        Instant now = clock.instant();
        Certified before = known;
        if (before != null && now.isBefore(asked.plus(FRESH)) && !now.isBefore(asked)) {
          return before;
        }
        try {
          Certified fetched = fetch(uri);
          known = fetched;
          asked = now;
          return fetched;
        } catch (LogUnavailableException e) {
          if (before == null) {
            throw e;
          }
          return before;
        }
      }
    }
  }

  /// What was told last; empty before anything was.
  synchronized Optional<Certified> last() {
    return source instanceof Source.Given(Certified certificate)
        ? Optional.of(certificate)
        : Optional.ofNullable(known);
  }

  /// Asks again the next time: the service proved itself by something else.
  synchronized void doubt() {
    asked = Instant.MIN;
  }

  private Certified fetch(URI uri) throws LogUnavailableException, BadAnswerException {
    Answer answer = http.get(uri, Limits.of(MAX_IDENTITY));
    if (!answer.found()) {
      throw new LogUnavailableException(uri + ": nothing there (expected: a ledger's identity)");
    }
    try {
      return Certified.of(certificate(answer.body()));
    } catch (RefusedException e) {
      throw new BadAnswerException(uri.toString(), e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new BadAnswerException(
          uri.toString(), "a certificate that cannot be read (expected: one in PEM)");
    }
  }

  /// The certificate in an identity service's answer, as PEM.
  static String certificate(byte[] body) throws RefusedException {
    return JsonObject.parse("identity", body, MAX_IDENTITY).text("ledgerTlsCertificate");
  }
}
