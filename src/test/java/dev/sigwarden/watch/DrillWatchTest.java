package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a drill signs for a watch is selected by the watch itself, wherever that can be.
class DrillWatchTest {
  private static final String KEY =
      "abababababababababababababababababababababababababababababababab";

  private final PracticeSigner authority =
      new PracticeSigner(Clock.systemUTC(), new SecureRandom());

  private static Watch watch(String identities) {
    String yaml =
        """
        watches:
          acme:
            severity: critical
            owner: jo@acme.example
            identities: [%s]
            expect: {allowlists: [releases], grace: 15m}
            lookalikes: true
        allowlists:
          releases: {api: true}
        """
            .formatted(identities);
    Loaded<Map<String, Watch>> read =
        SettingsFile.read(
            yaml.getBytes(StandardCharsets.UTF_8),
            "test",
            Path.of("").toAbsolutePath(),
            root -> {
              Allowlists allowlists = Allowlists.read(root);
              return root.sections("watches", "watches", one -> Watch.read(one, allowlists));
            },
            Map.of());
    assertThat(read.problems()).isEmpty();
    return read.value().orElseThrow().get("acme");
  }

  private static SigningEvent event(PracticeCredential signer) {
    byte[] entry = PracticeEntries.hashedRekord(signer, new byte[] {1});
    Decoded decoded = Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private PracticeCredential signer(DrillWatch.Names names) {
    return authority.certificate(
        new PracticeIdentity(
            PracticeIdentity.Kind.valueOf(names.kind().name()),
            names.name(),
            names.issuer(),
            names.claims()));
  }

  private static Digest key(PracticeCredential signer) {
    byte[] spki = signer.publicKey().getEncoded();
    return Digest.sha256(spki, 0, spki.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{subject: \"https://github.com/acme/app/.github/workflows/release.yml@refs/tags/*\","
            + " issuer: \"https://token.actions.githubusercontent.com\"}",
        "{subject: \"*\", issuer: \"https://*.acme.example\"}",
        "{subject: \"urn:acme:*\", issuer: \"https://accounts.acme.example\"}",
        "{subject: \"*//a b*\"}, {subject: \"https://*_x/*\"}",
        "{subject: \"jo@acme.example\", issuer: \"https://accounts.acme.example\"}",
        "{subject: \"*@acme.example\", issuer: \"https://accounts.acme.example\"}",
        "{subject: \"jo!acme.example\", issuer: \"https://accounts.acme.example\"}",
        "{subject: \"spiffe://acme.example/*/a*z\"}",
        "{issuer: \"https://accounts.acme.example\", extensions: {runner-environment:"
            + " github-hosted, source-repository-uri: \"https://github.com/acme/*\"}}",
        "{dns: www.acme.example}",
        "{dns: .acme.example}",
        "{email: \"@acme.example\"}",
        "{email: jo@acme.example}",
        "{uri: \"https://acme.example/*\"}",
        "{text: \"*never*\"}, {subject: \"re:never\"}, {subject: jo@acme.example}"
      })
  void certificate_is_made_that_the_watch_selects_by_its_own_selectors(String identities) {
    Watch watch = watch(identities);
    DrillWatch.Names names = DrillWatch.names(watch).orElseThrow();
    PracticeCredential signer = signer(names);
    SigningEvent event = event(signer);

    assertThat(Watches.of(List.of(watch), new Allowlists(List.of())).select(event)).hasSize(1);
    Watches copy = DrillWatch.copy(Optional.of(watch), key(signer));
    Hit hit = copy.select(event).getFirst();
    assertThat(hit.selector()).isNotEqualTo(DrillWatch.OWN_KEY);
    assertThat(hit.watch().name()).isEqualTo("acme");
    assertThat(hit.watch().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(hit.watch().owner()).isEqualTo("jo@acme.example");
    assertThat(copy.judge(hit, event, Instant.now(), Instant.now()))
        .isInstanceOf(Verdict.Unexpected.class);
    assertThat(copy.lookalikes(event, List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{key-sha256: \"" + KEY + "\"}",
        "{subject: jo@acme.example, key-sha256: \"" + KEY + "\"}",
        "{certificate-sha256: \"" + KEY + "\"}",
        "{subject: \"re:.*@acme[.]example\"}",
        "{subject: \"jö@acme.example\"}",
        "{dns: a_b.acme.example}",
        "{uri: \"urn:acme:*\"}",
        "{dns: acme.example, email: jo@acme.example}",
        "{issuer: \"https://a.example\", extensions: {1.3.6.1.4.1.57264.1.1: \"https://b.example\"}}",
        "{extensions: {1.3.6.1.4.1.57264.1.99: x}}",
        "{ip: 192.0.2.1}",
        "{subject-dn: \"CN=acme\"}",
        "{user-id: jo}",
        "{feed: acme}",
        "{text: \"*stolen words*\"}",
        "{pointer: {/kind: hashedrekord}}"
      })
  void what_cannot_be_imitated_is_drilled_by_the_drills_own_key(String identities) {
    Watch watch = watch(identities);
    assertThat(DrillWatch.names(watch)).isEmpty();
    PracticeCredential signer = authority.key(KeyKind.P256);
    Hit hit = DrillWatch.copy(Optional.of(watch), key(signer)).select(event(signer)).getLast();
    assertThat(hit.watch().name()).isEqualTo("acme");
  }

  @Test
  void drill_of_no_watch_selects_its_own_key_and_nobody_elses() {
    PracticeCredential signer = authority.key(KeyKind.P256);
    Watches none = DrillWatch.copy(Optional.empty(), key(signer));
    assertThat(none.select(event(signer)))
        .singleElement()
        .satisfies(hit -> assertThat(hit.selector()).isEqualTo(DrillWatch.OWN_KEY));
    assertThat(none.select(event(authority.key(KeyKind.P256)))).isEmpty();
  }
}
