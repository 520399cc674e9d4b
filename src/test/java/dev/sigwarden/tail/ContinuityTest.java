package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/// Equal, larger and smaller heads, honest and not.
class ContinuityTest {
  private final PracticeLog honest =
      new PracticeLog(NoteSigner.generate("log.example"), Clock.systemUTC());
  private final PracticeClient client = new PracticeClient(honest);
  private final Continuity continuity = new Continuity(client);

  private static void grow(PracticeLog log, String what, long to) {
    while (log.size() < to) {
      log.append((what + log.size()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    log.publish();
  }

  private Relation relate(TreeHead known, TreeHead next)
      throws LogUnavailableException, BadAnswerException {
    return continuity.relate(known, next);
  }

  @Test
  void every_pair_of_heads_of_one_history_is_the_same_larger_or_older() throws Exception {
    grow(honest, "entry", 40);
    for (long known = 0; known <= 40; known++) {
      for (long next = 0; next <= 40; next++) {
        Relation relation = relate(honest.headAt(known), honest.headAt(next));

        assertThat(relation)
            .as("%d to %d", known, next)
            .isEqualTo(
                next == known
                    ? new Relation.Same()
                    : next > known ? new Relation.Extends() : new Relation.Older(true));
      }
    }
  }

  @Test
  void two_roots_for_one_size_contradict_without_any_proof() throws Exception {
    grow(honest, "entry", 5);
    TreeHead other = new TreeHead(5, Hash.ofLeaf(new byte[] {9}));

    assertThat(relate(honest.headAt(5), other))
        .isInstanceOfSatisfying(
            Relation.Contradicts.class,
            fork -> {
              assertThat(fork.why()).contains("two roots for 5 entries");
              assertThat(fork.proof()).isEmpty();
            });
  }

  @Test
  void a_larger_tree_of_another_history_contradicts_with_a_proof_that_holds() throws Exception {
    grow(honest, "entry", 30);
    for (long common = 0; common < 30; common++) {
      PracticeLog lying = honest.fork(common);
      grow(lying, "other", 45);
      client.show(lying);
      TreeHead shown = lying.headAt(45);

      Relation relation = relate(honest.headAt(30), shown);

      assertThat(relation)
          .as("common %d", common)
          .isInstanceOfSatisfying(
              Relation.Contradicts.class,
              fork ->
                  assertThat(fork.proof().orElseThrow().holds(fork.other().orElseThrow(), shown))
                      .isTrue());
    }
  }

  @Test
  void the_log_is_asked_past_its_caches_before_it_is_accused() throws Exception {
    grow(honest, "entry", 9);
    PracticeLog lying = honest.fork(4);
    grow(lying, "other", 12);
    client.show(lying);

    assertThat(relate(honest.headAt(9), lying.headAt(12))).isInstanceOf(Relation.Contradicts.class);
    assertThat(client.forgotten).isPositive();
  }

  @Test
  void nodes_that_do_not_fold_to_the_signed_head_prove_nothing() throws Exception {
    grow(honest, "entry", 12);
    TreeHead signed = new TreeHead(12, Hash.ofLeaf(new byte[] {9}));

    assertThat(relate(honest.headAt(9), signed)).isInstanceOf(Relation.Unproven.class);
  }

  @Test
  void a_smaller_head_that_was_never_of_this_history_contradicts() throws Exception {
    grow(honest, "entry", 20);
    PracticeLog lying = honest.fork(3);
    grow(lying, "other", 11);

    assertThat(relate(honest.headAt(20), lying.headAt(11)))
        .isInstanceOf(Relation.Contradicts.class);
  }

  @Test
  void a_log_that_went_back_cannot_prove_its_past_and_is_older_unproven() throws Exception {
    grow(honest, "entry", 20);
    PracticeLog back = honest.fork(11);
    back.publish();
    client.show(back);

    assertThat(relate(honest.headAt(20), back.headAt(11))).isEqualTo(new Relation.Older(false));
  }

  @Test
  void garbage_for_a_proof_acquits_a_log_as_little_as_no_answer() throws Exception {
    grow(honest, "entry", 20);
    client.garble();

    assertThat(relate(honest.headAt(20), honest.headAt(11))).isEqualTo(new Relation.Older(false));
  }
}
