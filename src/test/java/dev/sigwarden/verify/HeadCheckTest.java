package dev.sigwarden.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final TreeHead HEAD = new TreeHead(7, Hash.ofLeaf(new byte[] {1}));

  private final NoteSigner key = NoteSigner.generate("log.example");
  private final NoteSigner next = NoteSigner.generate("log.example");
  private final NoteSigner witness = NoteSigner.generate("witness.example");

  private static String text(String origin) {
    return new Checkpoint(origin, HEAD, List.of()).toText();
  }

  private TrustedLog log(WitnessPolicy policy, VerifierKey... keys) {
    return new TrustedLog("my-log", "log.example", List.of(keys), policy);
  }

  private TrustedLog log() {
    return log(WitnessPolicy.none(), key.verifierKey());
  }

  private HeadVerdict check(TrustedLog log, byte[] note) {
    return HeadCheck.check(log, note, NOW);
  }

  @Test
  void believes_what_a_trusted_key_signed() {
    byte[] note = key.sign(text("log.example"));

    assertThat(check(log(), note))
        .isInstanceOfSatisfying(
            HeadVerdict.Believed.class,
            believed -> {
              assertThat(believed.checkpoint().head()).isEqualTo(HEAD);
              assertThat(believed.note()).isEqualTo(new String(note, StandardCharsets.UTF_8));
              assertThat(believed.cosignatures()).isEmpty();
            });
  }

  @Test
  void believes_either_key_during_a_rotation() {
    TrustedLog both = log(WitnessPolicy.none(), key.verifierKey(), next.verifierKey());

    assertThat(check(both, key.sign(text("log.example")))).isInstanceOf(HeadVerdict.Believed.class);
    assertThat(check(both, next.sign(text("log.example"))))
        .isInstanceOf(HeadVerdict.Believed.class);
  }

  @Test
  void does_not_believe_another_key_and_says_whose_it_is() {
    assertThat(check(log(), next.sign(text("log.example"))))
        .isInstanceOfSatisfying(
            HeadVerdict.Untrusted.class,
            untrusted ->
                assertThat(untrusted.why())
                    .contains("%08x".formatted(next.verifierKey().keyId()))
                    .contains("expected: log.example+")
                    .contains("%08x".formatted(key.verifierKey().keyId())));
  }

  @Test
  void does_not_believe_the_right_key_for_another_log() {
    assertThat(check(log(), key.sign(text("other.example"))))
        .isEqualTo(
            new HeadVerdict.Untrusted(
                "origin: other.example (expected: log.example)",
                new String(key.sign(text("other.example")), StandardCharsets.UTF_8)));
  }

  @Test
  void does_not_believe_a_signature_over_other_words() {
    String note = new String(key.sign(text("log.example")), StandardCharsets.UTF_8);
    byte[] altered = note.replace("\n7\n", "\n8\n").getBytes(StandardCharsets.UTF_8);

    assertThat(check(log(), altered)).isInstanceOf(HeadVerdict.Untrusted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>502 Bad Gateway</html>", "log.example\n7\n", "log.example\n7\n\n"})
  void learns_nothing_from_what_is_no_checkpoint(String body) {
    assertThat(check(log(), body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(HeadVerdict.Unreadable.class);
  }

  @Test
  void asks_for_the_quorum_of_witnesses() {
    TrustedLog watched = log(WitnessPolicy.of(1, List.of(witness.witnessKey())), key.verifierKey());
    byte[] note = key.sign(text("log.example"));

    assertThat(check(watched, note)).isInstanceOf(HeadVerdict.Unwitnessed.class);
    assertThat(check(watched, witness.cosign(note, NOW.minusSeconds(5))))
        .isInstanceOfSatisfying(
            HeadVerdict.Believed.class,
            believed ->
                assertThat(believed.cosignatures())
                    .singleElement()
                    .satisfies(cosignature ->
                        assertThat(cosignature.time()).isEqualTo(NOW.minusSeconds(5))));
  }

  @Test
  void a_cosignature_from_the_future_does_not_count() {
    TrustedLog watched = log(WitnessPolicy.of(1, List.of(witness.witnessKey())), key.verifierKey());
    byte[] note = witness.cosign(key.sign(text("log.example")), NOW.plus(Duration.ofHours(1)));

    assertThat(check(watched, note)).isInstanceOf(HeadVerdict.Unwitnessed.class);
  }

  @Test
  void survives_any_alteration_of_a_checkpoint_and_believes_none() {
    byte[] note = key.sign(text("log.example"));
    long seed = 20261122;
    Random random = new Random(seed);
    for (int round = 0; round < 4_000; round++) {
      byte[] altered = note.clone();
      int at = random.nextInt(altered.length);
      altered[at] ^= (byte) (1 + random.nextInt(255));

      assertThat(check(log(), altered))
          .as("seed %d, round %d, byte %d", seed, round, at)
          .isNotInstanceOf(HeadVerdict.Believed.class);
    }
  }

  @Test
  void a_log_is_the_same_after_its_key_was_rotated() {
    assertThat(log().identity())
        .isEqualTo("log.example")
        .isEqualTo(log(WitnessPolicy.none(), next.verifierKey()).identity());
  }
}
