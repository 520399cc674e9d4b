package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.TrustedLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortableProofsTest {
  private static final int SIZE = 100;

  private final NoteSigner signer = NoteSigner.generate("log.example");
  private final PracticeLog log = new PracticeLog(signer, Clock.systemUTC());
  private final PracticeClient client = new PracticeClient(log);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final TestClock clock = new TestClock();
  private final PortableProofs proofs =
      new PortableProofs(
          client,
          new TrustedLog(
              "practice", "log.example", List.of(signer.verifierKey()), WitnessPolicy.none()),
          stopping::get,
          clock);

  @BeforeEach
  void fill() {
    for (byte i = 0; i < SIZE; i++) {
      log.append(new byte[] {i});
    }
    log.publish();
  }

  private View view(long position) {
    SeenHead head = new SeenHead(log.headAt(SIZE), "note", Instant.EPOCH);
    return new View(0, head, Position.of(log.rangeAt(position)));
  }

  private PortableProofs.Asked ask(View view, int index) {
    byte[] entry = {(byte) index};
    return proofs.of(
        view,
        new Judgement.Undecodable(
            index,
            Hash.ofLeaf(entry),
            EntryBytes.of(entry),
            Optional.empty(),
            "no reason",
            List.of()));
  }

  @Test
  void the_first_findings_of_each_chunk_get_a_proof() {
    for (int i = 0; i < PortableProofs.MAX_PER_CHUNK; i++) {
      assertThat(ask(view(0), i)).isInstanceOf(PortableProofs.Asked.Proof.class);
    }
    assertThat(ask(view(0), 50)).isInstanceOf(PortableProofs.Asked.None.class);
    assertThat(client.proofsAsked).isEqualTo(PortableProofs.MAX_PER_CHUNK);

    assertThat(ask(view(60), 60)).isInstanceOf(PortableProofs.Asked.Proof.class);
  }

  @Test
  void after_a_failure_nothing_more_is_asked_for_the_chunk() {
    client.show(new PracticeLog(NoteSigner.generate("empty.example"), Clock.systemUTC()));
    assertThat(ask(view(0), 0)).isInstanceOf(PortableProofs.Asked.None.class);
    client.show(log);
    assertThat(ask(view(0), 1)).isInstanceOf(PortableProofs.Asked.None.class);
    assertThat(client.proofsAsked).isOne();

    assertThat(ask(view(60), 60)).isInstanceOf(PortableProofs.Asked.Proof.class);
  }

  @Test
  void a_slow_log_is_asked_no_more_until_much_later() {
    assertThat(ask(view(0), 0)).isInstanceOf(PortableProofs.Asked.Proof.class);
    clock.advance(PortableProofs.LONGEST.plusMillis(1));
    assertThat(ask(view(0), 1)).isInstanceOf(PortableProofs.Asked.None.class);
    clock.advance(PortableProofs.RENEWED);
    assertThat(ask(view(0), 2)).isInstanceOf(PortableProofs.Asked.Proof.class);
  }

  @Test
  void nothing_is_asked_while_stopping() {
    stopping.set(true);
    assertThat(ask(view(0), 0)).isInstanceOf(PortableProofs.Asked.None.class);
    assertThat(client.proofsAsked).isZero();
  }

  @Test
  void a_proof_that_does_not_hold_is_none() {
    byte[] other = {99};
    assertThat(
            proofs.of(
                view(0),
                new Judgement.Undecodable(
                    3,
                    Hash.ofLeaf(other),
                    EntryBytes.of(other),
                    Optional.empty(),
                    "no reason",
                    List.of())))
        .isEqualTo(new PortableProofs.Asked.None("the log's inclusion proof did not hold"));
  }

  private void grow(PracticeLog log, String word, int to) {
    while (log.size() < to) {
      log.append((word + log.size()).getBytes(StandardCharsets.UTF_8));
    }
    log.publish();
  }

  @Test
  void a_proof_in_a_newer_tree_comes_with_its_note_and_is_checked_against_it() {
    View view = view(0);
    client.proveInOwnHeads();
    grow(log, "newer", SIZE + 7);

    assertThat(ask(view, 3))
        .isInstanceOfSatisfying(
            PortableProofs.Asked.Proof.class,
            asked -> {
              assertThat(asked.proof().head()).isEqualTo(log.headAt(SIZE + 7));
              assertThat(asked.proof().note()).isPresent();
            });
    assertThat(proofs.strangers()).isEmpty();
  }

  @Test
  void a_proof_under_another_key_is_none() {
    View view = view(0);
    client.proveInOwnHeads();
    PracticeLog other = new PracticeLog(NoteSigner.generate("log.example"), Clock.systemUTC());
    for (byte i = 0; i < SIZE; i++) {
      other.append(new byte[] {i});
    }
    other.publish();
    client.show(other);

    assertThat(ask(view, 3))
        .isInstanceOfSatisfying(
            PortableProofs.Asked.None.class, none -> assertThat(none.why()).contains("signed by"));
  }

  @Test
  void a_proof_in_a_signed_tree_of_another_history_is_none_and_its_head_is_handed_on() {
    View view = view(0);
    client.proveInOwnHeads();
    PracticeLog fork = log.fork(50);
    grow(fork, "other", SIZE + 5);
    client.show(fork);

    assertThat(ask(view, 3))
        .isInstanceOfSatisfying(
            PortableProofs.Asked.None.class,
            none -> assertThat(none.why()).contains("not shown to continue"));
    assertThat(proofs.strangers())
        .extracting(SeenHead::head)
        .containsExactly(fork.headAt(SIZE + 5));
    assertThat(proofs.strangers()).isEmpty();
  }
}
