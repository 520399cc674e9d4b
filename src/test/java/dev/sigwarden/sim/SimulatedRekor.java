package dev.sigwarden.sim;

import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.practice.PracticeRekorApi;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// A Rekor v1 instance on loopback HTTP that is honest until faults are injected: a `PracticeRekor`
/// whose every answer passes through them, in the order of injection. `honest` gives a fault what
/// would be answered to any other request.
public final class SimulatedRekor implements AutoCloseable {
  /// The name of the instance and of its key.
  public static final String HOSTNAME = "rekor.simulated.example";

  private final PracticeRekor rekor;
  private final PracticeRekorApi api;
  private final List<RekorFault> faults = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final RawHttp http;

  /// An instance with one empty shard.
  public SimulatedRekor(Clock clock) {
    this.rekor = new PracticeRekor(HOSTNAME, new SecureRandom(), clock);
    this.api = new PracticeRekorApi(rekor);
    this.http = new RawHttp(this::answer);
  }

  private Answer answer(Request request) {
    requests.add(request.path());
    Answer answer = honest(api, request);
    for (RekorFault fault : faults) {
      answer = fault.apply(request, answer);
    }
    return answer;
  }

  /// What that instance answers when nothing is wrong.
  public static Answer honest(PracticeRekorApi api, Request request) {
    PracticeRekorApi.Reply reply = api.answer(request.method(), request.path(), request.body());
    Answer answer = reply.status() == 200 ? Answer.ok(reply.bytes()) : Answer.of(reply.status());
    return answer.withBody(reply.bytes()).with("Content-Type", reply.contentType());
  }

  /// What this instance answers when nothing is wrong.
  public Answer honest(Request request) {
    return honest(api, request);
  }

  /// The instance's address, without a slash at the end.
  public URI url() {
    return http.url();
  }

  /// The vkey of all its shards.
  public String vkey() {
    return rekor.verifierKey().toString();
  }

  /// What is served unless a fault says otherwise.
  public PracticeRekor rekor() {
    return rekor;
  }

  /// Switches a fault on, behind those that are on.
  public SimulatedRekor inject(RekorFault fault) {
    faults.add(fault);
    return this;
  }

  /// Switches all faults off.
  public SimulatedRekor heal() {
    faults.clear();
    return this;
  }

  /// Stops listening: clients are refused.
  public void down() {
    http.down();
  }

  /// How many requests for such paths, with their queries, were received.
  public long requests(Predicate<String> paths) {
    return requests.stream().filter(paths).count();
  }

  @Override
  public void close() {
    http.close();
  }
}
