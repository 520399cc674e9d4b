package dev.sigwarden.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.Vectors;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.trust.TestAuthority.Shape;
import dev.sigwarden.tuf.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

class CertificateCheckTest {
  private static final Instant BORN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
  private static final PracticeIdentity ACME =
      PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");

  private final TestAuthority authority = new TestAuthority(BORN);

  private static String check(byte[] trustedRoot, byte[] certificate) {
    try {
      return said(TrustedRoot.parse(trustedRoot), certificate);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static String said(TrustedRoot root, byte[] certificate) {
    try {
      return switch (new CertificateCheck(root).check(Certificates.read(certificate))) {
        case CertificateTrust.Verified(String by, String log) -> "verified: " + by + " " + log;
        case CertificateTrust.UnverifiedClaim(String reason) -> reason;
        case CertificateTrust.NotChecked(String reason) -> throw new AssertionError(reason);
      };
    } catch (MalformedSignerException _) {
      return "no signer";
    }
  }

  private String check(Shape shape) {
    return check(authority.trustedRoot(), authority.issue(ACME, shape));
  }

  private Shape shape() {
    return authority.shape(NOW);
  }

  @Test
  void certificate_by_the_authority_with_a_logs_timestamp_is_verified() {
    assertThat(check(shape()))
        .isEqualTo(
            "verified: O=authority.example,CN=test-intermediate https://ct.authority.example");
  }

  @Test
  void certificate_that_anybody_made_is_a_claim() {
    assertThat(
            check(
                authority.trustedRoot(),
                CertificateForge.fulcio(ACME.subject(), ACME.issuer()).der()))
        .isEqualTo("no trusted authority has the name that it gives as its issuer");
    assertThat(check(shape().signedBy(TestAuthority.key())))
        .isEqualTo("the trusted authority that it names as its issuer did not sign it");
  }

  @Test
  void certificate_from_outside_of_the_authoritys_time_is_a_claim() {
    assertThat(check(shape().from(BORN.minusSeconds(1))))
        .isEqualTo(
            "it starts at 2025-12-31T23:59:59Z, outside of the time in which the authority is"
                + " trusted");
    assertThat(check(shape().from(BORN))).startsWith("verified");
    assertThat(check(shape().from(BORN.plus(Duration.ofDays(4000)))))
        .endsWith("when its authority's chain is not valid");
    assertThat(check(shape().validity(Duration.ofSeconds(-1))))
        .isEqualTo("its validity ends before it starts");
  }

  @Test
  void window_of_the_authority_counts_to_its_last_millisecond() {
    ObjectNode json = authority.json();
    ObjectNode window = (ObjectNode) json.at("/certificateAuthorities/0/validFor");
    byte[] certificate = authority.issue(ACME, shape());

    window.put("end", NOW.toString());
    assertThat(check(TestAuthority.bytes(json), certificate)).startsWith("verified");
    window.put("end", NOW.minusMillis(1).toString());
    assertThat(check(TestAuthority.bytes(json), certificate)).contains("outside of the time");
  }

  @Test
  void certificate_for_anything_but_code_signing_is_a_claim() {
    assertThat(check(shape().purpose(null))).isEqualTo("it is not for code signing");
    assertThat(check(shape().purpose(KeyPurposeId.id_kp_timeStamping)))
        .isEqualTo("it is not for code signing");
    assertThat(check(shape().purpose(KeyPurposeId.anyExtendedKeyUsage)))
        .isEqualTo("it is not for code signing");
    assertThat(check(shape().usage(KeyUsage.keyAgreement)))
        .isEqualTo("its key is not for signatures");
    assertThat(check(shape().authority())).isEqualTo("it is an authority's, not a signer's");
    assertThat(check(shape().critical("1.2.3.4")))
        .isEqualTo("it has the critical extension 1.2.3.4, which is not known");
  }

  @Test
  void certificate_without_a_timestamp_by_a_trusted_log_is_a_claim() {
    assertThat(check(shape().withoutTimestamp()))
        .isEqualTo("it has no timestamp of a certificate log");
    assertThat(check(shape().loggedBy(TestAuthority.key())))
        .isEqualTo("none of its timestamps is by a trusted certificate log");
    assertThat(check(shape().logged(BORN.minusMillis(1))))
        .isEqualTo("none of its timestamps is by a trusted certificate log");
  }

  @Test
  void timestamp_of_another_certificate_does_not_count() {
    assertThat(check(shape().timestampOfAnother()))
        .isEqualTo("none of its timestamps is by a trusted certificate log");
  }

  @Test
  void root_without_certificate_logs_asks_for_no_timestamp() throws RefusedException {
    ObjectNode json = authority.json();
    json.remove("ctlogs");

    assertThat(check(TestAuthority.bytes(json), authority.issue(ACME, shape().withoutTimestamp())))
        .isEqualTo("verified: O=authority.example,CN=test-intermediate ");
  }

  @Test
  void authorities_of_ones_own_are_a_file_of_certificates() throws RefusedException {
    byte[] certificate = authority.issue(ACME, shape().withoutTimestamp());

    for (String pem : List.of(authority.pem(true, true), authority.pem(true, false))) {
      assertThat(said(TrustedRoot.ofAuthorities("ca.pem", pem), certificate))
          .startsWith("verified");
    }
    // A log holds the signer's certificate alone: who issued it has to be in the file.
    assertThat(said(TrustedRoot.ofAuthorities("ca.pem", authority.pem(false, true)), certificate))
        .isEqualTo("no trusted authority has the name that it gives as its issuer");
  }

  @Test
  void every_byte_of_a_verified_certificate_counts() {
    byte[] certificate = authority.issue(ACME, shape());
    byte[] root = authority.trustedRoot();
    assertThat(check(root, certificate)).startsWith("verified");

    for (int i = 0; i < certificate.length; i++) {
      byte[] altered = certificate.clone();
      altered[i] ^= 1;
      assertThat(check(root, altered)).as("byte %d", i).doesNotStartWith("verified");
    }
  }

  @Test
  void bytes_after_the_certificate_do_not_count() {
    byte[] certificate = authority.issue(ACME, shape());
    byte[] longer = Arrays.copyOf(certificate, certificate.length + 1);

    // The reader of names says that something follows; the certificate itself is what was issued.
    assertThat(check(authority.trustedRoot(), longer)).startsWith("verified");
  }

  @Test
  void certificates_that_fulcio_issued_are_verified_by_sigstores_roots()
      throws IOException, RefusedException {
    TrustedRoot publicGood = sigstore("public-good");
    TrustedRoot staging = sigstore("staging");
    List<Path> bundles = new ArrayList<>();
    for (String folder : List.of("sigstore-java/bundles", "sigstore-go/bundles")) {
      try (Stream<Path> files = Files.list(Vectors.dir("rekor").resolve(folder))) {
        files.filter(Files::isRegularFile).forEach(bundles::add);
      }
    }
    int verified = 0;
    for (Path bundle : bundles) {
      if (bundle.toString().endsWith(".txt")) {
        continue;
      }
      byte[] certificate = certificate(Files.readAllBytes(bundle));
      // One bundle holds a key, and one a certificate of another instance's authority.
      if (certificate.length == 0 || bundle.toString().contains("othername")) {
        continue;
      }
      String one = said(publicGood, certificate);
      String other = said(staging, certificate);
      assertThat(one.startsWith("verified") ^ other.startsWith("verified"))
          .as("%s: %s / %s", bundle.getFileName(), one, other)
          .isTrue();
      verified++;
    }
    assertThat(verified).isGreaterThan(30);
  }

  private static TrustedRoot sigstore(String name) throws IOException, RefusedException {
    Path file = Vectors.dir("sigstore-root").resolve(name).resolve("trusted_root.json");
    return TrustedRoot.parse(Files.readAllBytes(file));
  }

  private static byte[] certificate(byte[] bundle) throws IOException {
    JsonNode material = new JsonMapper().readTree(bundle).path("verificationMaterial");
    String direct = material.at("/certificate/rawBytes").asText();
    String chained = material.at("/x509CertificateChain/certificates/0/rawBytes").asText();
    return Base64.getDecoder().decode(direct.isEmpty() ? chained : direct);
  }
}
