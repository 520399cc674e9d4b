package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.LOG;
import static dev.sigwarden.note.Notes.TIME;
import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WitnessPolicyTest {
  private final List<NoteSigner> signers =
      IntStream.range(0, 6).mapToObj(i -> NoteSigner.generate("witness.example/" + i)).toList();

  private String witnesses() {
    StringBuilder file = new StringBuilder("# a policy\n\n");
    for (int i = 1; i < signers.size(); i++) {
      file.append("witness\tW%d %s https://w%d.example/\n".formatted(i, key(i), i));
    }
    return file.toString();
  }

  /// Witnesses 1 and 2 print keys of type 0x01, the others of type 0x04.
  private VerifierKey key(int i) {
    return i < 3 ? signers.get(i).verifierKey() : signers.get(i).witnessKey();
  }

  private SignedNote cosignedBy(Instant time, int... witnesses) throws MalformedNoteException {
    byte[] note = LOG.sign(Notes.checkpoint(5).toText());
    for (int i : witnesses) {
      note = signers.get(i).cosign(note, time);
    }
    return SignedNote.parse(note);
  }

  @Test
  void counts_groups_of_groups() throws MalformedNoteException {
    WitnessPolicy policy =
        WitnessPolicy.parse(
            witnesses()
                + "group G1 any W1 W2\ngroup G2 2 W3 W4 W5\n  # nested\n group G3 all G1 G2\n\nquorum G3\n");
    int[][] unmet = {{}, {1}, {2}, {3}, {3, 4, 5}, {1, 2}, {1, 3}, {0, 1, 3}};
    for (int[] by : unmet) {
      WitnessPolicy.Quorum quorum = policy.check(cosignedBy(TIME, by), TIME);
      assertThat(quorum.met()).as("%s", by).isFalse();
      assertThat(quorum.problems()).hasSize(1).first().asString().contains("of 5 witnesses");
    }
    for (int[] by : new int[][] {{1, 3, 4}, {2, 3, 5}, {5, 4, 3, 2, 1}}) {
      WitnessPolicy.Quorum quorum = policy.check(cosignedBy(TIME, by), TIME);
      assertThat(quorum.met()).as("%s", by).isTrue();
      assertThat(quorum.problems()).isEmpty();
      assertThat(quorum.valid()).hasSize(by.length).allMatch(c -> c.time().equals(TIME));
    }
  }

  @Test
  void keeps_names_keys_and_urls() throws MalformedNoteException {
    WitnessPolicy policy =
        WitnessPolicy.parse(
            "log %s https://log.example/\nlog %s\n"
                    .formatted(LOG.verifierKey(), signers.get(0).verifierKey())
                + witnesses()
                + "quorum none\n");
    assertThat(policy.logs())
        .containsExactly(
            new WitnessPolicy.Log(LOG.verifierKey(), "https://log.example/"),
            new WitnessPolicy.Log(signers.get(0).verifierKey(), ""));
    assertThat(policy.witnesses()).hasSize(5);
    assertThat(policy.witnesses().getFirst())
        .isEqualTo(
            new WitnessPolicy.Witness("W1", signers.get(1).witnessKey(), "https://w1.example/"));
    assertThat(policy.check(cosignedBy(TIME), TIME).met()).isTrue();
  }

  @Test
  void asks_for_any_k_of_some_keys() throws MalformedNoteException {
    WitnessPolicy policy = WitnessPolicy.of(2, List.of(key(1), key(2), key(3)));
    assertThat(policy.check(cosignedBy(TIME, 1), TIME).met()).isFalse();
    assertThat(policy.check(cosignedBy(TIME, 3, 1), TIME).valid())
        .containsExactly(
            new Cosignature("witness.example/1", TIME), new Cosignature("witness.example/3", TIME));
    assertThatThrownBy(() -> WitnessPolicy.of(0, List.of(key(1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WitnessPolicy.of(2, List.of(key(1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WitnessPolicy.of(1, List.of(key(1), key(1).asWitness())))
        .hasMessageContaining("duplicate");
    assertThat(WitnessPolicy.none().check(cosignedBy(TIME), TIME))
        .isEqualTo(new WitnessPolicy.Quorum(true, List.of(), List.of()));
  }

  @Test
  void a_cosignature_of_the_future_does_not_count() throws MalformedNoteException {
    WitnessPolicy policy = WitnessPolicy.of(1, List.of(key(1)));
    Instant now = TIME.minus(WitnessPolicy.MAX_SKEW);
    assertThat(policy.check(cosignedBy(TIME, 1), now).met()).isTrue();
    WitnessPolicy.Quorum quorum = policy.check(cosignedBy(TIME.plusSeconds(1), 1), now);
    assertThat(quorum.met()).isFalse();
    assertThat(quorum.valid()).isEmpty();
    assertThat(quorum.problems().getFirst()).contains("future");
  }

  @Test
  void a_bad_cosignature_is_a_problem_even_when_the_quorum_is_met() throws MalformedNoteException {
    WitnessPolicy policy = WitnessPolicy.of(1, List.of(key(1), key(2)));
    NoteSignature foreign = cosignedBy(TIME.plusSeconds(9), 2).signatures().getLast();
    SignedNote other = SignedNote.of(Notes.checkpoint(6).toText(), List.of(foreign));
    WitnessPolicy.Quorum quorum =
        policy.check(SignedNote.parse(signers.get(1).cosign(other.toBytes(), TIME)), TIME);
    assertThat(quorum.met()).isTrue();
    assertThat(quorum.valid()).containsExactly(new Cosignature("witness.example/1", TIME));
    assertThat(quorum.problems()).hasSize(1).first().asString().contains("does not verify");
  }

  @Test
  void refuses_what_is_no_policy() {
    String w = witnesses();
    String k = signers.get(0).verifierKey().toString();
    List<String> bads = new ArrayList<>();
    bads.addAll(List.of("", w, w + "quorum\n", w + "quorum W9\n", w + "quorum W1 W2\n"));
    bads.addAll(List.of(w + "quorum W1\nquorum W1\n", w + "quorum none\nquorum none\n"));
    bads.addAll(List.of("quorum W1\n" + w, "quorum none\r\n", "# \f\nquorum none\n"));
    for (String line :
        List.of(
            "log",
            "log " + k + " http://a b",
            "log nonsense",
            "log " + k + "\nlog " + k,
            "witness W1 " + k,
            "witness W9",
            "witness W9 nonsense",
            "witness none " + k,
            "witness W9 " + k + " http://a #comment",
            "witness W9 " + signers.get(1).witnessKey(),
            "group G",
            "group G any",
            "group W1 any W2",
            "group none any W2",
            "group G any W9",
            "group G any none",
            "group G any G",
            "group G 0 W1",
            "group G 3 W1 W2",
            "group G 01 W1 W2",
            "group G -1 W1",
            "group G most W1",
            "group G all W1 W1",
            "group G all W1\ngroup H all W2 W1",
            "Witness W9 " + k,
            "frobnicate")) {
      bads.add(w + line + "\nquorum none\n");
    }
    for (String bad : bads) {
      assertMalformed(bad, () -> WitnessPolicy.parse(bad));
    }
    assertMalformed(
        "too long",
        () -> WitnessPolicy.parse("#".repeat(PolicyParser.MAX_CHARS) + "\nquorum none"));
  }

  @Test
  void takes_hundreds_of_witnesses() throws MalformedNoteException {
    StringBuilder file = new StringBuilder();
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      byte[] raw = new byte[32];
      random.nextBytes(raw);
      file.append(
          "witness W%d %s\n".formatted(i, VerifierKey.of("w", SignatureType.COSIGNATURE, raw)));
    }
    WitnessPolicy policy = WitnessPolicy.parse(file + "quorum W299\n");
    assertThat(policy.witnesses()).hasSize(300);
  }

  @Test
  void a_mutated_policy_is_malformed_or_gives_an_answer() throws MalformedNoteException {
    long seed = 6;
    Random random = new Random(seed);
    byte[] sample =
        (witnesses() + "group G1 any W1 W2\ngroup G3 all G1 W3\nquorum G3\n")
            .getBytes(StandardCharsets.UTF_8);
    SignedNote note = cosignedBy(TIME, 1, 2, 3, 4, 5);
    for (int round = 0; round < 3_000; round++) {
      String file = new String(Notes.mutated(sample, random), StandardCharsets.UTF_8);
      try {
        WitnessPolicy policy = WitnessPolicy.parse(file);
        if (round % 20 == 0) {
          assertThat(policy.check(note, TIME).valid()).hasSizeLessThanOrEqualTo(5);
        }
      } catch (MalformedNoteException e) {
        assertThat(e.getMessage()).as("seed %d round %d", seed, round).hasSizeLessThan(400);
      }
    }
  }

  @Test
  void takes_as_many_logs_witnesses_and_characters_as_it_says_and_no_more()
      throws MalformedNoteException {
    for (String keyword : List.of("log", "witness W%d")) {
      StringBuilder file = new StringBuilder("quorum none\n");
      Random random = new Random(7);
      for (int i = 0; i < PolicyParser.MAX_ITEMS; i++) {
        file.append(line(keyword, i, random));
      }
      WitnessPolicy policy = WitnessPolicy.parse(file.toString());
      assertThat(policy.logs().size() + policy.witnesses().size()).isEqualTo(1_024);
      assertMalformed("one more", () -> WitnessPolicy.parse(file + line(keyword, 1_024, random)));
    }
    String start = "quorum none\n#";
    String most = start + "x".repeat(PolicyParser.MAX_CHARS - start.length());
    assertThat(WitnessPolicy.parse(most).witnesses()).isEmpty();
    assertMalformed("one more character", () -> WitnessPolicy.parse(most + "x"));
  }

  private static String line(String keyword, int i, Random random) {
    byte[] raw = new byte[32];
    random.nextBytes(raw);
    try {
      return "%s %s\n"
          .formatted(keyword.formatted(i), VerifierKey.of("w", SignatureType.COSIGNATURE, raw));
    } catch (MalformedNoteException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void says_on_which_line_it_stopped() {
    assertThatThrownBy(() -> WitnessPolicy.parse("# ours\n\nquorum all of them\n"))
        .isInstanceOf(MalformedNoteException.class)
        .hasMessageStartingWith("policy line 3: quorum");
  }
}
