package dev.sigwarden.log.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.jspecify.annotations.Nullable;

/// One exchange over HTTP/1.1 at a time and nothing around it: what is polite is `PoliteHttp`'s.
/// Blocks; an interrupt of the virtual thread that it runs on closes its connection. Thread-safe.
///
/// Built on blocking sockets, whose bytes go into the array that becomes the answer; the JDK's
/// client hands on lists of buffers that are then copied (docs/performance.md).
final class Wire implements AutoCloseable {
  /// Bytes reserved at first for a body where the server declares no length.
  private static final int FIRST_BUFFER_BYTES = 64 * 1024;

  /// Bytes reserved at first at most, whatever the server declares: a full bundle of usual entries.
  /// Beyond it, what is declared is believed only as far as it is delivered.
  private static final int MAX_FIRST_BUFFER_BYTES = 1024 * 1024;

  /// Bytes of an error's body that are read: more than a message quotes.
  private static final int MAX_ERROR_BYTES = 4 * 1024;

  /// The longest line of a response's head, in bytes; real ones have some hundred.
  private static final int MAX_LINE_BYTES = 8 * 1024;

  /// The most lines of a response's head; content networks send some thirty.
  private static final int MAX_HEADERS = 100;

  /// Connections in all: hosts come from the configuration, and each has its own bound.
  private static final int MAX_CONNECTIONS = 1_024;

  /// How long an unused connection is believed to be open still, in seconds: less than servers keep
  /// one.
  private static final int IDLE_SECONDS = 30;

  private final CloseableHttpClient client;

  /// @param tls asked for with the first https request: its roots take longer to load than a start
  Wire(HttpPolicy policy, Supplier<SSLContext> tls) {
    this(policy, tls, true);
  }

  /// @param names whether a server's certificate has to bear its name
  Wire(HttpPolicy policy, Supplier<SSLContext> tls, boolean names) {
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections(policy, tls, names))
            .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setProtocolUpgradeEnabled(false)
                    .setDefaultKeepAlive(IDLE_SECONDS, TimeUnit.SECONDS)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableDefaultUserAgent()
            .build();
  }

  private static HttpClientConnectionManager connections(
      HttpPolicy policy, Supplier<SSLContext> tls, boolean names) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(policy.perHostConcurrency())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(policy.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .build())
        .setTlsSocketStrategy((socket, host, port, attachment, context) ->
            new DefaultClientTlsStrategy(
                    tls.get(),
                    null,
                    null,
                    SSLBufferMode.STATIC,
                    // The JDK checks the name in the handshake, as for its own client.
                    names ? HostnameVerificationPolicy.BUILTIN : HostnameVerificationPolicy.CLIENT,
                    NoopHostnameVerifier.INSTANCE)
                .upgrade(socket, host, port, attachment, context))
        .build();
  }

  /// What is sent.
  ///
  /// @param method `GET` or `POST`
  /// @param query the body to send and its type; empty for `GET`
  /// @param known the entity tag of what is known already; empty if nothing is
  /// @param more headers beside the usual ones
  record Request(
      String method,
      URI uri,
      String userAgent,
      String accept,
      Optional<Query> query,
      Optional<String> known,
      Map<String, String> more) {
    Request {
      more = Map.copyOf(more);
    }

    /// Of something that is not known.
    Request(String method, URI uri, String userAgent, String accept, Optional<Query> query) {
      this(method, uri, userAgent, accept, query, Optional.empty(), Map.of());
    }
  }

  /// A body to send. A class and not a record for its array.
  static final class Query {
    private final String contentType;
    private final byte[] body;

    Query(String contentType, byte[] body) {
      this.contentType = contentType;
      this.body = body;
    }
  }

  /// What came back. A class and not a record for its array.
  static final class Response {
    private final int status;
    private final Header[] headers;
    private final byte[] body;

    private Response(int status, Header[] headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    int status() {
      return status;
    }

    /// The body of a 200 or 206 whole, of any other status its beginning.
    byte[] body() {
      return body;
    }

    /// The first value of a header.
    Optional<String> header(String name) {
      return values(name).findFirst();
    }

    /// All values of a header, joined by commas as RFC 9110 section 5.3 allows.
    String joined(String name) {
      return values(name).collect(Collectors.joining(","));
    }

    private Stream<String> values(String name) {
      return Arrays.stream(headers)
          .filter(header -> header.getName().equalsIgnoreCase(name))
          .map(header -> header.getValue() == null ? "" : header.getValue());
    }
  }

  /// A body over its bound. Not a transport's failure: asking again would bring the same.
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  /// Asks once.
  ///
  /// @param maxBytes the longest body of a 200, in bytes as it comes over the wire
  /// @throws TooLongException if it is longer
  /// @throws IOException if no whole answer came
  Response exchange(Request request, int maxBytes) throws IOException {
    HttpUriRequestBase message = new HttpUriRequestBase(request.method(), request.uri());
    message.setHeader("User-Agent", request.userAgent());
    message.setHeader("Accept", request.accept());
    message.setHeader("Accept-Encoding", "gzip");
    request.known().ifPresent(tag -> message.setHeader("If-None-Match", tag));
    request.more().forEach(message::setHeader);
    if (request.query().isPresent()) {
      Query query = request.query().get();
      message.setHeader("Content-Type", query.contentType);
      message.setEntity(new ByteArrayEntity(query.body, null));
    }
    boolean ended = false;
    ClassicHttpResponse response = client.executeOpen(null, message, null);
    try {
      boolean ok = response.getCode() == PoliteHttp.OK || response.getCode() == PoliteHttp.PARTIAL;
      HttpEntity entity = response.getEntity();
      byte[] body = ok ? whole(entity, maxBytes) : beginning(entity);
      ended = ok || body.length < MAX_ERROR_BYTES;
      return new Response(response.getCode(), response.getHeaders(), body);
    } finally {
      if (ended) {
        response.close();
      } else {
        // Closing would read on to the end of the body, to use the connection again.
        message.cancel();
      }
    }
  }

  private static byte[] whole(@Nullable HttpEntity entity, int maxBytes) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    long declared = entity.getContentLength();
    if (declared > maxBytes) {
      throw new TooLongException(declared + " bytes declared (expected: <= " + maxBytes + ")");
    }
    long first = declared < 0 ? FIRST_BUFFER_BYTES : Math.min(declared, MAX_FIRST_BUFFER_BYTES);
    byte[] bytes = new byte[(int) Math.min(maxBytes, first)];
    int length = 0;
    InputStream in = entity.getContent();
    while (true) {
      length += in.readNBytes(bytes, length, bytes.length - length);
      // Read to its end, a body gives its connection back.
      int next = length < bytes.length ? -1 : in.read();
      if (next < 0) {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      }
      if (length == maxBytes) {
        throw new TooLongException("more than " + maxBytes + " bytes (expected: no more)");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.clamp(2L * length, length + 1L, maxBytes));
      bytes[length++] = (byte) next;
    }
  }

  private static byte[] beginning(@Nullable HttpEntity entity) throws IOException {
    return entity == null ? new byte[0] : entity.getContent().readNBytes(MAX_ERROR_BYTES);
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
