package dev.sigwarden.sim;

import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A transparency log on loopback HTTP that is honest until faults are injected: a `PracticeLog`
/// whose every answer passes through them, in the order of injection.
public final class SimulatedLog implements AutoCloseable {
  /// The usual origin, which is the key's name.
  public static final String ORIGIN = "log.simulated.example/1";

  private static final String PREFIX = "/log/";

  private final NoteSigner signer;
  private final List<NoteSigner> witnesses;
  private final PracticeLog log;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final RawHttp http;

  /// A log that has published the empty tree.
  public SimulatedLog(Clock clock) {
    this(clock, 0);
  }

  /// A log that has published the empty tree, cosigned by that many witnesses.
  public SimulatedLog(Clock clock, int witnesses) {
    this(clock, witnesses, ORIGIN);
  }

  /// The same with an origin of its own, for several logs at once.
  public SimulatedLog(Clock clock, int witnesses, String origin) {
    this(clock, witnesses, _ -> origin);
  }

  /// The same with an origin that follows from its address.
  public SimulatedLog(Clock clock, int witnesses, Function<URI, String> named) {
    this.http = new RawHttp(this::answer);
    String origin = named.apply(url());
    SecureRandom random = new SecureRandom();
    this.signer = NoteSigner.generate(origin, random);
    this.witnesses =
        IntStream.range(0, witnesses)
            .mapToObj(number -> NoteSigner.generate("witness-" + number + ".example", random))
            .toList();
    this.log = new PracticeLog(signer, this.witnesses, clock);
    log.publish();
  }

  private Answer answer(Request request) {
    if (!request.path().startsWith(PREFIX)) {
      return Answer.of(404);
    }
    String path = request.path().substring(PREFIX.length());
    requests.add(path);
    Answer answer = honest(log, path);
    for (Fault fault : faults) {
      answer = fault.apply(path, answer);
    }
    return answer;
  }

  /// What that log answers when nothing is wrong.
  static Answer honest(PracticeLog log, String path) {
    return log.resource(path).map(Answer::ok).orElseGet(() -> Answer.of(404));
  }

  /// The log's address, without a slash at the end.
  public URI url() {
    return http.url().resolve("/log");
  }

  /// The log's verifier key.
  public String vkey() {
    return signer.verifierKey().toString();
  }

  /// The history that is served unless a fault says otherwise.
  public PracticeLog log() {
    return log;
  }

  /// The log's key.
  public NoteSigner signer() {
    return signer;
  }

  /// The witnesses' keys.
  public List<NoteSigner> witnesses() {
    return witnesses;
  }

  /// Appends entries of text until there are `size`, and publishes.
  public SimulatedLog growTo(long size) {
    while (log.size() < size) {
      log.append(text("entry", log.size()));
    }
    log.publish();
    return this;
  }

  /// Appends these entries and publishes.
  public SimulatedLog append(byte[]... entries) {
    for (byte[] entry : entries) {
      log.append(entry);
    }
    log.publish();
    return this;
  }

  static byte[] text(String word, long index) {
    return (word + " " + index + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Switches a fault on, behind those that are on.
  public SimulatedLog inject(Fault fault) {
    faults.add(fault);
    return this;
  }

  /// Switches all faults off.
  public SimulatedLog heal() {
    faults.clear();
    return this;
  }

  /// Stops listening: clients are refused, until `up`.
  public void down() {
    http.down();
  }

  /// Listens again at the same address.
  public void up() {
    http.up();
  }

  /// How many requests for such paths were received.
  public long requests(Predicate<String> paths) {
    return requests.stream().filter(paths).count();
  }

  @Override
  public void close() {
    http.close();
  }
}
