package dev.sigwarden.health;

import dev.sigwarden.daemon.Probes;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Health and metrics for those who cannot reach the loopback address and have no password to show:
/// the paths of Quarkus's own pages and no others. Of health it says whether, and never why: the
/// reasons hold names of receivers and what they answered.
// Quarkus brings the registry that its makers would replace, and no other.
@SuppressWarnings("deprecation")
@Singleton
final class ProbeServer {
  private static final Logger LOG = Logger.getLogger(ProbeServer.class);

  /// How long an answer serves whoever asks again, in nanoseconds: asking costs the database a
  /// query, and this port asks nobody who they are.
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A connection on which nothing was asked for so long is closed, in seconds: longer than
  /// Prometheus and node agents pause.
  private static final int IDLE_SECONDS = 90;

  /// The longest request line and headers, in bytes: nobody who probes sends more.
  private static final int MAX_HEAD_BYTES = 4_096;

  private static final String TEXT = "text/plain; charset=utf-8";

  /// One answer.
  private record Answer(int status, String type, String body) {}

  /// One page, made anew at most once in `KEPT_NANOS`.
  private static final class Page {
    private final Supplier<Answer> maker;

    // Both guarded by this.
    private Answer kept = new Answer(503, TEXT, "");
    private long madeAt;

    Page(Supplier<Answer> maker) {
      this.maker = maker;
      this.madeAt = System.nanoTime() - KEPT_NANOS;
    }

    synchronized Answer get() {
      if (System.nanoTime() - madeAt >= KEPT_NANOS) {
        kept = maker.get();
        madeAt = System.nanoTime();
      }
      return kept;
    }
  }

  private final Vertx vertx;
  private final Map<String, Page> pages;

  ProbeServer(Vertx vertx, Whether health, PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.pages =
        Map.of(
            "/q/health/live", new Page(() -> told(health.alive())),
            "/q/health/ready", new Page(() -> told(health.ready())),
            "/q/metrics",
                new Page(() ->
                    new Answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape())));
  }

  private static Answer told(boolean up) {
    return up ? new Answer(200, TEXT, "up\n") : new Answer(503, TEXT, "down\n");
  }

  /// Listens until the process ends.
  ///
  /// @throws IllegalStateException if it cannot
  void listen(Probes where) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(where.host())
            .setPort(where.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES);
    try {
      int port =
          vertx
              .createHttpServer(options)
              .requestHandler(this::answer)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join()
              .actualPort();
      LOG.infof("probes at http://%s:%d", where.host(), port);
    } catch (CompletionException e) {
      // Without a cause: what ends a start is told by its innermost message.
      throw new IllegalStateException(
          "probes: cannot listen on %s port %d: %s"
              .formatted(where.host(), where.port(), e.getCause()));
    }
  }

  private void answer(HttpServerRequest request) {
    Page page = pages.get(request.path());
    boolean reads = request.method().equals(HttpMethod.GET);
    if (page == null || !reads) {
      request.response().setStatusCode(page == null ? 404 : 405).end();
      return;
    }
    // Asking about health waits for the database.
    var _ =
        vertx
            .executeBlocking(page::get)
            .onSuccess(answer ->
                request
                    .response()
                    .setStatusCode(answer.status())
                    .putHeader("content-type", answer.type())
                    .putHeader("cache-control", "no-store")
                    .end(answer.body()))
            .onFailure(failure -> {
              LOG.warn("a probe could not be answered", failure);
              request.response().setStatusCode(503).end();
            });
  }
}
