package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.trust.KeptRoot;
import dev.sigwarden.watch.AllowlistSigner;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Lines of allowlists that come with a Sigstore bundle, and forged ones.
class IdentitySignerTest {
  private static final byte[] LINES =
      TestBundle.utf8("# allowlist acme\nsha256:" + "ab".repeat(32) + "  app-1.4.tar.gz\n");

  private final TestBundle world = new TestBundle();

  private AllowlistSigner signer() {
    return signer(TestBundle.ACME.subject(), TestBundle.ACME.issuer());
  }

  private AllowlistSigner signer(String subject, String issuer) {
    return new IdentitySigner(subject, issuer, KeptRoot.of(world.trustedRoot()));
  }

  private Optional<String> refusal(byte[] lines, ObjectNode bundle) {
    return signer().refusal("acme", lines, bundle.toString());
  }

  private void assertRefused(ObjectNode bundle, String why) {
    assertThat(refusal(LINES, bundle))
        .hasValueSatisfying(said -> assertThat(said).startsWith("bundle: ").contains(why));
  }

  private static ObjectNode material(ObjectNode bundle) {
    return (ObjectNode) bundle.get("verificationMaterial");
  }

  @Test
  void lines_signed_by_the_identity_and_proven_by_either_kind_of_log_are_taken() {
    assertThat(refusal(LINES, world.v1(LINES))).isEmpty();
    assertThat(refusal(LINES, world.v2(LINES))).isEmpty();
  }

  @Test
  void other_lines_than_the_signed_ones_are_refused() {
    byte[] wider =
        TestBundle.utf8(new String(LINES, StandardCharsets.UTF_8) + "cd".repeat(32) + "\n");
    for (ObjectNode bundle : new ObjectNode[] {world.v1(LINES), world.v2(LINES)}) {
      assertThat(refusal(wider, bundle))
          .hasValueSatisfying(why -> assertThat(why).contains("artifact: another one"));
    }
    assertRefused(world.v2(), "artifact: another one");
  }

  @Test
  void lines_for_one_list_are_none_for_another() {
    assertThat(signer().refusal("other", LINES, world.v2(LINES).toString()))
        .hasValueSatisfying(why -> assertThat(why).contains("# allowlist other"));
  }

  @Test
  void another_identity_of_the_same_authority_is_refused() {
    for (PracticeIdentity other :
        new PracticeIdentity[] {
          PracticeIdentity.githubWorkflow("acme/app", "other.yml", "refs/tags/v1.0.0"),
          PracticeIdentity.githubWorkflow("evil/app", "release.yml", "refs/tags/v1.0.0"),
        }) {
      world.certificate(
          world.authority().issue(other, world.authority().shape(TestBundle.NOW), world.signer()));
      assertRefused(world.v2(LINES), "identity: ");
    }
  }

  @Test
  void same_subject_vouched_for_by_another_issuer_is_refused() {
    assertThat(
            signer(TestBundle.ACME.subject(), "https://accounts.example")
                .refusal("acme", LINES, world.v2(LINES).toString()))
        .hasValueSatisfying(why -> assertThat(why).contains("issuer: "));
  }

  @Test
  void longer_subject_that_begins_like_the_identity_is_refused() {
    String subject = TestBundle.ACME.subject();
    assertThat(
            signer(subject.substring(0, subject.length() - 1), TestBundle.ACME.issuer())
                .refusal("acme", LINES, world.v2(LINES).toString()))
        .isPresent();
  }

  @Test
  void certificate_that_was_over_when_the_log_took_it_is_refused() {
    ObjectNode late = world.v1(LINES);
    world.promise(TestBundle.entry(late), TestBundle.NOW.plusSeconds(3_600));
    assertRefused(late, "time: signed at");
  }

  @Test
  void certificate_of_an_authority_that_the_root_does_not_name_is_refused() {
    TestBundle other = new TestBundle();
    ObjectNode bundle =
        world
            .certificate(
                other
                    .authority()
                    .issue(
                        TestBundle.ACME, other.authority().shape(TestBundle.NOW), world.signer()))
            .v2(LINES);
    assertRefused(bundle, "certificate: ");
  }

  @Test
  void log_that_the_root_does_not_name_is_refused() {
    assertThat(refusal(LINES, new TestBundle().v2(LINES))).isPresent();
  }

  @Test
  void proof_that_was_tampered_with_is_refused_in_each_of_its_parts() {
    ObjectNode root = world.v2(LINES);
    TestBundle.proof(root).put("rootHash", TestBundle.base64(new byte[32]));
    assertRefused(root, "log: ");
    ObjectNode index = world.v2(LINES);
    TestBundle.proof(index).put("logIndex", "4");
    assertThat(refusal(LINES, index)).isPresent();
    ObjectNode hashes = world.v2(LINES);
    TestBundle.proof(hashes).putArray("hashes").add(TestBundle.base64(new byte[32]));
    assertRefused(hashes, "log: ");
    ObjectNode checkpoint = world.v2(LINES);
    ObjectNode signed = (ObjectNode) TestBundle.proof(checkpoint).get("checkpoint");
    signed.put("envelope", signed.get("envelope").asText().replace("\n7\n", "\n8\n"));
    assertRefused(checkpoint, "log: ");
  }

  @Test
  void entry_or_log_or_certificate_that_is_missing_is_refused() {
    ObjectNode none = world.v2(LINES);
    material(none).putArray("tlogEntries");
    assertThat(refusal(LINES, none)).isPresent();
    ObjectNode unproven = world.v1(LINES);
    TestBundle.entry(unproven).remove("inclusionProof");
    assertThat(refusal(LINES, unproven)).isPresent();
    ObjectNode key = world.v2(LINES);
    material(key).remove("certificate");
    material(key).putObject("publicKey").put("hint", "ours");
    assertThat(refusal(LINES, key)).isPresent();
  }

  @Test
  void promise_of_a_log_is_not_enough() {
    ObjectNode old = world.v1(LINES);
    old.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1");
    ObjectNode certificate = (ObjectNode) material(old).remove("certificate");
    material(old).putObject("x509CertificateChain").putArray("certificates").add(certificate);
    TestBundle.entry(old).remove("inclusionProof");
    assertRefused(old, "a promise (expected: a proof");
  }

  @Test
  void statement_about_the_lines_is_no_signature_over_them() {
    assertThat(signer().wrong(TestBundle.ARTIFACT, world.envelope().toString()))
        .hasValueSatisfying(why -> assertThat(why).contains("a statement about something"));
  }

  @Test
  void what_is_no_bundle_is_refused_in_printable_words() {
    for (String none :
        new String[] {
          "", "{}", "[]", "untrusted comment: a", "{\"mediaType\":\"\u202e\"}", "x".repeat(70_000)
        }) {
      assertThat(signer().refusal("acme", LINES, none))
          .hasValueSatisfying(
              why -> assertThat(why).doesNotContain("\u202e").hasSizeLessThan(2_000));
    }
  }

  @Test
  void root_that_was_read_is_the_one_that_counts() {
    assertThat(
            new IdentitySigner(
                    TestBundle.ACME.subject(),
                    TestBundle.ACME.issuer(),
                    KeptRoot.of(new TestBundle().trustedRoot()))
                .refusal("acme", LINES, world.v2(LINES).toString()))
        .isPresent();
  }
}
