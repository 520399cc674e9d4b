package dev.sigwarden.api;

import dev.sigwarden.access.Budget;
import dev.sigwarden.access.Caller;
import dev.sigwarden.access.Permission;
import dev.sigwarden.daemon.HttpSettings;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.health.Whether;
import dev.sigwarden.text.Sanitizer;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Lets calls in: within the budget, by a known caller, who may do what the method needs. Whatever
/// is not said to be allowed is refused.
@Singleton
public final class Guard {
  private static final Logger LOG = Logger.getLogger(Guard.class);

  /// Calls that one address may make each second before anybody looks who it is: a few people
  /// behind one proxy stay below.
  private static final int PER_ADDRESS = 200;

  /// How much may come at once, in seconds' worth.
  private static final int BURST = 4;

  private static final int OK = 200;

  /// In place of a status: whoever asks may see the whole answer.
  private static final int LOOK = 0;

  /// Bytes of a body that any call may have; a few hundred are usual.
  private static final long SMALL = 64 << 10;

  /// Larger bodies that are read and judged at once, each in tens of megabytes of memory.
  private static final int LARGE = 3;

  /// Calls with larger bodies that wait for their turn, and for how many seconds at most.
  private static final int WAITING = 8;

  private static final int PATIENCE = 10;

  /// How long a larger body may be on its way and in work, in milliseconds: trickled ones would
  /// keep the others waiting.
  private static final long LONGEST_MILLIS = 60_000;

  private static final String MISNAMED =
      "{\"error\":\"Host: not this machine (expected: localhost, or the host of http.public-url)\"}";

  private static final String OPENAPI = "/api/v1/openapi";

  private final RunningDaemon running;
  private final Authenticator authenticator;
  private final CurrentVertxRequest current;
  private final Call call;
  private final Budget addresses;
  private final Budget callers;
  private final Whether health;
  private final Semaphore large = new Semaphore(LARGE, true);

  Guard(
      RunningDaemon running,
      Authenticator authenticator,
      CurrentVertxRequest current,
      Call call,
      Whether health) {
    this.running = running;
    this.health = health;
    this.authenticator = authenticator;
    this.current = current;
    this.call = call;
    Clock clock = Clock.systemUTC();
    int perCaller = running.get().configuration().access().perSecond();
    this.addresses = new Budget(BURST * PER_ADDRESS, PER_ADDRESS, clock);
    this.callers = new Budget(BURST * perCaller, perCaller, clock);
  }

  /// Refuses a call of the API; empty to let it in.
  @ServerRequestFilter
  public Optional<Response> filter(ContainerRequestContext request, ResourceInfo resource) {
    HttpServerRequest http = current.getCurrent().request();
    String address = address(http);
    Duration wait = addresses.take(address);
    if (!wait.isZero()) {
      return Optional.of(tooMany(wait));
    }
    if (isForeign(http)) {
      return Optional.of(Answers.trouble(Refused.FORBIDDEN, "a call by another site's page"));
    }
    Optional<Caller> caller = authenticator.caller(request.getHeaderString("Authorization"));
    if (caller.isEmpty()) {
      return Optional.of(unknown());
    }
    wait = callers.take(caller.get().name());
    if (!wait.isZero()) {
      return Optional.of(tooMany(wait));
    }
    Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
    if (needs == null || !caller.get().may(needs.value())) {
      LOG.warnf(
          "refused: %s %s by %s (%s) from %s",
          request.getMethod(),
          Sanitizer.clean(request.getUriInfo().getPath()),
          Sanitizer.clean(caller.get().name()),
          caller.get().role().label(),
          address);
      return Optional.of(
          Answers.trouble(
              Refused.FORBIDDEN,
              "the role %s may not do this".formatted(caller.get().role().label())));
    }
    Optional<Refused> wrong =
        Parameters.wrong(
            resource.getResourceMethod(), request.getUriInfo().getQueryParameters(true));
    if (wrong.isPresent()) {
      return wrong.map(it -> Answers.trouble(it.status(), it.getMessage()));
    }
    if (isLarge(http) && !hasRoom(current.getCurrent())) {
      return Optional.of(tooMany(Duration.ofSeconds(PATIENCE)));
    }
    call.by(caller.get(), address);
    return Optional.empty();
  }

  /// Whether the body may be large: it says so, or does not say how long it is.
  private static boolean isLarge(HttpServerRequest http) {
    String length = http.getHeader("Content-Length");
    // Longer than a small one in digits alone is enough; the server has read it as a number.
    return length == null
        ? http.getHeader("Transfer-Encoding") != null
        : length.length() > 6 || Long.parseLong(length) > SMALL;
  }

  private boolean hasRoom(RoutingContext context) {
    try {
      if (large.getQueueLength() >= WAITING || !large.tryAcquire(PATIENCE, TimeUnit.SECONDS)) {
        return false;
      }
      long timer =
          context.vertx().setTimer(LONGEST_MILLIS, _ -> context.request().connection().close());
      call.after(() -> {
        boolean _ = context.vertx().cancelTimer(timer);
        large.release();
      });
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What is no part of the API: health, metrics, and the API's description. Beyond this machine
  /// they are for whoever may look. Whether Sigwarden is alive and ready may be asked by anybody,
  /// since what restarts programs has no token; why it is not is for whoever may look. Where only
  /// this machine reaches it, whatever is asked for is for who calls this machine by its name.
  void others(@Observes Filters filters) {
    HttpSettings http = running.get().configuration().http();
    filters.register(
        http.isLoopback() ? context -> requireName(context, http) : this::guardOthers, 100);
  }

  private static void requireName(RoutingContext context, HttpSettings http) {
    HostAndPort called = context.request().authority();
    boolean nameless = context.request().getHeader("Host") == null;
    // Every browser sends it.
    if (nameless || (called != null && http.isMeantBy(called.host()))) {
      context.next();
      return;
    }
    var _ =
        context
            .response()
            .setStatusCode(Refused.FORBIDDEN)
            .putHeader("content-type", MediaType.APPLICATION_JSON)
            .end(MISNAMED);
  }

  private void guardOthers(RoutingContext context) {
    String path = context.normalizedPath();
    if (!path.startsWith("/q/") && !path.startsWith(OPENAPI)) {
      context.next();
      return;
    }
    String header = context.request().getHeader("Authorization");
    var _ =
        context
            .vertx()
            .executeBlocking(() -> status(path, header, address(context.request())))
            .onComplete(status -> {
              int code = status.succeeded() ? status.result() : Refused.UNAVAILABLE;
              if (code == LOOK) {
                context.next();
              } else {
                var _ = context.response().setStatusCode(code).end();
              }
            });
  }

  /// `LOOK`, or the status that is all of the answer.
  private int status(String path, @Nullable String header, String address) {
    if (!addresses.take(address).isZero()) {
      return Refused.TOO_MANY;
    }
    Optional<Caller> caller = authenticator.caller(header);
    if (caller.isPresent() && caller.get().may(Permission.READ)) {
      return LOOK;
    }
    return switch (path) {
      case "/q/health/live" -> health.alive() ? OK : Refused.UNAVAILABLE;
      case "/q/health", "/q/health/ready" ->
          health.alive() && health.ready() ? OK : Refused.UNAVAILABLE;
      default -> caller.isEmpty() ? Refused.UNAUTHENTICATED : Refused.FORBIDDEN;
    };
  }

  private static Response unknown() {
    Response refused =
        Answers.trouble(
            Refused.UNAUTHENTICATED, "no valid token (expected: Authorization: Bearer …)");
    refused.getHeaders().putSingle("WWW-Authenticate", "Bearer");
    return refused;
  }

  private static Response tooMany(Duration wait) {
    Response refused = Answers.trouble(Refused.TOO_MANY, "too many calls");
    refused.getHeaders().putSingle("Retry-After", Long.toString(wait.toSeconds() + 1));
    return refused;
  }

  /// Whether a browser says that a page from elsewhere makes the call. Such a page has no token;
  /// this keeps one that was tricked into handing one over from being used.
  private static boolean isForeign(HttpServerRequest http) {
    String origin = http.getHeader("Origin");
    if (origin == null) {
      return "cross-site".equals(http.getHeader("Sec-Fetch-Site"));
    }
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null || !authority.equals(http.getHeader("Host"));
    } catch (IllegalArgumentException _) {
      return true;
    }
  }

  private static String address(HttpServerRequest http) {
    SocketAddress address = http.remoteAddress();
    return address == null ? "" : Sanitizer.clean(String.valueOf(address.hostAddress()), 60);
  }
}
