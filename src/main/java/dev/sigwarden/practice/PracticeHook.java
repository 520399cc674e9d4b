package dev.sigwarden.practice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a team puts behind a webhook: an HTTP endpoint on the loopback address that takes a request
/// only with a valid Standard Webhooks signature. standardwebhooks.com, section Verifying
/// signatures.
public final class PracticeHook implements AutoCloseable {
  /// The largest body taken, in bytes.
  private static final int MAX_BODY = 1 << 20;

  /// How far a request's time may be from ours, in seconds.
  private static final long TOLERANCE = 300;

  private static final int NO_BODY = -1;

  /// A request whose signature was verified.
  ///
  /// @param id the `webhook-id`
  /// @param body the body as received
  /// @param at when it arrived
  public record Received(String id, String body, Instant at) {}

  private final byte[] key;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> received = new ArrayList<>();
  private int rejected;

  private PracticeHook(byte[] key, HttpServer server) {
    this.key = key.clone();
    this.server = server;
  }

  /// Listens on a free port.
  ///
  /// @param secret the shared secret: `whsec_` and base64
  public static PracticeHook start(String secret) throws IOException {
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    PracticeHook hook = new PracticeHook(key, server);
    server.setExecutor(hook.threads);
    server.createContext("/hook", hook::take);
    server.start();
    return hook;
  }

  /// Where to send to.
  public URI url() {
    return URI.create(
        "http://%s:%d/hook"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  /// The requests taken so far, in order of arrival.
  public synchronized List<Received> received() {
    return List.copyOf(received);
  }

  /// How many requests were refused for their signature.
  public synchronized int rejected() {
    return rejected;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
      Optional<String> id = verified(exchange, body);
      synchronized (this) {
        if (id.isPresent()) {
          received.add(
              new Received(id.get(), new String(body, StandardCharsets.UTF_8), Instant.now()));
        } else {
          rejected++;
        }
      }
      exchange.sendResponseHeaders(
          id.isPresent() ? HttpURLConnection.HTTP_NO_CONTENT : HttpURLConnection.HTTP_UNAUTHORIZED,
          NO_BODY);
    }
  }

  /// The request's id if a signature of it holds.
  private Optional<String> verified(HttpExchange exchange, byte[] body) {
    String id = exchange.getRequestHeaders().getFirst("webhook-id");
    String time = exchange.getRequestHeaders().getFirst("webhook-timestamp");
    String signatures = exchange.getRequestHeaders().getFirst("webhook-signature");
    if (id == null || time == null || signatures == null || !time.matches("[0-9]{1,12}")) {
      return Optional.empty();
    }
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) > TOLERANCE) {
      return Optional.empty();
    }
    byte[] expected =
        ("v1," + Base64.getEncoder().encodeToString(mac(id + "." + time + ".", body)))
            .getBytes(StandardCharsets.US_ASCII);
    for (String signature : signatures.split(" ", -1)) {
      if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII))) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  private byte[] mac(String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(prefix.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 (every JDK has it)", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
