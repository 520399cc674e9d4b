package dev.sigwarden.sim;

import dev.sigwarden.practice.PracticeCtApi;
import dev.sigwarden.practice.PracticeCtEntry;
import dev.sigwarden.practice.PracticeCtLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// A Certificate Transparency log on loopback HTTP that is honest until faults are injected: both
/// the API of RFC 6962 and the tiles of static-ct-api, of one log. Faults see the path with its
/// query: `ct/v1/get-sth`, `tile/data/000.p/7`.
public final class SimulatedCt implements AutoCloseable {
  /// The usual origin.
  public static final String ORIGIN = "ct.simulated.example/2026h2";

  private static final String PREFIX = "/log/";

  private final PracticeCtLog log;
  private final PracticeCtApi api;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final RawHttp http;

  /// A log that has published the empty tree.
  public SimulatedCt(Clock clock) {
    this(new PracticeCtLog(ORIGIN, clock));
  }

  /// A front end of that log.
  public SimulatedCt(PracticeCtLog log) {
    this.log = log;
    this.api = new PracticeCtApi(log);
    this.http = new RawHttp(this::answer);
  }

  private Answer answer(Request request) {
    if (!request.path().startsWith(PREFIX)) {
      return Answer.of(404);
    }
    String path = request.path().substring(PREFIX.length());
    requests.add(path);
    Answer answer = honest(api, path);
    for (Fault fault : faults) {
      answer = fault.apply(path, answer);
    }
    return answer;
  }

  private static Answer honest(PracticeCtApi api, String path) {
    return api.answer(path).map(Answer::ok).orElseGet(() -> Answer.of(404));
  }

  /// Everything comes from another history of the log.
  public static Fault serve(PracticeCtLog other) {
    PracticeCtApi api = new PracticeCtApi(other);
    return (path, _) -> honest(api, path);
  }

  /// The log's address, without a slash at the end.
  public URI url() {
    return http.url().resolve("/log");
  }

  /// The log behind it.
  public PracticeCtLog log() {
    return log;
  }

  /// The checkpoint as it is served without faults.
  public byte[] checkpoint() {
    return api.answer("checkpoint").orElseThrow();
  }

  /// A certificate that is none: text.
  public static PracticeCtEntry entry(String text) {
    return PracticeCtEntry.certificate(
        text.getBytes(StandardCharsets.UTF_8),
        List.of("the issuer of everything".getBytes(StandardCharsets.UTF_8)));
  }

  /// Appends entries of text until there are `size`, and publishes.
  public SimulatedCt growTo(long size) {
    while (log.size() < size) {
      log.append(entry("entry " + log.size()));
    }
    log.publish();
    return this;
  }

  /// Switches a fault on, behind those that are on.
  public SimulatedCt inject(Fault fault) {
    faults.add(fault);
    return this;
  }

  /// Switches all faults off.
  public SimulatedCt heal() {
    faults.clear();
    return this;
  }

  /// How many requests for such paths were received.
  public long requests(Predicate<String> paths) {
    return requests.stream().filter(paths).count();
  }

  /// Paths of heads, of either protocol.
  public static boolean heads(String path) {
    return path.equals("checkpoint") || path.equals("ct/v1/get-sth");
  }

  /// Paths of leaves, of either protocol.
  public static boolean leaves(String path) {
    return path.startsWith("tile/data/") || path.startsWith("ct/v1/get-entries");
  }

  @Override
  public void close() {
    http.close();
  }
}
