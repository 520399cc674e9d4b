package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.SigstoreBundle.Content;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.tuf.RefusedException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SigstoreBundleTest {
  private static final TestBundle WORLD = new TestBundle();

  private final ObjectNode v1 = WORLD.v1();
  private final ObjectNode entry = TestBundle.entry(v1);
  private final ObjectNode proof = TestBundle.proof(v1);

  private void refused(String message) {
    byte[] bytes = TestAuthority.bytes(v1);
    assertThat(SigstoreBundle.isOne(bytes)).isTrue();
    assertThatThrownBy(() -> SigstoreBundle.parse(bytes))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void all_its_parts_are_read() {
    SigstoreBundle bundle = TestBundle.parse(v1);

    assertThat(bundle.version()).isEqualTo(3);
    assertThat(bundle.signer()).isInstanceOf(Material.Certified.class);
    assertThat(bundle.content())
        .isInstanceOfSatisfying(
            Content.Message.class,
            message -> {
              assertThat(message.digest()).isPresent();
              assertThat(message.signature())
                  .isEqualTo(v1.at("/messageSignature/signature").asText());
            });
    LoggedEntry read = bundle.entries().getFirst();
    assertThat(read.index()).isEqualTo(1_003);
    assertThat(read.integrated()).isEqualTo(TestBundle.NOW.plusSeconds(5).getEpochSecond());
    assertThat(read.inclusion())
        .hasValueSatisfying(it -> {
          assertThat(it.index()).isEqualTo(3);
          assertThat(it.head().size()).isEqualTo(7);
          assertThat(it.path().path()).hasSize(3);
        });
    assertThat(TestBundle.parse(WORLD.envelope()).content()).isInstanceOf(Content.Envelope.class);
    assertThat(TestBundle.parse(WORLD.v2()).timestamps()).hasSize(1);
  }

  @Test
  void chain_of_older_versions_begins_with_the_signers_certificate() {
    ObjectNode material = (ObjectNode) v1.get("verificationMaterial");
    ArrayNode chain = material.putObject("x509CertificateChain").putArray("certificates");
    refused("exactly one of certificate, x509CertificateChain, publicKey");

    Material expected = TestBundle.parse(WORLD.v1()).signer();
    chain.add(material.remove("certificate"));
    chain.addObject().put("rawBytes", "AAAA");
    assertThat(TestBundle.parse(v1).signer().toString()).isEqualTo(expected.toString());

    chain.removeAll();
    refused("x509CertificateChain: no certificate (expected: the signer's first)");
  }

  @Test
  void bundle_negative_log_index() {
    entry.put("logIndex", "-1");
    refused(
        "tlogEntries[0].logIndex: \"-1\" (expected: a text of an integer in [0, 9223372036854775807])");
  }

  @Test
  void numbers_have_one_form() {
    for (String number : new String[] {"03", "+3", "3.0", "", " 3", "9223372036854775808"}) {
      proof.put("logIndex", number);
      refused("inclusionProof.logIndex: ");
    }
    proof.put("logIndex", 3);
    refused("inclusionProof.logIndex: 3 (expected: a text)");
  }

  @Test
  void tree_without_entries_holds_none() {
    proof.put("treeSize", "0");
    refused("inclusionProof.treeSize: ");
  }

  @Test
  void bundle_invalid_base64_signature() {
    for (String signature : new String[] {"MEUC%", "MEUCA", "TUVVQx==", "-_-_", ""}) {
      ((ObjectNode) v1.get("messageSignature")).put("signature", signature);
      refused("messageSignature.signature: ");
    }
  }

  @Test
  void bundle_malformed_json() {
    byte[] bytes = TestAuthority.bytes(v1);

    assertThatThrownBy(() -> SigstoreBundle.parse(Arrays.copyOf(bytes, bytes.length - 1)))
        .hasMessageStartingWith("bundle: not strict JSON");
    assertThatThrownBy(() -> SigstoreBundle.parse(new byte[SigstoreBundle.MAX_BYTES + 1]))
        .hasMessage("bundle: 16777217 bytes (expected: <= 16777216)");
    assertThat(SigstoreBundle.isOne(Arrays.copyOf(bytes, bytes.length - 1))).isFalse();
    assertThat(SigstoreBundle.isOne(TestBundle.utf8("{\"kind\":\"hashedrekord\"}"))).isFalse();
  }

  @Test
  void bundle_of_a_later_version_is_not_guessed_at() {
    v1.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.4+json");
    refused(
        "bundle.mediaType: application/vnd.dev.sigstore.bundle.v0.4+json (expected: a Sigstore");
  }

  @Test
  void content_is_one_of_the_two() {
    v1.set("dsseEnvelope", WORLD.envelope().get("dsseEnvelope"));
    refused("[messageSignature, dsseEnvelope] (expected: exactly one of");
    v1.remove("messageSignature");
    v1.remove("dsseEnvelope");
    refused("[] (expected: exactly one of");
  }

  @Test
  void hashes_are_32_bytes_and_no_more_than_any_tree_needs() {
    ArrayNode hashes = (ArrayNode) proof.get("hashes");
    hashes.set(0, "AAAA");
    refused("inclusionProof.hashes: AAAA (expected: 32 bytes in standard base64)");
    for (int i = 0; i < 64; i++) {
      hashes.add(hashes.get(1));
    }
    refused("inclusionProof.hashes: a list of 67 (expected: a list of at most 63)");
  }

  @Test
  void lists_are_bounded() {
    ArrayNode entries = (ArrayNode) v1.at("/verificationMaterial/tlogEntries");
    for (int i = 0; i < 10; i++) {
      entries.add(entry);
    }
    refused("verificationMaterial.tlogEntries: a list of 11 (expected: a list of at most 10)");
  }

  @Test
  void digest_has_the_length_of_its_algorithm() {
    ObjectNode digest = (ObjectNode) v1.at("/messageSignature/messageDigest");
    digest.put("algorithm", "SHA2_512");
    refused("messageDigest.digest: 32 bytes (expected: 64)");
    digest.put("algorithm", "MD5");
    refused("messageDigest.algorithm: MD5 (expected: SHA2_256, SHA2_384 or SHA2_512)");
  }

  @Test
  void certificate_that_cannot_be_read_is_refused() {
    ((ObjectNode) v1.at("/verificationMaterial/certificate")).put("rawBytes", "MIIB");
    refused("certificate.rawBytes: ");
  }
}
