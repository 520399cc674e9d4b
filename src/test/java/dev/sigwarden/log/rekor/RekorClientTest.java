package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.sim.Request;
import dev.sigwarden.sim.SimulatedRekor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A shard read entry by entry, from instances that leave out, repeat and mix up.
class RekorClientTest {
  private static final int BEFORE = 7;

  private final SimulatedRekor simulated = new SimulatedRekor(Clock.systemUTC());
  private final MemoryBudget memory = new MemoryBudget(64 << 20);
  private final PoliteHttp http =
      new PoliteHttp(
          new HttpPolicy(
              "test@sigwarden.example",
              16,
              1_000_000,
              Duration.ofSeconds(10),
              Duration.ofSeconds(10)),
          Clock.systemUTC(),
          RandomGenerator.getDefault());
  private RekorClient client;

  @BeforeEach
  void open() {
    for (int i = 0; i < BEFORE; i++) {
      simulated.rekor().append(entry("old", i));
    }
    simulated.rekor().rotate();
    RekorApi api = new RekorApi(http, URI.create(simulated.url() + "/"));
    client =
        new RekorClient(
            api, simulated.rekor().treeId(1), List.of(simulated.rekor().verifierKey()), memory);
  }

  @AfterEach
  void close() {
    client.close();
    http.close();
    simulated.close();
    assertThat(memory.chargedBytes()).isZero();
  }

  private static byte[] entry(String word, int number) {
    return (word + " " + number).getBytes(StandardCharsets.UTF_8);
  }

  private TreeHead grow(int size) {
    while (simulated.rekor().tree(1).size() < size) {
      simulated.rekor().append(entry("entry", (int) simulated.rekor().tree(1).size()));
    }
    simulated.rekor().publish();
    return simulated.rekor().head(1);
  }

  private int read(long from, long to, TreeHead head) throws Exception {
    Leaves leaves = client.leaves(from, to, head);
    try {
      for (int i = 0; i < leaves.count(); i++) {
        assertThat(leaves.copy(i)).isEqualTo(simulated.rekor().tree(1).entry(from + i));
        assertThat(leaves.loggedAt(i)).isPresent();
      }
      return leaves.count();
    } finally {
      leaves.release();
    }
  }

  @Test
  void a_call_returns_a_bounded_number_of_entries_by_ten_at_a_time() throws Exception {
    TreeHead head = grow(600);

    assertThat(read(0, 600, head)).isEqualTo(RekorClient.MAX_LEAVES_PER_CALL);
    assertThat(simulated.requests(RekorFault::retrieves)).isEqualTo(52);
    assertThat(read(512, 600, head)).isEqualTo(88);
  }

  @Test
  void what_is_left_out_is_asked_for_by_itself() throws Exception {
    TreeHead head = grow(40);
    simulated.inject(drop(BEFORE + 15));

    assertThat(read(0, 40, head)).isEqualTo(40);
    assertThat(simulated.requests(RekorFault::entries)).isOne();
  }

  /// Leaves the entry of an index over all shards out of every list.
  private RekorFault drop(long global) {
    RekorFault drop =
        (request, _) ->
            simulated.honest(
                new Request(
                    request.method(),
                    request.path(),
                    request.headers(),
                    request.body().replaceFirst("\\b" + global + "\\b", "999999999")));
    return drop.on(RekorFault::retrieves);
  }

  @Test
  void what_is_withheld_ends_the_run_before_it_and_is_then_told() throws Exception {
    TreeHead head = grow(40);
    simulated.inject(drop(BEFORE + 15));
    RekorFault gone = (_, _) -> Answer.of(404);
    simulated.inject(gone.on(RekorFault::entries));

    assertThat(read(0, 40, head)).isEqualTo(15);
    assertThatThrownBy(() -> client.leaves(15, 40, head))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("entry 15 of tree")
        .hasMessageContaining("is not there");
  }

  @Test
  void an_entry_of_another_shard_is_refused_and_ends_the_run_before_it() throws Exception {
    TreeHead head = grow(40);
    long global = BEFORE + 20;
    String wrong = simulated.rekor().entry(3).orElseThrow();
    simulated.inject(
        RekorFault.body(it ->
                it.contains("\"logIndex\":" + global + ",")
                    ? "["
                        + wrong.replace("\"logIndex\":3,\"ver", "\"logIndex\":" + global + ",\"ver")
                        + "]"
                    : it)
            .on(RekorFault::retrieves));

    assertThat(read(0, 40, head)).isEqualTo(20);
    assertThatThrownBy(() -> client.leaves(20, 40, head))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("an entry of tree " + simulated.rekor().treeId(0));
  }

  @Test
  void an_entry_twice_is_refused() throws Exception {
    TreeHead head = grow(10);
    String twice = simulated.rekor().entry(BEFORE).orElseThrow();
    simulated.inject(
        RekorFault.body(_ -> "[" + twice + "," + twice + "]").on(RekorFault::retrieves));

    assertThatThrownBy(() -> client.leaves(0, 10, head))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void a_time_that_the_log_did_not_sign_is_refused() throws Exception {
    TreeHead head = grow(10);
    simulated.inject(
        RekorFault.body(it -> it.replaceAll("\"integratedTime\":[0-9]+", "\"integratedTime\":1"))
            .on(RekorFault::retrieves));

    assertThatThrownBy(() -> client.leaves(0, 10, head))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("does not verify");
  }

  @Test
  void an_entry_too_large_for_the_usual_answer_is_read_by_itself() throws Exception {
    grow(5);
    byte[] large = new byte[60_000];
    Arrays.fill(large, (byte) 'x');
    for (int i = 0; i < 8; i++) {
      simulated.rekor().append(large);
    }
    TreeHead head = grow(20);

    int at = 0;
    while (at < 20) {
      at += read(at, 20, head);
    }
    assertThat(at).isEqualTo(20);
  }

  @Test
  void nothing_is_read_ahead() throws Exception {
    TreeHead head = grow(20);

    assertThat(client.leavesIfRoom(0, 20, head)).isEmpty();
    assertThat(simulated.requests(RekorFault::retrieves)).isZero();
  }

  @Test
  void a_shard_that_is_not_active_any_more_is_frozen() throws Exception {
    grow(3);
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(client.head()).text());
    assertThat(client.frozen(checkpoint)).isFalse();
    simulated.rekor().rotate();

    assertThat(client.head()).isEqualTo(simulated.rekor().note(1));
    assertThat(client.frozen(checkpoint)).isTrue();
  }

  @Test
  void a_request_that_is_one_too_many_halves_what_is_under_way() throws Exception {
    Window window = new Window();
    for (int i = 0; i < 100; i++) {
      window.went();
    }
    assertThat(window.size()).isEqualTo(Window.MAX);
    window.failed();
    assertThat(window.size()).isEqualTo(Window.MAX / 2);
    for (int i = 0; i < 10; i++) {
      window.failed();
    }
    assertThat(window.size()).isOne();
  }
}
