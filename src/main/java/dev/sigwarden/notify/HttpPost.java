package dev.sigwarden.notify;

import dev.sigwarden.text.RetryAfter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Posts to one address of the operator's: no redirects, no proxy, every resolved address checked
/// right before connecting, at most 64 KiB of the answer read, one deadline for everything.
///
/// The JDK's client resolves the name again when it connects. It gets the same answer, since the
/// JDK remembers an answer for 30 s (`networkaddress.cache.ttl`); that must not be set to 0.
public final class HttpPost implements AutoCloseable {
  /// Bytes of an answer that are read; the rest is not wanted.
  static final int MAX_ANSWER = 64 * 1024;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final URI url;
  private final boolean allowPrivate;
  private final Duration deadline;
  private final Clock clock;
  private final HttpClient client;

  /// What the peer answered.
  ///
  /// @param status the HTTP status
  /// @param retryAfter the pause that it asked for; empty if it did not say
  /// @param words the beginning of the body, sanitised
  public record Answer(int status, Optional<Duration> retryAfter, String words) {}

  /// A client of one address.
  ///
  /// @param url where to post
  /// @param allowPrivate whether loopback and private networks are allowed
  /// @param cas the authorities to trust; empty for those of the JDK
  /// @param deadline for one post, from resolving the name to the end of the answer
  /// @param clock the time, to read dates in answers
  public HttpPost(
      URI url, boolean allowPrivate, Optional<TrustedCas> cas, Duration deadline, Clock clock) {
    this.url = url;
    this.allowPrivate = allowPrivate;
    this.deadline = deadline;
    this.clock = clock;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT_TIMEOUT);
    Optional<SSLContext> context = cas.map(TrustedCas::context);
    context.ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /// Posts once and judges the answer by its status: 2xx has it, 408, 425, 429 and 5xx try again,
  /// 3xx, 401, 403, 404, 405, 407 and 410 speak of the address and not of this message, other 4xx
  /// refuse the message.
  public Delivery send(Map<String, String> headers, byte[] body) {
    try {
      return judge(post(headers, body));
    } catch (IOException e) {
      return new Delivery.TryAgain(
          PeerWords.address(url) + ": " + PeerWords.of(e), Optional.empty());
    } catch (ForbiddenAddressException e) {
      return new Delivery.Unauthorized(PeerWords.address(url) + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivery.TryAgain(
          PeerWords.address(url) + ": stopped while sending", Optional.empty());
    }
  }

  private Delivery judge(Answer answer) {
    int status = answer.status();
    String words = answer.words().isEmpty() ? "" : ": " + answer.words();
    String reason = "%s answered %d%s".formatted(PeerWords.address(url), status, words);
    if (status >= 200 && status < 300) {
      return new Delivery.Delivered(Integer.toString(status));
    }
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return new Delivery.TryAgain(reason, answer.retryAfter());
    }
    return switch (status) {
      case 401, 403, 404, 405, 407, 410 -> new Delivery.Unauthorized(reason);
      default ->
          status >= 400
              ? new Delivery.Refused(reason)
              : new Delivery.Unauthorized(reason + " (expected: 2xx; redirects are not followed)");
    };
  }

  private Answer post(Map<String, String> headers, byte[] body)
      throws IOException, ForbiddenAddressException, InterruptedException {
    String forbidden = AddressRules.forbidden(host(), allowPrivate);
    if (!forbidden.isEmpty()) {
      throw new ForbiddenAddressException(forbidden);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(deadline)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), _ -> new FirstBytes());
    try {
      HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      Optional<Duration> pause =
          response
              .headers()
              .firstValue("retry-after")
              .flatMap(v -> RetryAfter.parse(v, clock.instant()));
      String words = new String(response.body(), StandardCharsets.UTF_8);
      return new Answer(response.statusCode(), pause, PeerWords.clean(words));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no complete answer within " + deadline, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(PeerWords.of(e.getCause() == null ? e : e.getCause()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  private String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Ends connections; a second call does nothing.
  @Override
  public void close() {
    client.shutdownNow();
  }

  private static final class ForbiddenAddressException extends Exception {
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException(String message) {
      super(message);
    }
  }

  /// Keeps the first bytes of a body and then ends the connection.
  private static final class FirstBytes implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
      subscription = started;
      started.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] bytes = new byte[Math.min(buffer.remaining(), MAX_ANSWER - kept.size())];
        buffer.get(bytes);
        kept.writeBytes(bytes);
      }
      if (subscription != null) {
        if (kept.size() >= MAX_ANSWER) {
          subscription.cancel();
          onComplete();
        } else {
          subscription.request(1);
        }
      }
    }

    @Override
    public void onError(Throwable error) {
      result.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      result.complete(kept.toByteArray());
    }
  }
}
