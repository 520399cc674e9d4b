package dev.sigwarden.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitViewTest {
  private static final String ORIGIN = "log.example/1";

  private final NoteSigner signer = NoteSigner.generate(ORIGIN);
  private final PracticeLog one = new PracticeLog(signer, Clock.systemUTC());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void grow(PracticeLog log, long size, String word) {
    while (log.size() < size) {
      log.append(bytes(word + log.size()));
    }
  }

  private static String note(PracticeLog log, long size) {
    return new String(log.checkpointAt(size), StandardCharsets.UTF_8);
  }

  /// Evidence for histories of 100 and `size` entries that part at `parts`.
  private SplitView evidence(long parts, long size, boolean leaves) {
    grow(one, 100, "a");
    PracticeLog other = one.fork(parts);
    grow(other, size, "b");
    List<Hash> ours = one.rangeAt(100).hashes();
    List<Hash> theirs = other.rangeAt(100).hashes();
    SplitView.Range range = SplitView.firstDifference(100, ours, theirs);
    return new SplitView(
        ORIGIN,
        List.of(signer.verifierKey()),
        note(one, 100),
        note(other, size),
        size == 100
            ? Optional.empty()
            : Optional.of(
                new SplitView.Consistency(
                    other.headAt(100).root(), Proofs.consistency(100, size, other::node))),
        Optional.of(
            new SplitView.Parting(
                ours,
                theirs,
                leaves ? hashes(one, range) : List.of(),
                leaves ? hashes(other, range) : List.of())));
  }

  private static List<Hash> hashes(PracticeLog log, SplitView.Range range) {
    List<Hash> hashes = new ArrayList<>();
    for (long i = range.from(); i < range.to(); i++) {
      hashes.add(Hash.ofLeaf(log.entry(i)));
    }
    return hashes;
  }

  private static Optional<SplitView.Range> parts(SplitView view) {
    return view.check() instanceof SplitView.Answer.Proven proven
        ? proven.parts()
        : Optional.empty();
  }

  @Test
  void every_first_entry_that_differs_is_named() {
    for (long parts = 0; parts < 100; parts++) {
      assertThat(parts(evidence(parts, 100, true))).contains(new SplitView.Range(parts, parts + 1));
      assertThat(parts(evidence(parts, 130, true))).contains(new SplitView.Range(parts, parts + 1));
    }
  }

  @Test
  void without_leaves_the_subtree_that_differs_is_named() {
    // 100 leaves are subtrees of 64, 32 and 4.
    assertThat(parts(evidence(70, 130, false))).contains(new SplitView.Range(64, 96));
    assertThat(parts(evidence(99, 100, false))).contains(new SplitView.Range(96, 100));
  }

  @Test
  void one_history_is_no_split_view() {
    grow(one, 130, "a");
    SplitView same =
        new SplitView(
            ORIGIN,
            List.of(signer.verifierKey()),
            note(one, 100),
            note(one, 130),
            Optional.of(
                new SplitView.Consistency(
                    one.headAt(100).root(), Proofs.consistency(100, 130, one::node))),
            Optional.empty());
    assertThat(same.check())
        .isEqualTo(new SplitView.Answer.Refused("the larger tree has the smaller one in it"));
    assertThat(
            new SplitView(
                    ORIGIN,
                    same.keys(),
                    same.known(),
                    same.shown(),
                    Optional.empty(),
                    Optional.empty())
                .check())
        .isInstanceOf(SplitView.Answer.Refused.class);
  }

  @Test
  void heads_of_another_key_prove_nothing() {
    SplitView evidence = evidence(70, 130, true);
    SplitView other =
        new SplitView(
            ORIGIN,
            List.of(NoteSigner.generate(ORIGIN).verifierKey()),
            evidence.known(),
            evidence.shown(),
            evidence.consistency(),
            evidence.parting());
    assertThat(other.check()).isInstanceOf(SplitView.Answer.Refused.class);
  }

  @Test
  void every_altered_byte_of_the_file_is_refused_or_says_the_same() throws Exception {
    SplitView evidence = evidence(98, 130, true);
    SplitView.Answer said = evidence.check();
    byte[] file = bytes(SplitViewJson.write(evidence));
    assertThat(SplitViewJson.parse(file)).isEqualTo(evidence);
    for (int i = 0; i < file.length; i++) {
      byte[] altered = file.clone();
      altered[i] ^= 1;
      SplitView.Answer answer;
      try {
        answer = SplitViewJson.parse(altered).check();
      } catch (MalformedNoteException _) {
        continue;
      }
      assertThat(answer)
          .as("byte %d", i)
          .satisfiesAnyOf(
              it -> assertThat(it).isInstanceOf(SplitView.Answer.Refused.class),
              it -> assertThat(it).isEqualTo(said));
    }
  }
}
