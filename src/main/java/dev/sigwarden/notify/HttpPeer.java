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
import java.util.HashMap;
import java.util.Locale;
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

/// Asks services of the operator's over HTTP: no redirects, no cookies, at most 64 KiB of the
/// answer read, one deadline for each call. Each call makes a connection of its own: the name is
/// resolved once, every address that it has is checked, and one of these is connected to, so that a
/// name which changes its mind in between leads nowhere else. TLS checks the name all the same.
///
/// Behind a proxy it is the proxy's name that is resolved and checked; which addresses can be
/// reached through it is the proxy's to say.
public final class HttpPeer implements AutoCloseable {
  /// Bytes of an answer that are read; the rest is not wanted.
  static final int MAX_ANSWER = 64 * 1024;

  /// Characters of a status line or header; answers of receivers need a few dozen.
  private static final int MAX_LINE = 8 * 1024;

  /// Header lines of an answer.
  private static final int MAX_HEADERS = 200;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpOptions options;
  private final Clock clock;
  private final CloseableHttpClient client;

  /// Asks for the addresses of a name.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /// A client with these options.
  ///
  /// @param clock the time, to read dates in answers
  public HttpPeer(HttpOptions options, Clock clock) {
    this(options, clock, InetAddress::getAllByName);
  }

  /// The same with another way to look names up.
  HttpPeer(HttpOptions options, Clock clock, Lookup lookup) {
    this.options = options;
    this.clock = clock;
    // The deadline ends a call; should that not end the connection, this does.
    Timeout timeout = Timeout.of(options.timeout().plusSeconds(1));
    // A proxy is the operator's own, and most of them have private addresses.
    boolean allowPrivate = options.allowPrivate() || options.proxy().isPresent();
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager(
                connections(options.cas(), timeout, new Checked(lookup, allowPrivate)))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout)
                    .setResponseTimeout(timeout)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            // Nothing is kept for the next call, which checks anew.
            .setConnectionReuseStrategy((_, _, _) -> false)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableAuthCaching()
            .disableCookieManagement()
            .disableContentCompression();
    options.proxy().ifPresent(proxy -> builder.setProxy(target(proxy)));
    this.client = builder.build();
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
                .setSslContext(cas.map(TrustedCas::context).orElseGet(HttpPeer::jdkTrust))
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

  /// What is said to a service, in one call or several.
  @FunctionalInterface
  interface Attempt {
    Delivery make() throws IOException, InterruptedException;
  }

  /// Calls once and judges the answer by its status; throws for nothing that the service or the
  /// network does.
  public Delivery send(HttpCall call) {
    return attempt(() -> exchange(call).judge());
  }

  /// How an attempt ended, whatever it met.
  Delivery attempt(Attempt attempt) {
    try {
      return attempt.make();
    } catch (UnusableException e) {
      return new Delivery.Unauthorized(PeerWords.clean(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return new Delivery.TryAgain(
          PeerWords.clean(String.valueOf(e.getMessage())), Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivery.TryAgain("stopped while sending", Optional.empty());
    }
  }

  /// Calls once, within the options' timeout from resolving the name to the end of the answer.
  ///
  /// @throws UnusableException if a person has to change something before this can succeed
  /// @throws IOException if there was no complete answer; the message names scheme, host and port
  ///   only
  public HttpAnswer exchange(HttpCall call) throws IOException, InterruptedException {
    String address = PeerWords.address(call.url());
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.url());
    call.headers().forEach(request::setHeader);
    if (call.body().length > 0) {
      // The type is one of the headers.
      request.setEntity(new ByteArrayEntity(call.body(), null));
    }
    FutureTask<HttpAnswer> answer = new FutureTask<>(() -> exchange(call, request, address));
    Thread.ofVirtual().name("http-peer").start(answer);
    try {
      return answer.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(address + ": no complete answer within " + options.timeout(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof ForbiddenAddressException) {
        throw new UnusableException(address + ": " + cause.getMessage());
      }
      throw new IOException(address + ": " + call.blot().of(cause), cause);
    } finally {
      // Ends the connection, however far it came: a body of any length is not read to its end.
      boolean _ = request.cancel();
    }
  }

  private HttpAnswer exchange(HttpCall call, HttpUriRequestBase request, String address)
      throws IOException {
    if (options.proxy().isPresent()) {
      checkLiteral(call.url());
    }
    ClassicHttpResponse response = client.executeOpen(target(call.url()), request, null);
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      String value = header.getValue() == null ? "" : header.getValue();
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), value);
    }
    Optional<Duration> pause =
        RetryAfter.parse(headers.getOrDefault("retry-after", ""), clock.instant());
    String body = new String(first(response.getEntity()), StandardCharsets.UTF_8);
    return new HttpAnswer(
        address, response.getCode(), pause, headers, body, call.blot().clean(body));
  }

  /// Does not close the body: that would read it to its end.
  private static byte[] first(@Nullable HttpEntity body) throws IOException {
    return body == null ? new byte[0] : body.getContent().readNBytes(MAX_ANSWER);
  }

  /// A proxy resolves names, and would as well take an address that is never allowed.
  private void checkLiteral(URI url) throws UnknownHostException {
    InetAddress literal;
    try {
      literal = InetAddress.ofLiteral(host(url));
    } catch (IllegalArgumentException _) {
      return;
    }
    String forbidden = AddressRules.forbidden(new InetAddress[] {literal}, options.allowPrivate());
    if (!forbidden.isEmpty()) {
      throw new ForbiddenAddressException(forbidden);
    }
  }

  private static HttpHost target(URI url) {
    return new HttpHost(url.getScheme(), host(url), url.getPort());
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
