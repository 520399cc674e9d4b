package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.event;
import static dev.sigwarden.watch.Samples.selecting;
import static dev.sigwarden.watch.Samples.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.settings.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Selectors on signed statements, as the configuration file writes them.
class StatementIdentitiesTest {
  private static final String DID = "did:x509:0:sha256:HASH::eku:1.2.3::subject:CN:Acme";
  private static final CertificateSigner LEAF =
      certificate("https://oidc.example", "sign@acme.example");

  @TempDir Path folder;

  private SettingsFile.Loaded<Watches> load(String identity) throws Exception {
    Path file = folder.resolve("sigwarden.yaml");
    Files.writeString(file, "watches: {w: {identities: [%s]}}\n".formatted(identity));
    return SettingsFile.load(file, WatchTest::root, Map.of());
  }

  private boolean selects(String identity, Signer... signers) throws Exception {
    SettingsFile.Loaded<Watches> loaded = load(identity);
    assertThat(loaded.problems()).isEmpty();
    return !selecting(loaded.value().orElseThrow(), event(signers)).isEmpty();
  }

  private static StatementSigner statement(String issuer, String feed) {
    return new StatementSigner(
        issuer,
        issuer.equals(DID)
            ? List.of("did:x509:0:sha256:HASH", "eku:1.2.3", "subject:CN:Acme")
            : List.of(),
        feed,
        OptionalLong.of(4),
        Optional.empty(),
        "text/plain",
        "",
        "ES256",
        Optional.of(LEAF),
        List.of("1.2.3", "1.2.4"),
        LEAF.keySha256(),
        List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {issuer: "did:x509:0:sha256:HASH::eku:1.2.3::subject:CN:Acme"}  | true
          {issuer: "did:x509:0:sha256:HASH::*"}                           | true
          {issuer: "https://oidc.example"}                                | false
          {did: "did:x509:0:sha256:HASH"}                                 | true
          {did: "did:x509:0:sha256:HAS"}                                  | false
          {did: "subject:CN:Acme"}                                        | true
          {did: "eku:1.2.4"}                                              | false
          {feed: "acme/app"}                                              | true
          {feed: "acme/*"}                                                | true
          {feed: "re:acme/[a-z]+"}                                        | true
          {feed: "app"}                                                   | false
          {eku: "1.2.4"}                                                  | true
          {eku: "1.2"}                                                    | false
          {issuer: "did:x509:*", feed: "acme/app", eku: "1.2.3"}          | true
          {issuer: "did:x509:*", feed: "acme/lib", eku: "1.2.3"}          | false
          {subject: "sign@acme.example", issuer: "did:x509:*"}            | true
          {subject: "sign@acme.example", issuer: "https://oidc.example"}  | false
          """)
  void statement_is_selected_by_what_it_says_and_by_its_certificate(
      String identity, boolean selected) throws Exception {
    assertThat(selects(identity, statement(DID, "acme/app"))).isEqualTo(selected);
  }

  @Test
  void fingerprints_are_those_of_the_certificate_and_its_key() throws Exception {
    Signer signer = statement(DID, "acme/app");

    assertThat(
            selects("{certificate-sha256: %s}".formatted(LEAF.certificateSha256().toHex()), signer))
        .isTrue();
    assertThat(selects("{key-sha256: %s}".formatted(LEAF.keySha256().toHex()), signer)).isTrue();
    assertThat(selects("{key-sha256: %s}".formatted(sha256("x").toHex()), signer)).isFalse();
    assertThat(selects("{certificate-sha256: %s}".formatted(sha256("x").toHex()), signer))
        .isFalse();
  }

  @Test
  void statement_without_issuer_or_feed_is_selected_by_neither() throws Exception {
    assertThat(selects("{issuer: \"re:[a-z]{0,9}\"}", statement("", ""))).isFalse();
    assertThat(selects("{feed: \"re:[a-z]{0,9}\"}", statement("", ""))).isFalse();
  }

  @Test
  void what_only_statements_say_selects_no_certificate() throws Exception {
    for (String identity : List.of("{feed: \"acme/*\"}", "{did: \"did:*\"}", "{eku: \"1.*\"}")) {
      assertThat(selects(identity, LEAF)).as(identity).isFalse();
    }
  }

  @Test
  void feed_alone_is_warned_of() throws Exception {
    Watches alone = load("{feed: acme/app}").value().orElseThrow();
    Watches both = load("{feed: acme/app, issuer: \"did:x509:*\"}").value().orElseThrow();

    assertThat(alone.all().getFirst().warnings())
        .singleElement()
        .asString()
        .contains("feed without issuer");
    assertThat(both.all().getFirst().warnings()).isEmpty();
  }
}
