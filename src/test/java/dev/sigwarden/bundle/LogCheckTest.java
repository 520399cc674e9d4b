package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.LogVerdict.Promised;
import dev.sigwarden.bundle.LogVerdict.Proven;
import dev.sigwarden.bundle.LogVerdict.Refused;
import dev.sigwarden.note.NoteSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The log's part of bundles, with one lie each: those that sigstore-conformance has, by its names,
/// and more.
class LogCheckTest {
  private static final String OTHER_ROOT = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

  private final TestBundle world = new TestBundle();
  private final LogCheck check = new LogCheck(world.trustedRoot());
  private final ObjectNode v1 = world.v1();
  private final ObjectNode v2 = world.v2();

  private LogVerdict verdict(ObjectNode bundle) {
    SigstoreBundle parsed = TestBundle.parse(bundle);
    return check.check(parsed.entries().getFirst(), parsed.version());
  }

  private String refusal(ObjectNode bundle) {
    return switch (verdict(bundle)) {
      case Refused(String why) -> why;
      case Proven proven -> throw new AssertionError(proven);
      case Promised promised -> throw new AssertionError(promised);
    };
  }

  private static String checkpoint(ObjectNode bundle) {
    return TestBundle.proof(bundle).at("/checkpoint/envelope").asText();
  }

  private static ObjectNode checkpoint(ObjectNode bundle, String note) {
    ((ObjectNode) TestBundle.proof(bundle).get("checkpoint")).put("envelope", note);
    return bundle;
  }

  @Test
  void entry_of_a_rekor_v1_log_is_proven_with_its_time() {
    assertThat(verdict(v1))
        .isEqualTo(
            new Proven(
                "https://rekor.example",
                "rekor.example - 42",
                3,
                7,
                Optional.of(TestBundle.NOW.plusSeconds(5))));
  }

  @Test
  void entry_of_a_rekor_v2_log_is_proven_without_a_time() {
    assertThat(verdict(v2))
        .isEqualTo(new Proven("https://log2.example", "log2.example", 3, 7, Optional.empty()));
  }

  @Test
  void promise_alone_is_one_in_version_0_1_and_nothing_later() {
    TestBundle.entry(v1).remove("inclusionProof");
    v1.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1");
    assertThat(verdict(v1))
        .isEqualTo(new Promised("https://rekor.example", 1_003, TestBundle.NOW.plusSeconds(5)));

    v1.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.2");
    assertThat(refusal(v1))
        .isEqualTo("inclusion proof: missing (expected: one, since bundle version 0.2)");
  }

  @Test
  void proof_without_a_checkpoint_proves_nothing() {
    TestBundle.proof(v1).remove("checkpoint");
    assertThat(refusal(v1)).startsWith("inclusion proof: missing");

    v1.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1");
    assertThat(verdict(v1)).isInstanceOf(Promised.class);
  }

  @Test
  void rekor2_no_inclusion_proof() {
    TestBundle.entry(v2).remove("inclusionProof");

    assertThat(refusal(v2))
        .isEqualTo("inclusion proof: missing, and no signed entry timestamp (expected: a proof)");
  }

  @Test
  void log_that_the_root_does_not_name() {
    ((ObjectNode) TestBundle.entry(v2).get("logId")).put("keyId", "AAEC");

    assertThat(refusal(v2)).isEqualTo("log 000102 (expected: one of the trusted root's)");
  }

  @Test
  void checkpoint_bad_keyhint() {
    for (ObjectNode bundle : new ObjectNode[] {v1, v2}) {
      String note = checkpoint(bundle);
      int at = note.lastIndexOf(' ') + 1;
      char other = note.charAt(at) == 'A' ? 'B' : 'A';

      assertThat(
              refusal(checkpoint(bundle, note.substring(0, at) + other + note.substring(at + 1))))
          .startsWith("checkpoint: signed by: ")
          .contains("(expected: ");
    }
  }

  @Test
  void checkpoint_wrong_roothash() {
    checkpoint(v1, world.checkpoint("rekor.example - 42\n7\n%s\n".formatted(OTHER_ROOT)));
    assertThat(refusal(v1))
        .startsWith("inclusion proof: of root ")
        .endsWith(
            " (expected: the checkpoint's 4141414141414141414141414141414141414141414141414141414141414141)");

    // The same, and the bundle agrees with it.
    TestBundle.proof(v1).put("rootHash", OTHER_ROOT);
    assertThat(refusal(v1))
        .isEqualTo(
            "inclusion proof: does not lead from the entry at index 3 to the checkpoint's root");
  }

  @Test
  void checkpoint_of_another_size() {
    String root = TestBundle.proof(v2).get("rootHash").asText();
    checkpoint(v2, world.checkpoint("log2.example\n8\n%s\n".formatted(root)));

    assertThat(refusal(v2))
        .isEqualTo("inclusion proof: of a tree of 7 entries (expected: the checkpoint's 8)");
  }

  @Test
  void invalid_checkpoint_signature() {
    for (ObjectNode bundle : new ObjectNode[] {v1, v2}) {
      String note = checkpoint(bundle);
      byte[] line = Base64.getDecoder().decode(note.substring(note.lastIndexOf(' ') + 1).strip());
      line[line.length - 1] ^= 1;

      assertThat(
              refusal(
                  checkpoint(
                      bundle,
                      note.substring(0, note.lastIndexOf(' ') + 1)
                          + TestBundle.base64(line)
                          + "\n")))
          .startsWith("checkpoint: signature of key ")
          .endsWith("does not verify");
    }
  }

  @Test
  void inclusion_proof_corrupted_hash() {
    for (ObjectNode bundle : new ObjectNode[] {v1, v2}) {
      ((ArrayNode) TestBundle.proof(bundle).get("hashes")).set(1, OTHER_ROOT);

      assertThat(refusal(bundle)).startsWith("inclusion proof: does not lead from the entry at");
    }
  }

  @Test
  void invalid_inclusion_proof() {
    ((ArrayNode) TestBundle.proof(v1).get("hashes")).remove(2);
    assertThat(refusal(v1)).startsWith("inclusion proof: does not lead");

    ((ArrayNode) TestBundle.proof(v2).get("hashes")).add(OTHER_ROOT);
    assertThat(refusal(v2)).startsWith("inclusion proof: does not lead");
  }

  @Test
  void proof_of_another_index() {
    TestBundle.proof(v2).put("logIndex", "2");
    assertThat(refusal(v2)).startsWith("inclusion proof: does not lead from the entry at index 2");

    TestBundle.proof(v2).put("logIndex", "7");
    assertThat(refusal(v2)).startsWith("inclusion proof: does not lead from the entry at index 7");
  }

  @Test
  void incorrect_public_key_in_the_entry() {
    for (ObjectNode bundle : new ObjectNode[] {v1, v2}) {
      byte[] body =
          Base64.getDecoder().decode(TestBundle.entry(bundle).get("canonicalizedBody").asText());
      body[body.length - 20] ^= 1;
      TestBundle.entry(bundle).put("canonicalizedBody", TestBundle.base64(body));
    }

    assertThat(refusal(v1))
        .isEqualTo("signed entry timestamp: not the log's over this entry, index and time");
    assertThat(refusal(v2)).startsWith("inclusion proof: does not lead");
    TestBundle.entry(v1).remove("inclusionPromise");
    assertThat(refusal(v1)).startsWith("inclusion proof: does not lead");
  }

  @Test
  void set_invalid_signature() {
    world.promise(TestBundle.entry(v1), TestBundle.NOW);
    TestBundle.entry(v1).put("integratedTime", "1788000001");
    assertThat(refusal(v1)).startsWith("signed entry timestamp: not the log's");

    world.promise(TestBundle.entry(v1), TestBundle.NOW);
    TestBundle.entry(v1).put("logIndex", "1004");
    assertThat(refusal(v1)).startsWith("signed entry timestamp: not the log's");

    ((ObjectNode) TestBundle.entry(v1).get("inclusionPromise"))
        .put("signedEntryTimestamp", TestBundle.base64(TestBundle.utf8("no signature")));
    assertThat(refusal(v1)).startsWith("signed entry timestamp: not the log's");
  }

  @Test
  void promise_from_outside_of_the_keys_time() {
    Instant late = TestBundle.NOW.plus(Duration.ofDays(101));
    world.promise(TestBundle.entry(v1), late);

    assertThat(refusal(v1))
        .isEqualTo(
            "signed entry timestamp: of %s, when the log's key was not in use".formatted(late));
  }

  @Test
  void rekor2_checkpoint_missing_parts() {
    String note = checkpoint(v2);
    String root = note.lines().toList().get(2);
    String signature = note.substring(note.indexOf("\n\n"));

    assertThat(refusal(checkpoint(v2, "log2.example\n7\n" + root + "\n")))
        .startsWith("checkpoint: not a checkpoint: note without a blank line");
    assertThat(refusal(checkpoint(v2, "7\n" + root + signature)))
        .startsWith("checkpoint: not a checkpoint: checkpoint: 2 lines");
    assertThat(refusal(checkpoint(v2, "log2.example\n" + root + signature)))
        .startsWith("checkpoint: not a checkpoint: checkpoint: 2 lines");
    assertThat(refusal(checkpoint(v2, "log2.example\n7" + signature)))
        .startsWith("checkpoint: not a checkpoint: checkpoint: 2 lines");
  }

  @Test
  void rekor2_checkpoint_no_matching_signature() {
    NoteSigner other = NoteSigner.generate(TestBundle.V2);
    String text = checkpoint(v2).substring(0, checkpoint(v2).indexOf("\n\n") + 1);

    assertThat(refusal(checkpoint(v2, new String(other.sign(text), StandardCharsets.UTF_8))))
        .startsWith("checkpoint: signed by: log2.example+");
  }

  @Test
  void checkpoint_of_another_origin() {
    String root = TestBundle.proof(v2).get("rootHash").asText();

    assertThat(refusal(checkpoint(v2, world.checkpoint("other.example\n7\n%s\n".formatted(root)))))
        .isEqualTo("checkpoint: origin: other.example (expected: log2.example)");
  }

  @Test
  void signatures_of_others_on_the_checkpoint_are_left_alone_in_any_order() {
    String note = checkpoint(v2);
    String text = note.substring(0, note.indexOf("\n\n") + 1);
    String own = note.substring(note.indexOf("\n\n") + 2);
    String witness = line(NoteSigner.generate("witness.example"), note);
    String second = line(NoteSigner.generate("witness.example/2"), note);
    byte[] sameName = NoteSigner.generate(TestBundle.V2).sign(text);
    String namesake = new String(sameName, StandardCharsets.UTF_8);
    namesake = namesake.substring(namesake.indexOf("\n\n") + 2);

    // cosigned, multiple-cosigs, origin-not-first, two-sigs-from-origin, two-sigs-cosigned
    for (String lines :
        new String[] {
          own + witness,
          own + witness + second,
          witness + own,
          own + namesake,
          namesake + own,
          witness + namesake + own + second
        }) {
      assertThat(verdict(checkpoint(v2, text + "\n" + lines))).as(lines).isInstanceOf(Proven.class);
    }
  }

  private static String line(NoteSigner witness, String note) {
    String cosigned =
        new String(
            witness.cosign(note.getBytes(StandardCharsets.UTF_8), TestBundle.NOW),
            StandardCharsets.UTF_8);
    return cosigned.lines().reduce("", (_, last) -> last) + "\n";
  }
}
