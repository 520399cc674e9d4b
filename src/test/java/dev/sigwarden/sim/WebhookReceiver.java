package dev.sigwarden.sim;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A webhook's other end: checks Standard Webhooks 1.0.0 signatures (`v1`, HMAC-SHA256) as a
/// careful receiver does, remembers what it was sent, and can refuse, hang or be away.
///
/// A request with a wrong signature, without an id or with a time that is off by more than five
/// minutes is answered with 401 and kept apart.
public final class WebhookReceiver implements AutoCloseable {
  /// How far a message's time may be from the receiver's.
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String SECRET_PREFIX = "whsec_";
  private static final String SIGNATURE_PREFIX = "v1,";

  /// One message with a good signature.
  ///
  /// @param id the webhook-id: the same for each attempt at the same message
  /// @param time the webhook-timestamp
  /// @param body as UTF-8 text
  /// @param status the status that was answered; 0 if nothing was
  public record Message(String id, Instant time, String body, int status) {
    /// Whether the sender was told that the message is there.
    public boolean accepted() {
      return status / 100 == 2;
    }
  }

  private final byte[] key;
  private final Predicate<Instant> current;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final RawHttp http;
  private volatile Answer answer = Answer.of(200);

  /// A receiver that answers 200.
  ///
  /// @param secret `whsec_` and base64
  public WebhookReceiver(String secret, Clock clock) {
    this(secret, sent -> near(sent, clock.instant()));
  }

  /// The same with another opinion on which messages are neither old nor of the future.
  public WebhookReceiver(String secret, Predicate<Instant> current) {
    this.key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
    this.current = current;
    this.http = new RawHttp(this::receive);
  }

  /// Where to send.
  public URI url() {
    return http.url().resolve("/hook");
  }

  /// Good messages from now on are answered so: `Answer.of(503)`,
  /// `Answer.of(429).with("Retry-After", "7")`, `Answer.of(200).in(new Silence())`.
  public void answerWith(Answer next) {
    answer = next;
  }

  /// Good messages from now on are read and never answered.
  public void hang() {
    answer = Answer.of(200).in(new Answer.Manner.Silence());
  }

  /// Stops listening: senders are refused, until `up`.
  public void down() {
    http.down();
  }

  /// Listens again at the same address.
  public void up() {
    http.up();
  }

  /// Every message with a good signature, whatever was answered, in the order of arrival.
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /// The ids of messages that were accepted, each once, in the order of arrival: what a receiver
  /// that drops repeats has.
  public List<String> acceptedIds() {
    return messages.stream().filter(Message::accepted).map(Message::id).distinct().toList();
  }

  /// Why requests were answered with 401.
  public List<String> refusals() {
    return List.copyOf(refusals);
  }

  private Answer receive(Request request) {
    Optional<String> problem = problem(request);
    if (problem.isPresent()) {
      refusals.add(problem.get());
      return Answer.of(401);
    }
    Answer now = answer;
    boolean silent = now.manner() instanceof Answer.Manner.Silence;
    messages.add(
        new Message(
            header(request, "id"),
            time(request),
            new String(bytes(request), StandardCharsets.UTF_8),
            silent ? 0 : now.status()));
    return now;
  }

  /// Whether two times are so near that a message of the one may arrive at the other.
  public static boolean near(Instant sent, Instant now) {
    return Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0;
  }

  private Optional<String> problem(Request request) {
    if (!request.method().equals("POST")) {
      return Optional.of("method: " + request.method() + " (expected: POST)");
    }
    String id = header(request, "id");
    if (id.isEmpty() || id.contains(".")) {
      return Optional.of("webhook-id: '" + id + "' (expected: text without a dot)");
    }
    if (!header(request, "timestamp").matches("[0-9]{1,12}")) {
      return Optional.of("webhook-timestamp: not seconds");
    }
    if (!current.test(time(request))) {
      return Optional.of("webhook-timestamp: " + time(request) + " (expected: about now)");
    }
    return signed(request) ? Optional.empty() : Optional.of("webhook-signature: wrong");
  }

  private boolean signed(Request request) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    String head = header(request, "id") + "." + header(request, "timestamp") + ".";
    content.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(bytes(request));
    byte[] expected = hmac(content.toByteArray());
    for (String signature : header(request, "signature").split(" ")) {
      String encoded = signature.startsWith(SIGNATURE_PREFIX) ? signature.substring(3) : "";
      if (MessageDigest.isEqual(
          Base64.getEncoder().encode(expected), encoded.getBytes(StandardCharsets.UTF_8))) {
        return true;
      }
    }
    return false;
  }

  private byte[] hmac(byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }

  private static String header(Request request, String name) {
    return request.headers().getOrDefault("webhook-" + name, "");
  }

  private static Instant time(Request request) {
    return Instant.ofEpochSecond(Long.parseLong(header(request, "timestamp")));
  }

  private static byte[] bytes(Request request) {
    return request.body().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    http.close();
  }
}
