package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpectedIdentityTest {
  private static final String SUBJECT = "https://github.com/acme/app/.github/workflows/a.yml@b";
  private static final String ISSUER = "https://token.actions.githubusercontent.com";

  private static List<String> differences(@Nullable String subject, @Nullable String issuer) {
    try {
      CertificateSigner signer = Certificates.read(CertificateForge.fulcio(SUBJECT, ISSUER).der());
      return ExpectedIdentity.of(subject, issuer).differences(signer);
    } catch (MalformedSignerException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void value_that_is_as_expected_as_a_whole_fits() {
    assertThat(differences(null, null)).isEmpty();
    assertThat(differences(SUBJECT, ISSUER)).isEmpty();
    assertThat(differences("https://github.com/acme/*", null)).isEmpty();
    assertThat(differences("re:https://github\\.com/acme/.*", ISSUER)).isEmpty();
  }

  @Test
  void part_of_a_value_does_not_fit() {
    assertThat(differences("https://github.com/acme/", null))
        .containsExactly("identity: " + SUBJECT + " (expected: https://github.com/acme/)");
    assertThat(differences("re:acme", ISSUER + "/"))
        .containsExactly(
            "identity: " + SUBJECT + " (expected: re:acme)",
            "issuer: " + ISSUER + " (expected: " + ISSUER + "/)");
  }

  @Test
  void pattern_that_is_none_is_refused() {
    assertThatThrownBy(() -> ExpectedIdentity.of("", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("identity: ");
    assertThatThrownBy(() -> ExpectedIdentity.of(null, "re:("))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("issuer: ");
  }
}
