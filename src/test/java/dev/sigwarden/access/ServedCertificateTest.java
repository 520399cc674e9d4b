package dev.sigwarden.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sigwarden.notify.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedCertificateTest {
  @TempDir private Path folder;

  private static int status(HttpsServer server, ServedCertificate believed)
      throws IOException, InterruptedException {
    URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    try (HttpClient client = HttpClient.newBuilder().sslContext(believed.client()).build()) {
      return client
          .send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private Path pem(TestTls tls) throws IOException {
    return Files.writeString(folder.resolve("cert.pem"), tls.pem);
  }

  @Test
  void certificate_for_another_name_is_believed_and_another_certificate_for_that_name_is_not()
      throws Exception {
    TestTls own = new TestTls("sigwarden.acme.example");
    TestTls other = new TestTls("sigwarden.acme.example");
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(own.context));
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    try {
      assertThat(status(server, ServedCertificate.of(pem(own)))).isEqualTo(204);
      ServedCertificate wrong = ServedCertificate.of(pem(other));
      assertThatThrownBy(() -> status(server, wrong)).isInstanceOf(SSLHandshakeException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void daemon_s_word_on_where_it_is_says_which_certificate_it_has() throws Exception {
    ServedCertificate served = ServedCertificate.of(pem(new TestTls("sigwarden.acme.example")));
    LocalToken local = LocalToken.mint(new SecureRandom());
    local.write(folder, "https://127.0.0.1:8321", Optional.of(served));
    assertThat(LocalToken.read(folder).flatMap(LocalToken.Reach::certificate)).contains(served);
    Path file = folder.resolve(LocalToken.FILE);
    Files.writeString(file, Files.readString(file).replace(served.sha256().toHex(), "00"));
    assertThatThrownBy(() -> LocalToken.read(folder)).isInstanceOf(IOException.class);
    local.close();
  }

  @Test
  void file_without_a_certificate_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("cert.pem"), "nothing");
    assertThatThrownBy(() -> ServedCertificate.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cert.pem");
  }
}
