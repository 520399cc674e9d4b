package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BundleCheckTest {
  private static final Set<Digest> ARTIFACT = digest(TestBundle.ARTIFACT);
  private static final Set<Digest> ANOTHER = digest(TestBundle.utf8("another"));

  private final TestBundle world = new TestBundle();

  private static Set<Digest> digest(byte[] bytes) {
    return Set.of(Digest.sha256(bytes, 0, bytes.length));
  }

  private BundleVerdict check(ObjectNode bundle, Set<Digest> artifact) {
    return new BundleCheck(world.trustedRoot()).check(TestBundle.parse(bundle), artifact);
  }

  private List<String> problems(ObjectNode bundle) {
    BundleVerdict verdict = check(bundle, Set.of());
    assertThat(verdict.logged()).as("the log's part holds").isTrue();
    assertThat(verdict.accepted()).isFalse();
    return verdict.problems();
  }

  private ObjectNode message(ObjectNode bundle) {
    return (ObjectNode) bundle.get("messageSignature");
  }

  @Test
  void bundle_of_which_everything_holds_is_accepted() {
    for (ObjectNode bundle : List.of(world.v1(), world.v2(), world.envelope())) {
      for (Set<Digest> artifact : List.of(ARTIFACT, Set.<Digest>of())) {
        BundleVerdict verdict = check(bundle, artifact);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.times()).containsExactly(TestBundle.NOW.plusSeconds(5));
      }
    }
  }

  @Test
  void bundle_of_another_artifact_is_not_of_this_one() {
    for (ObjectNode bundle : List.of(world.v1(), world.v2())) {
      assertThat(check(bundle, ANOTHER).problems())
          .singleElement()
          .asString()
          .startsWith("artifact: another one than the bundle's sha256:");
    }
    assertThat(check(world.envelope(), ANOTHER).problems())
        .containsExactly("artifact: none of the statement's subjects");
  }

  @Test
  void entry_that_is_of_something_else_is_none_of_this_bundle() {
    ObjectNode bundle = world.v1();
    ((ObjectNode) message(bundle).get("messageDigest"))
        .put("digest", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=");
    assertThat(problems(bundle))
        .hasSize(2)
        .anySatisfy(it -> assertThat(it).startsWith("entry: of another artifact than"))
        .contains("signature: not the certificate's key's over this content");

    // The signer signs the same again: valid, and not what the log holds.
    ObjectNode again = world.v2();
    byte[] signature = TestBundle.signed(world.signer(), TestBundle.ARTIFACT);
    message(again).put("signature", TestBundle.base64(signature));
    world.stamp(again, signature, TestBundle.NOW);
    assertThat(problems(again)).containsExactly("entry: of another signature than the bundle's");

    ObjectNode payload = world.envelope();
    ((ObjectNode) payload.get("dsseEnvelope")).put("payload", "e30=");
    assertThat(problems(payload))
        .containsExactly(
            "entry: of another payload than the envelope's",
            "signature: not the certificate's key's over this content");
  }

  @Test
  void entry_of_another_certificate_is_none_of_this_bundle() {
    ObjectNode bundle = world.v1();
    ObjectNode other =
        world
            .certificate(
                world
                    .authority()
                    .issue(
                        TestBundle.ACME, world.authority().shape(TestBundle.NOW), world.signer()))
            .v1();
    ((ObjectNode) bundle.get("verificationMaterial"))
        .set("certificate", other.at("/verificationMaterial/certificate"));

    assertThat(problems(bundle)).containsExactly("entry: of another certificate than the bundle's");
  }

  @Test
  void signature_from_outside_of_the_certificates_time_is_not_the_identitys() {
    ObjectNode bundle = world.v1();
    world.promise(TestBundle.entry(bundle), TestBundle.NOW.plusSeconds(601));
    assertThat(problems(bundle))
        .containsExactly(
            "time: signed at 2026-09-01T12:10:01Z (expected: while the certificate was valid,"
                + " 2026-09-01T12:00:00Z to 2026-09-01T12:10:00Z)");

    ObjectNode stamped = world.v2();
    byte[] signature = signature(stamped);
    world.stamp(stamped, signature, TestBundle.NOW.minusSeconds(1));
    assertThat(problems(stamped)).singleElement().asString().startsWith("time: signed at");
  }

  private byte[] signature(ObjectNode bundle) {
    return Base64.getDecoder().decode(message(bundle).get("signature").asText());
  }

  @Test
  void entry_without_a_time_needs_a_timestamp_that_counts() {
    String nobody =
        "time: no log and no time stamping authority of the trusted root says when it was signed";
    ObjectNode none = world.v2();
    ((ObjectNode) none.get("verificationMaterial")).remove("timestampVerificationData");
    assertThat(problems(none)).containsExactly(nobody);

    ObjectNode ofAnother = world.v2();
    world.stamp(ofAnother, TestBundle.utf8("another signature"), TestBundle.NOW);
    assertThat(problems(ofAnother)).containsExactly(nobody);

    ObjectNode byAnother = world.v2();
    new TestBundle().stamp(byAnother, signature(byAnother), TestBundle.NOW);
    assertThat(problems(byAnother)).containsExactly(nobody);

    ObjectNode early = world.v2();
    world.stamp(early, signature(early), Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(problems(early)).containsExactly(nobody);
  }

  @Test
  void certificate_that_anybody_made_is_a_claim() {
    world.certificate(
        CertificateForge.fulcio(TestBundle.ACME.subject(), TestBundle.ACME.issuer()).der());

    BundleVerdict verdict = check(world.v1(), Set.of());

    assertThat(verdict.logged()).isTrue();
    assertThat(verdict.certificate()).isInstanceOf(CertificateTrust.UnverifiedClaim.class);
    assertThat(verdict.accepted()).isFalse();
  }

  @Test
  void envelope_with_two_signatures_is_not_accepted() {
    ObjectNode bundle = world.envelope();
    ArrayNode signatures = (ArrayNode) bundle.at("/dsseEnvelope/signatures");
    signatures.add(signatures.get(0));

    assertThat(problems(bundle)).containsExactly("envelope: 2 signatures (expected: 1)");
  }

  @Test
  void digest_that_the_bundle_leaves_out_is_the_entrys() {
    ObjectNode bundle = world.v2();
    message(bundle).remove("messageDigest");

    assertThat(check(bundle, ARTIFACT).accepted()).isTrue();
    assertThat(check(bundle, ANOTHER).accepted()).isFalse();
  }

  @Test
  void key_of_which_the_bundle_has_only_a_name_is_not_accepted() {
    ObjectNode bundle = world.v2();
    ObjectNode material = (ObjectNode) bundle.get("verificationMaterial");
    material.remove("certificate");
    material.putObject("publicKey").put("hint", "key 1");

    assertThat(problems(bundle))
        .containsExactly("signer: a key that the bundle does not hold, called key 1");
  }

  @Test
  void bundle_without_a_log_is_not_accepted() {
    ObjectNode bundle = world.v2();
    ((ObjectNode) bundle.get("verificationMaterial")).putArray("tlogEntries");

    BundleVerdict verdict = check(bundle, Set.of());

    assertThat(verdict.logged()).isFalse();
    assertThat(verdict.problems())
        .contains("log: the bundle names none (expected: an entry of one)");
  }

  @Test
  void one_entry_that_does_not_hold_is_not_made_good_by_another() {
    ObjectNode bundle = world.v2();
    ArrayNode entries = (ArrayNode) bundle.at("/verificationMaterial/tlogEntries");
    ObjectNode bad = entries.get(0).deepCopy();
    bad.remove("inclusionProof");
    entries.add(bad);

    assertThat(check(bundle, Set.of()).logged()).isFalse();
  }

  @Test
  void root_without_logs_accepts_nothing() throws RefusedException {
    TrustedRoot root = TrustedRoot.parse(world.authority().trustedRoot());

    BundleVerdict verdict = new BundleCheck(root).check(TestBundle.parse(world.v1()), Set.of());

    assertThat(verdict.logged()).isFalse();
    assertThat(verdict.accepted()).isFalse();
  }
}
