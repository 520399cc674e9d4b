package dev.sigwarden.notify;

import dev.sigwarden.text.RetryAfter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Posts to one address of the operator's: no redirects, no proxy, no cookies, at most 64 KiB of
/// the answer read, one deadline for everything. Each post makes a connection of its own: the name
/// is resolved once, every address that it has is checked, and one of these is connected to, so
/// that a name which changes its mind in between leads nowhere else. TLS checks the name all the
/// same.
public final class HttpPost implements AutoCloseable {
  /// Bytes of an answer that are read; the rest is not wanted.
  static final int MAX_ANSWER = 64 * 1024;

  /// Characters of a status line or header; answers of receivers need a few dozen.
  private static final int MAX_LINE = 8 * 1024;

  /// Header lines of an answer.
  private static final int MAX_HEADERS = 200;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final URI url;
  private final HttpHost target;
  private final Duration deadline;
  private final Clock clock;
  private final CloseableHttpClient client;

  /// What the peer answered.
  ///
  /// @param status the HTTP status
  /// @param retryAfter the pause that it asked for; empty if it did not say
  /// @param words the beginning of the body, sanitised
  public record Answer(int status, Optional<Duration> retryAfter, String words) {}

  /// Asks for the addresses of a name.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /// A client of one address.
  ///
  /// @param url where to post
  /// @param allowPrivate whether loopback and private networks are allowed
  /// @param cas the authorities to trust; empty for those of the JDK
  /// @param deadline for one post, from resolving the name to the end of the answer
  /// @param clock the time, to read dates in answers
  public HttpPost(
      URI url, boolean allowPrivate, Optional<TrustedCas> cas, Duration deadline, Clock clock) {
    this(url, allowPrivate, cas, deadline, clock, InetAddress::getAllByName);
  }

  /// The same with another way to look names up.
  HttpPost(
      URI url,
      boolean allowPrivate,
      Optional<TrustedCas> cas,
      Duration deadline,
      Clock clock,
      Lookup lookup) {
    this.url = url;
    this.target = new HttpHost(url.getScheme(), host(url), url.getPort());
    this.deadline = deadline;
    this.clock = clock;
    // The deadline ends a post; should that not end the connection, this does.
    Timeout timeout = Timeout.of(deadline.plusSeconds(1));
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(connections(cas, timeout, new Checked(lookup, allowPrivate)))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout)
                    .setResponseTimeout(timeout)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            // Nothing is kept for the next post, which checks anew.
            .setConnectionReuseStrategy((_, _, _) -> false)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableAuthCaching()
            .disableCookieManagement()
            .disableContentCompression()
            .build();
  }

  private static HttpClientConnectionManager connections(
      Optional<TrustedCas> cas, Timeout timeout, DnsResolver names) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(names)
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(MAX_LINE)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build())
        .setTlsSocketStrategy(
            ClientTlsStrategyBuilder.create()
                .setSslContext(cas.map(TrustedCas::context).orElseGet(HttpPost::jdkTrust))
                .setTlsVersions(TLS.V_1_3, TLS.V_1_2)
                // The JDK's own check of the server's name.
                .setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                .buildClassic())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                .setSocketTimeout(timeout)
                .build())
        .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build())
        .build();
  }

  private static SSLContext jdkTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("TLS: missing (every JDK has it)", e);
    }
  }

  /// Posts once and judges the answer by its status: 2xx has it, 408, 425, 429 and 5xx try again,
  /// 3xx, 401, 403, 404, 405, 407 and 410 speak of the address and not of this message, other 4xx
  /// refuse the message.
  public Delivery send(Map<String, String> headers, byte[] body) {
    try {
      return judge(post(headers, body));
    } catch (ForbiddenAddressException e) {
      return new Delivery.Unauthorized(PeerWords.address(url) + ": " + e.getMessage());
    } catch (IOException e) {
      return new Delivery.TryAgain(
          PeerWords.address(url) + ": " + PeerWords.of(e), Optional.empty());
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
      throws IOException, InterruptedException {
    HttpUriRequestBase request = new HttpUriRequestBase("POST", url);
    headers.forEach(request::setHeader);
    // The type is one of the headers.
    request.setEntity(new ByteArrayEntity(body, null));
    FutureTask<Answer> answer = new FutureTask<>(() -> exchange(request));
    Thread.ofVirtual().name("http-post").start(answer);
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no complete answer within " + deadline, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(PeerWords.of(e.getCause() == null ? e : e.getCause()), e);
    } finally {
      // Ends the connection, however far it came: a body of any length is not read to its end.
      boolean _ = request.cancel();
    }
  }

  private Answer exchange(HttpUriRequestBase request) throws IOException {
    ClassicHttpResponse response = client.executeOpen(target, request, null);
    Header asked = response.getFirstHeader("retry-after");
    Optional<Duration> pause =
        asked == null || asked.getValue() == null
            ? Optional.empty()
            : RetryAfter.parse(asked.getValue(), clock.instant());
    byte[] first = first(response.getEntity());
    String words = new String(first, StandardCharsets.UTF_8);
    return new Answer(response.getCode(), pause, PeerWords.clean(words));
  }

  /// Does not close the body: that would read it to its end.
  private static byte[] first(@Nullable HttpEntity body) throws IOException {
    return body == null ? new byte[0] : body.getContent().readNBytes(MAX_ANSWER);
  }

  private static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Ends connections; a second call does nothing.
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /// The addresses of a name, all of them checked, or none.
  private record Checked(Lookup lookup, boolean allowPrivate) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] addresses = lookup.addresses(host);
      String forbidden = AddressRules.forbidden(addresses, allowPrivate);
      if (!forbidden.isEmpty()) {
        throw new ForbiddenAddressException(forbidden);
      }
      return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException(String message) {
      super(message);
    }
  }
}
