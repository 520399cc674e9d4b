package dev.sigwarden.log.http;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/// The HTTP client that all logs share: it says who asks, asks a host no more than the policy
/// allows, waits when told to, repeats what may succeed, and reads no more than it was told to.
/// Thread-safe; blocks, so call it from virtual threads.
///
/// Redirects are never followed and no cookie is ever sent; a credential only where a `Question`
/// has the operator's own. The operator's configuration alone says which hosts are asked.
public final class PoliteHttp implements AutoCloseable {
  static final int OK = 200;
  static final int PARTIAL = 206;
  static final int NOT_MODIFIED = 304;

  /// Attempts of one call, the first included: past a restart or a lost packet, no more.
  static final int MAX_ATTEMPTS = 3;

  /// The pause before the second attempt is below this; it doubles from attempt to attempt.
  static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

  /// The line of those who name none.
  private static final String ONE_LINE = "";

  private final HttpPolicy policy;
  private final ResponseReader responses;
  private final RandomGenerator random;
  private final String userAgent;
  private final ExecutorService executor;
  private final Wire wire;

  private final Clock clock;
  private final HostClocks clocks;

  /// Whether the executor is another client's, and ends with that; the wire is too if it is the
  /// same.
  private final boolean borrows;

  private final boolean borrowsWire;

  /// What every line's name begins with.
  private final String lines;

  /// How fast this client asks a host at most; empty for as fast as its gate lets it.
  private final Optional<Pace> pace;

  /// By host and port. Only configured hosts are asked, so there are few.
  private final Map<String, HostGate> gates;

  /// A client with this behaviour; `clock` gives dates in `Retry-After` their meaning and `random`
  /// spreads repetitions.
  public PoliteHttp(HttpPolicy policy, Clock clock, RandomGenerator random) {
    this.policy = policy;
    this.responses = new ResponseReader(clock);
    this.clock = clock;
    this.clocks = new HostClocks();
    this.random = random;
    this.userAgent = userAgent(policy.contact());
    this.executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-http-", 0).factory());
    this.wire = new Wire(policy, SSLContexts::createSystemDefault);
    this.borrows = false;
    this.borrowsWire = false;
    this.lines = ONE_LINE;
    this.pace = Optional.empty();
    this.gates = new ConcurrentHashMap<>();
  }

  private PoliteHttp(PoliteHttp other, Wire wire, String lines, Optional<Pace> pace) {
    this.policy = other.policy;
    this.responses = other.responses;
    this.clock = other.clock;
    this.clocks = other.clocks;
    this.random = other.random;
    this.userAgent = other.userAgent;
    this.executor = other.executor;
    this.wire = wire;
    this.borrows = true;
    this.borrowsWire = wire == other.wire;
    this.lines = lines;
    this.pace = pace;
    this.gates = other.gates;
  }

  /// A client of the same politeness for servers that prove who they are by this context alone,
  /// whatever name they are asked by: it trusts one certificate, the server's own. Ends with this
  /// client.
  ///
  /// @param tls asked for with each connection
  public PoliteHttp pinned(Supplier<SSLContext> tls) {
    return new PoliteHttp(this, new Wire(policy, tls, false), lines, pace);
  }

  /// A client through the same gates for work that is less urgent: it waits in lines of its own, so
  /// that it delays no other by more than one request, and asks each host no faster than a share of
  /// what the policy allows. Ends with this client.
  ///
  /// @param work what its lines are called after
  /// @param share `(0, 1]`, asked before each request
  public PoliteHttp paced(String work, DoubleSupplier share) {
    Pace own = new Pace(() -> policy.perHostRequestsPerSecond() * share.getAsDouble());
    return new PoliteHttp(this, wire, work + " ", Optional.of(own));
  }

  /// `sigwarden/<version> (+<contact>)`.
  private static String userAgent(String contact) {
    @Nullable String version = PoliteHttp.class.getPackage().getImplementationVersion();
    String product = "sigwarden/" + (version == null ? "dev" : version);
    return contact.isBlank() ? product : product + " (+" + contact + ")";
  }

  /// How far the clocks of all hosts asked lately are ahead of ours, below zero if behind; zero if
  /// that is little, or if they do not agree; empty if that is not known, since too few answered.
  public Optional<Duration> skew() {
    return clocks.skew(clock.instant());
  }

  /// Why this client would not ask `uri` at all; empty if it would. For checking configuration.
  public static Optional<String> objection(URI uri) {
    @Nullable String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      return Optional.of("an http or https URL");
    }
    if (uri.getRawUserInfo() != null) {
      return Optional.of("a URL without user name or password");
    }
    if (uri.getHost() == null || uri.getHost().isEmpty() || uri.getPort() > 65_535) {
      return Optional.of("a URL with a valid host name and port");
    }
    return Optional.empty();
  }

  /// The resource at `uri`, or that there is none.
  ///
  /// @throws LogUnavailableException if nothing was learnt: no connection, no complete answer
  ///   within the deadline, a redirect, or any status but 200, 404 and 410
  /// @throws BadAnswerException if the body is over its limits or its content coding is broken
  /// @throws IllegalArgumentException if there is an `objection` to `uri`
  public Answer get(URI uri, Limits limits) throws LogUnavailableException, BadAnswerException {
    return ask(ONE_LINE, request("GET", uri, limits, Optional.empty()), limits);
  }

  /// The resource at `path` below `base`, as `get` has it. What is asked for below one base waits
  /// in one line, and the lines at a host take turns: a log of which much is read delays no other.
  public Answer get(URI base, String path, Limits limits)
      throws LogUnavailableException, BadAnswerException {
    Wire.Request request = request("GET", base.resolve(path), limits, Optional.empty());
    return ask(base.toString(), request, limits);
  }

  /// The resource at `uri`, asked for in a line of that name: for logs that share a base.
  public Answer get(String line, URI uri, Limits limits)
      throws LogUnavailableException, BadAnswerException {
    return ask(line, request("GET", uri, limits, Optional.empty()), limits);
  }

  /// The resource at `uri`, unless it is still the one that this entity tag stands for.
  public Answer getUnlessKnown(URI uri, Optional<String> entityTag, Limits limits)
      throws LogUnavailableException, BadAnswerException {
    Wire.Request plain = request("GET", uri, limits, Optional.empty());
    Wire.Request request =
        new Wire.Request(
            "GET", uri, plain.userAgent(), plain.accept(), plain.query(), entityTag, plain.more());
    return ask(ONE_LINE, request, limits);
  }

  /// The answer to a query that is too long for a URL; it is repeated like a `get`, so the server
  /// must not mind the same query twice. Otherwise as `get`.
  public Answer post(String line, URI uri, String contentType, byte[] body, Limits limits)
      throws LogUnavailableException, BadAnswerException {
    Wire.Query query = new Wire.Query(contentType, body);
    return ask(line, request("POST", uri, limits, Optional.of(query)), limits);
  }

  /// The answer to a question. Otherwise as `get`.
  public Answer ask(Question question) throws LogUnavailableException, BadAnswerException {
    Wire.Request plain = request("GET", question.uri(), question.limits(), Optional.empty());
    Wire.Request request =
        new Wire.Request(
            "GET",
            question.uri(),
            plain.userAgent(),
            plain.accept(),
            plain.query(),
            plain.known(),
            question.headers());
    return ask(question.line(), request, question.limits(), question.answers());
  }

  private Wire.Request request(String method, URI uri, Limits limits, Optional<Wire.Query> query) {
    objection(uri)
        .ifPresent(expected -> {
          throw new IllegalArgumentException("URL (expected: " + expected + ")");
        });
    return new Wire.Request(method, uri, userAgent, limits.accept(), query);
  }

  /// What an attempt came to when it was not the last word.
  ///
  /// @param what what happened, for the message
  /// @param cause the exception behind it, if there was one
  private record Failure(String what, @Nullable Throwable cause) {
    LogUnavailableException of(String resource) {
      String message = resource + ": " + what;
      return cause == null
          ? new LogUnavailableException(message)
          : new LogUnavailableException(message, cause);
    }
  }

  private Answer ask(String line, Wire.Request request, Limits limits)
      throws LogUnavailableException, BadAnswerException {
    return ask(line, request, limits, Set.of());
  }

  private Answer ask(String line, Wire.Request request, Limits limits, Set<Integer> answers)
      throws LogUnavailableException, BadAnswerException {
    String resource = Printable.address(request.uri());
    String host = request.uri().getRawAuthority().toLowerCase(Locale.ROOT);
    HostGate gate =
        gates.computeIfAbsent(
            host,
            _ -> new HostGate(policy.perHostConcurrency(), policy.perHostRequestsPerSecond()));
    awaitPace(host, resource);
    Deadline deadline = Deadline.in(policy.deadline());
    Optional<Failure> failure = Optional.empty();
    try {
      for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        if (attempt > 1 && !pause(attempt, deadline)) {
          break;
        }
        if (attempt > 1) {
          pace.ifPresent(own -> own.spend(host));
        }
        enter(gate, lines + line, deadline, resource, failure);
        Optional<Wire.Response> response = Optional.empty();
        try {
          response = Optional.of(exchange(request, limits, deadline, resource));
        } catch (IOException e) {
          failure = Optional.of(new Failure(ResponseReader.describe(e), e));
        } finally {
          gate.leave();
        }
        if (response.isPresent()) {
          clocks.answered(
              request.uri().getHost(),
              response.get().header("Date"),
              response.get().header("Age"),
              clock.instant());
          Optional<Answer> answer =
              answers.contains(response.get().status())
                  ? Optional.of(responses.answer(response.get(), gate))
                  : responses.read(request, response.get(), gate, limits, resource);
          if (answer.isPresent()) {
            return answer.get();
          }
          failure = Optional.of(new Failure(ResponseReader.statusAndQuote(response.get()), null));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException(resource + ": interrupted", e);
    }
    throw failure
        .map(f -> f.of(resource))
        .orElseGet(() -> new LogUnavailableException(resource + ": no time to ask"));
  }

  /// Waits for this client's own turn; that is of no concern to the call's deadline.
  private void awaitPace(String host, String resource) throws LogUnavailableException {
    if (pace.isPresent()) {
      try {
        pace.get().await(host);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LogUnavailableException(resource + ": interrupted", e);
      }
    }
  }

  /// Full jitter: sleeps for a time drawn from `[0, FIRST_BACKOFF * 2^(attempt - 2))`; false, at
  /// once, if that would outlast the deadline.
  private boolean pause(int attempt, Deadline deadline) throws InterruptedException {
    long bound = FIRST_BACKOFF.toNanos() << (attempt - 2);
    long nanos;
    synchronized (random) {
      nanos = random.nextLong(bound);
    }
    if (nanos >= deadline.nanosLeft()) {
      return false;
    }
    TimeUnit.NANOSECONDS.sleep(nanos);
    return true;
  }

  private void enter(
      HostGate gate, String line, Deadline deadline, String resource, Optional<Failure> failure)
      throws InterruptedException, LogUnavailableException {
    String before = failure.map(f -> "; before: " + f.what()).orElse("");
    switch (gate.enter(line, deadline)) {
      case IN -> {}
      case SHUT ->
          throw new LogUnavailableException(
              "%s: not asked: the host asked to be left alone for another %d s%s"
                  .formatted(
                      resource, TimeUnit.NANOSECONDS.toSeconds(gate.pauseNanos()) + 1, before));
      case TOO_LATE ->
          throw new LogUnavailableException(
              "%s: not asked: its turn at the host did not come within %s%s"
                  .formatted(resource, seconds(policy.deadline()), before));
    }
  }

  /// One attempt, from the first byte to the last.
  ///
  /// @throws IOException if it failed in a way that another attempt may not
  private Wire.Response exchange(
      Wire.Request request, Limits limits, Deadline deadline, String resource)
      throws IOException, InterruptedException, LogUnavailableException, BadAnswerException {
    Future<Wire.Response> future;
    try {
      // On a thread of its own, so that nothing that cannot be interrupted outlasts the deadline.
      future = executor.submit(() -> wire.exchange(request, limits.maxBodyBytes()));
    } catch (RejectedExecutionException e) {
      throw new LogUnavailableException(resource + ": the client is closed", e);
    }
    try {
      return future.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new LogUnavailableException(
          resource + ": no complete answer within " + seconds(policy.deadline()), e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Wire.TooLongException tooLong ->
            throw new BadAnswerException(resource, "body of " + ResponseReader.message(tooLong));
        case IOException io -> throw io;
        case Error error -> throw error;
        // Whatever else the client throws is its way to say that the peer did not speak HTTP.
        case null, default -> throw new IOException("broken answer", e.getCause());
      }
    } finally {
      future.cancel(true);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  /// Ends what is under way and frees the connections.
  @Override
  public void close() {
    if (!borrows) {
      executor.shutdownNow();
    }
    if (!borrowsWire) {
      wire.close();
    }
  }
}
