package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PracticeSignerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.5Z");
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";
  private static final int URI_NAME = 6;
  private static final int EMAIL_NAME = 1;
  private static final int OTHER_NAME = 0;

  private final PracticeSigner signer =
      new PracticeSigner(Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());

  private X509Certificate issue(PracticeIdentity identity) {
    return signer.certificate(identity).certificate().orElseThrow();
  }

  @Test
  void issues_what_fulcio_issues() throws Exception {
    X509Certificate certificate =
        issue(PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0"));

    certificate.verify(signer.authority().getPublicKey());
    signer.authority().verify(signer.authority().getPublicKey());
    assertThat(certificate.getNotBefore())
        .isEqualTo(Date.from(Instant.parse("2026-11-22T10:00:00Z")));
    assertThat(certificate.getNotAfter())
        .isEqualTo(Date.from(Instant.parse("2026-11-22T10:10:00Z")));
    assertThat(certificate.getSubjectX500Principal().getName()).isEmpty();
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.17");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.3");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(
            List.of(
                URI_NAME,
                "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.0.0"));
  }

  @Test
  void writes_old_extensions_as_text_and_new_ones_as_der() {
    X509Certificate certificate =
        issue(PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0"));
    String issuer = "https://token.actions.githubusercontent.com";

    assertThat(extension(certificate, 1)).isEqualTo(issuer);
    assertThat(extension(certificate, 5)).isEqualTo("acme/app");
    assertThat(extension(certificate, 6)).isEqualTo("refs/tags/v1.0.0");
    assertThat(extension(certificate, 8)).isEqualTo("\f" + (char) issuer.length() + issuer);
    assertThat(extension(certificate, 11)).isEqualTo("\f\rgithub-hosted");
    assertThat(extension(certificate, 16)).isEqualTo("\f\u0017https://github.com/acme");
  }

  /// The bytes inside the OCTET STRING that wraps every extension's value, as text.
  private static String extension(X509Certificate certificate, int number) {
    byte[] wrapped = certificate.getExtensionValue(FULCIO + number);
    assertThat(wrapped[1]).isEqualTo((byte) (wrapped.length - 2));
    return new String(Arrays.copyOfRange(wrapped, 2, wrapped.length), StandardCharsets.UTF_8);
  }

  @Test
  void names_people_by_address_or_user_name() throws Exception {
    assertThat(
            issue(PracticeIdentity.email("a@b.example", "https://accounts.google.com"))
                .getSubjectAlternativeNames())
        .containsExactly(List.of(EMAIL_NAME, "a@b.example"));

    PracticeIdentity user =
        new PracticeIdentity(
            PracticeIdentity.Kind.OTHER_NAME,
            "carol!b.example",
            "https://issuer.example",
            Map.of());
    List<?> name = issue(user).getSubjectAlternativeNames().iterator().next();
    assertThat(name.getFirst()).isEqualTo(OTHER_NAME);
    assertThat(new String((byte[]) name.get(1), StandardCharsets.ISO_8859_1))
        .endsWith("carol!b.example");
  }

  @ParameterizedTest
  @EnumSource
  void signs_with_every_kind_of_key(KeyKind kind) {
    PracticeCredential credential = signer.key(kind);
    byte[] data = "artifact".getBytes(StandardCharsets.UTF_8);
    byte[] signature = credential.sign(data);

    assertThat(credential.verifies(data, signature)).isTrue();
    assertThat(credential.verifies("other".getBytes(StandardCharsets.UTF_8), signature)).isFalse();
    assertThat(credential.verifies(data, new byte[3])).isFalse();
    assertThat(credential.verifierPem())
        .startsWith("-----BEGIN PUBLIC KEY-----\n")
        .endsWith("-----END PUBLIC KEY-----\n");
  }
}
