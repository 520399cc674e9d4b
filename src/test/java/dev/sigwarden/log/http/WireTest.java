package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sigwarden.notify.TestTls;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// TLS, as a log's server has to prove who it is.
class WireTest {
  private static HttpsServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws Exception {
    TestTls tls = new TestTls("localhost");
    trusting = trusting(tls.pem);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
          }
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static SSLContext trusting(String pem) throws Exception {
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry(
        "root",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static byte[] ask(String host, SSLContext tls) throws Exception {
    URI uri = URI.create("https://%s:%d/".formatted(host, server.getAddress().getPort()));
    try (Wire wire = new Wire(HttpPolicy.standard(""), () -> tls)) {
      return wire.exchange(new Wire.Request("GET", uri, "test", "*/*", Optional.empty()), 10)
          .body();
    }
  }

  @Test
  void a_server_that_proves_its_name_is_read() throws Exception {
    assertThat(ask("localhost", trusting)).asString().isEqualTo("hello");
  }

  @Test
  void a_certificate_for_another_name_is_refused() {
    assertThatThrownBy(() -> ask("127.0.0.1", trusting)).isInstanceOf(SSLException.class);
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() {
    assertThatThrownBy(() -> ask("localhost", SSLContext.getDefault()))
        .isInstanceOf(SSLException.class);
  }
}
