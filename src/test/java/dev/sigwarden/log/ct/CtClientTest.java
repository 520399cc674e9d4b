package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedCt;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CtClientTest {
  private final SimulatedCt log = new SimulatedCt(Clock.systemUTC());
  private final MemoryBudget memory = new MemoryBudget(64 << 20);
  private PoliteHttp http;
  private CtClient client;

  @BeforeEach
  void open() {
    http =
        new PoliteHttp(
            new HttpPolicy("", 8, 1_000_000, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            Clock.systemUTC(),
            RandomGenerator.getDefault());
    client =
        new CtClient(
            new CtApi(http, URI.create(log.url() + "/")),
            log.log().verifierKey(),
            _ -> false,
            memory);
  }

  @AfterEach
  void close() {
    client.close();
    http.close();
    log.close();
  }

  private TreeHead grownTo(long size) {
    log.growTo(size);
    return log.log().treeAt(size);
  }

  @Test
  void a_log_without_get_entry_and_proof_is_asked_for_both_one_by_one() throws Exception {
    TreeHead head = grownTo(50);
    Fault unknown = (_, _) -> Answer.of(404);
    log.inject(unknown.on(path -> path.startsWith("ct/v1/get-entry-and-proof")));
    for (int size = 1; size <= 50; size++) {
      assertThat(client.range(size, head).head()).isEqualTo(log.log().treeAt(size));
    }
    assertThat(client.inclusion(7, head).proof().holds(7, Hash.ofLeaf(log.log().leaf(7)), head))
        .isTrue();
  }

  @Test
  void a_log_that_proves_sizes_only_which_it_signed_proves_others_by_their_last_leaves()
      throws Exception {
    TreeHead head = grownTo(50);
    Fault refuses = (_, _) -> Answer.of(400);
    log.inject(refuses.on(path -> path.startsWith("ct/v1/get-sth-consistency")));
    for (int size = 1; size <= 50; size++) {
      assertThat(client.consistency(size, 50).holds(log.log().treeAt(size), head)).isTrue();
    }
    assertThat(log.requests(path -> path.startsWith("ct/v1/get-sth-consistency")))
        .as("asked for again after it was refused")
        .isOne();
  }

  @Test
  void a_log_that_proves_nothing_is_unavailable_with_its_own_words() {
    grownTo(50);
    Fault refuses = (_, _) -> Answer.of(400);
    log.inject(refuses.on(path -> path.contains("proof") || path.contains("consistency")));
    assertThatThrownBy(() -> client.consistency(20, 50))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("get-sth-consistency?...: status 400");
  }

  @Test
  void a_path_that_leads_elsewhere_is_no_range() {
    TreeHead head = grownTo(50);
    log.inject((path, honest) ->
        path.startsWith("ct/v1/get-entry-and-proof")
            ? honest.withBody(
                "{\"leaf_input\":\"AAAA\",\"extra_data\":\"\",\"audit_path\":[]}"
                    .getBytes(StandardCharsets.US_ASCII))
            : honest);
    assertThatThrownBy(() -> client.range(20, head))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("do not lead to root");
  }

  @Test
  void one_leaf_that_is_answered_badly_holds_up_none_before_it() throws Exception {
    TreeHead head = grownTo(100);
    // Whatever page has leaf 37 is no JSON.
    log.inject((path, honest) -> {
      if (!path.startsWith("ct/v1/get-entries")) {
        return honest;
      }
      String[] numbers = path.replaceAll("[^0-9&]", "").split("&");
      long from = Long.parseLong(numbers[0].substring(1));
      long last = Long.parseLong(numbers[1]);
      return from <= 37 && 37 <= last ? honest.withBody(new byte[7]) : honest;
    });
    Leaves leaves = client.leaves(0, 100, head);
    assertThat(leaves.to()).isEqualTo(37);
    leaves.release();
    assertThatThrownBy(() -> client.leaves(37, 100, head)).isInstanceOf(BadAnswerException.class);
    assertThat(memory.chargedBytes()).isZero();
  }

  @Test
  void a_page_that_is_too_long_is_asked_for_in_parts() throws Exception {
    // Each of these takes some 87 kB of an answer, so that 64 of them are over the bound of one.
    while (log.log().size() < 64) {
      log.log().append(SimulatedCt.entry("x".repeat(65_000)));
    }
    TreeHead head = grownTo(64);
    long next = 0;
    while (next < 64) {
      Leaves leaves = client.leaves(next, 64, head);
      for (int i = 0; i < leaves.count(); i++) {
        assertThat(leaves.copy(i)).isEqualTo(log.log().leaf(next + i));
      }
      next = leaves.to();
      leaves.release();
    }
    assertThat(memory.chargedBytes()).isZero();
  }

  @Test
  void a_leaf_that_is_larger_than_any_page_is_read_by_itself() throws Exception {
    log.log().append(SimulatedCt.entry("x".repeat(5 << 20)));
    TreeHead head = grownTo(3);
    Leaves leaves = client.leaves(0, 3, head);
    assertThat(leaves.copy(0)).isEqualTo(log.log().leaf(0));
    leaves.release();
    assertThat(memory.chargedBytes()).isZero();
  }

  @Test
  void reading_ahead_waits_for_no_memory() throws Exception {
    TreeHead head = grownTo(10);
    try (MemoryBudget.Charge all = memory.charge()) {
      all.hold(64 << 20);
      assertThat(client.leavesIfRoom(0, 10, head)).isEmpty();
    }
    assertThat(client.leavesIfRoom(0, 10, head)).isPresent();
  }
}
