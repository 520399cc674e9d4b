package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.TestAlerts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class HttpPeerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /// Where clouds keep their secrets.
  private static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /// Names that mean something else each time they are asked for.
  private HttpPeer.Lookup rebinding(InetAddress... answers) {
    Deque<InetAddress> left = new ArrayDeque<>(List.of(answers));
    return host -> {
      asked.add(host);
      if (left.isEmpty()) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {left.pop()};
    };
  }

  private HttpNotifier post(String url, Optional<TrustedCas> cas, HttpPeer.Lookup lookup) {
    HttpOptions options = new HttpOptions(true, true, Optional.empty(), cas, Duration.ofSeconds(5));
    HttpCall call = HttpCall.post(URI.create(url), "text/plain", new byte[] {'x'});
    return new HttpNotifier(
        new HttpPeer(options, TestAlerts.CLOCK, lookup), (peer, _) -> peer.send(call));
  }

  private void answer(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line;
    while ((line = in.readLine()) != null && !line.isEmpty()) {
      seen.add(line);
    }
    byte[] ok =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(ok);
    socket.getOutputStream().flush();
  }

  private static Delivery send(Notifier post) {
    return post.deliver(NotifierContract.first(TestAlerts.fork()));
  }

  @Test
  void connects_to_the_address_that_was_checked_and_asks_for_no_other() throws IOException {
    try (RawServer server = new RawServer(this::answer);
        HttpNotifier post =
            post(
                "http://hook.example:" + server.port() + "/a?b=c",
                Optional.empty(),
                rebinding(LOOPBACK, METADATA))) {
      assertThat(send(post)).isEqualTo(new Delivery.Delivered("200"));
      assertThat(asked).containsExactly("hook.example");
      assertThat(seen).contains("POST /a?b=c HTTP/1.1", "Host: hook.example:" + server.port());

      // The next post looks again, and is stopped by what it finds.
      assertThat(send(post))
          .isInstanceOfSatisfying(
              Delivery.Unauthorized.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(
                          "http://hook.example:%d: address 169.254.169.254 is not allowed"
                              .formatted(server.port())));
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void connects_to_no_name_of_which_one_address_is_forbidden() throws IOException {
    try (RawServer server = new RawServer(this::answer);
        HttpNotifier post =
            post(
                "http://hook.example:" + server.port() + "/",
                Optional.empty(),
                _ -> new InetAddress[] {LOOPBACK, METADATA})) {
      assertThat(send(post)).isInstanceOf(Delivery.Unauthorized.class);
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void checks_the_certificate_against_the_name_and_not_the_address() throws Exception {
    TestTls tls = new TestTls("hook.example");
    List<String> names = new CopyOnWriteArrayList<>();
    try (RawServer server =
        new RawServer(socket -> {
          SSLSocket secure =
              (SSLSocket) tls.context.getSocketFactory().createSocket(socket, null, 0, true);
          secure.setUseClientMode(false);
          secure.startHandshake();
          ExtendedSSLSession session = (ExtendedSSLSession) secure.getSession();
          session.getRequestedServerNames().forEach(name -> names.add(name.toString()));
          answer(secure);
        })) {
      Optional<TrustedCas> cas = Optional.of(TrustedCas.of(tls.pem));
      try (HttpNotifier good =
          post("https://hook.example:" + server.port() + "/", cas, rebinding(LOOPBACK))) {
        assertThat(send(good)).isEqualTo(new Delivery.Delivered("200"));
        assertThat(names).singleElement().asString().contains("hook.example");
      }
      seen.clear();
      try (HttpNotifier other =
              post("https://other.example:" + server.port() + "/", cas, rebinding(LOOPBACK));
          HttpNotifier untrusted =
              post(
                  "https://hook.example:" + server.port() + "/",
                  Optional.empty(),
                  rebinding(LOOPBACK))) {
        assertThat(send(other)).isInstanceOf(Delivery.TryAgain.class);
        assertThat(send(untrusted)).isInstanceOf(Delivery.TryAgain.class);
        assertThat(seen).isEmpty();
      }
    }
  }

  @Test
  void says_that_a_name_does_not_resolve() {
    try (HttpNotifier post = post("https://hook.example/", Optional.empty(), rebinding())) {
      assertThat(send(post))
          .isInstanceOfSatisfying(
              Delivery.TryAgain.class,
              again -> assertThat(again.reason()).contains("https://hook.example", "UnknownHost"));
    }
  }

  @Test
  void refuses_an_answer_whose_head_has_no_end() throws IOException {
    try (RawServer server =
            new RawServer(socket -> {
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                socket.getOutputStream().write(new byte[] {'a', ':', 'b', '\r', '\n'});
              }
            });
        HttpNotifier post =
            post(
                "http://127.0.0.1:" + server.port() + "/", Optional.empty(), rebinding(LOOPBACK))) {
      assertThat(send(post))
          .isInstanceOfSatisfying(
              Delivery.TryAgain.class,
              again -> assertThat(again.reason()).doesNotContain("no complete answer"));
    }
  }
}
