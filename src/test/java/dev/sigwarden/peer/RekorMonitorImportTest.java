package dev.sigwarden.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.re2j.Pattern;
import dev.sigwarden.Golden;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.peer.Remark.Level;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Configurations of rekor-monitor as watches that select what they select.
class RekorMonitorImportTest {
  private static final PracticeSigner SIGNER =
      new PracticeSigner(Clock.systemUTC(), new SecureRandom());

  private static final String GITHUB = "https://token.actions.githubusercontent.com";
  private static final String GOOGLE = "https://accounts.google.com";

  /// Who signs in these tests: subjects that the expressions below tell apart.
  private static final List<PracticeIdentity> IDENTITIES =
      List.of(
          PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0"),
          PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/heads/main"),
          PracticeIdentity.githubWorkflow("acme/app", "releaseXyml", "refs/tags/v1.0.0"),
          PracticeIdentity.githubWorkflow("acme/apps", "ci.yml", "refs/tags/v1.0.0"),
          PracticeIdentity.email("user@domain.com", GOOGLE),
          PracticeIdentity.email("xuser@domain.com.evil.example", GOOGLE),
          PracticeIdentity.email("user@domainXcom", GOOGLE),
          PracticeIdentity.email("User@Domain.com", GITHUB),
          PracticeIdentity.email("user@domain.com", "https://accounts.google.com.evil.example"),
          PracticeIdentity.email("a*b@domain.com", GOOGLE),
          PracticeIdentity.uri("re:urn", GOOGLE));

  private static final List<SigningEvent> EVENTS =
      IDENTITIES.stream()
          .map(identity ->
              event(PracticeEntries.hashedRekord(SIGNER.certificate(identity), new byte[1])))
          .toList();

  @TempDir private Path folder;

  private static SigningEvent event(byte[] entry) {
    return ((Decoded.Event) Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry)))
        .event();
  }

  private static Imported read(String yaml) throws MalformedPeerFileException {
    return RekorMonitorImport.read(yaml.getBytes(StandardCharsets.UTF_8));
  }

  /// The watches of the outcome as the daemon reads them.
  private Watches watches(Imported imported) throws IOException {
    Path file = folder.resolve("sigwarden.yaml");
    Files.writeString(file, imported.toYaml("rekor-monitor", "me@acme.example"));
    Loaded<Configuration> loaded = Configuration.load(file, Map.of());
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow().watches();
  }

  private static List<String> remarks(Imported imported, Level level) {
    return imported.remarks().stream()
        .filter(remark -> remark.level() == level)
        .map(Remark::path)
        .toList();
  }

  /// The example of its README, every key of it.
  private static final String README =
      """
      startIndex: 1000
      endIndex: 2000
      monitoredValues:
        certIdentities:
          - certSubject: user@domain\\.com
          - certSubject: otheruser@domain\\.com
            issuers:
              - https://accounts\\.google\\.com
              - https://github\\.com/login
          - certSubject: https://github\\.com/actions/starter-workflows/blob/main/\\.github/workflows/lint\\.yaml@.*
            issuers:
              - https://token\\.actions\\.githubusercontent\\.com
        subjects:
          - subject@domain\\.com
        fingerprints:
          - A0B1C2D3E4F5
        oidMatchers:
          fulcioExtensions:
            build-config-uri:
              - https://example.com/owner/repository/build-config.yml
          oidExtensions:
            - objectIdentifier: [1, 3, 6, 1, 4, 1, 57264, 1, 1]
              extensionValues:
                - https://github.com/login/oauth
          customExtensions:
            - objectIdentifier: 1.3.6.1.4.1.57264.1.9
              extensionValues:
                - https://github.com/slsa-framework/x/.github/workflows/generator.yml@v1.4.0
      outputIdentities: identities.txt
      outputIdentitiesFormat: text
      logInfoFile: logInfo.txt
      identityMetadataFile: metadata.json
      """;

  @Test
  void example_of_its_readme_becomes_these_watches_and_remarks() throws Exception {
    Imported imported = read(README);

    String report =
        imported.remarks().stream()
            .map(it -> "%s: %s: %s\n".formatted(it.level().label(), it.path(), it.text()))
            .collect(Collectors.joining());
    Golden.check(
        RekorMonitorImportTest.class,
        "readme.txt",
        imported.toYaml("rekor-monitor", "me@acme.example") + "\n" + report);
    assertThat(watches(imported).all()).hasSize(7);
    assertThat(imported.isComplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@domain\\.com",
        "^user@domain\\.com",
        "user@domain\\.com$",
        "^user@domain\\.com$",
        "user@domain.com",
        "^user@domain.com$",
        "^.*@domain\\.com$",
        "(?i)user@domain\\.com",
        "(?i)^user@domain\\.com$",
        "^https://github\\.com/acme/app/",
        "^https://github\\.com/acme/app/\\.github/workflows/release\\.yml@refs/tags/.*$",
        "^https://github\\.com/acme/[a-z]+/.*@refs/(tags|heads)/.*$",
        "^https://github\\.com/acme/app/|user@",
        "^nobody|com$",
        "acme/apps?/",
        "release.yml@refs/tags/v[0-9.]+$",
        "a\\*b",
        "^re:urn$",
        "re:u",
        ".*",
        "^.+$",
        "\\Quser@domain.com\\E",
        "\\x40domain",
        "[^@]@domain",
        "domain\\.com\\z",
        "\\Auser",
        "r{1}elease",
        "^",
        "$",
        "nobody",
      })
  void watch_selects_what_the_expression_matches(String expression) throws Exception {
    String yaml =
        """
        monitoredValues:
          certIdentities:
            - certSubject: '%s'
              issuers: ['^https://accounts\\.google\\.com$', 'githubusercontent']
        """
            .formatted(expression);
    Imported imported = read(yaml);
    Watches watches = watches(imported);

    assertThat(imported.isComplete()).isTrue();
    Pattern original = Pattern.compile(expression);
    for (int i = 0; i < EVENTS.size(); i++) {
      PracticeIdentity identity = IDENTITIES.get(i);
      boolean expected =
          original.matcher(identity.subject()).find()
              && (identity.issuer().equals(GOOGLE) || identity.issuer().equals(GITHUB));
      assertThat(watches.select(EVENTS.get(i)))
          .as("%s by %s", identity.subject(), identity.issuer())
          .hasSize(expected ? 1 : 0);
    }
  }

  @Test
  void identity_without_issuers_wants_some_issuer() throws Exception {
    Watches watches =
        watches(read("monitoredValues: {certIdentities: [{certSubject: user@domain}]}"));
    byte[] without =
        PracticeEntries.hashedRekord(
            SIGNER.certificate(PracticeIdentity.email("user@domain.com", "")), new byte[1]);

    assertThat(EVENTS).filteredOn(event -> !watches.select(event).isEmpty()).hasSize(4);
    assertThat(watches.select(event(without))).isEmpty();
  }

  @Test
  void fingerprints_of_keys_and_certificates_are_carried_over() throws Exception {
    PracticeCredential key = SIGNER.key(KeyKind.P256);
    PracticeCredential certificate = SIGNER.certificate(IDENTITIES.getFirst());
    SigningEvent byKey = event(PracticeEntries.hashedRekord(key, new byte[1]));
    SigningEvent byCertificate = event(PracticeEntries.hashedRekord(certificate, new byte[1]));
    String ofKey = byKey.signers().getFirst().keySha256().toHex();
    String ofCertificate =
        ((CertificateSigner) byCertificate.signers().getFirst()).certificateSha256().toHex();

    Imported imported =
        read("monitoredValues: {fingerprints: ['%s', '%s']}".formatted(ofKey, ofCertificate));
    Watches watches = watches(imported);

    assertThat(imported.remarks()).isEmpty();
    assertThat(watches.select(byKey))
        .extracting(hit -> hit.watch().name())
        .containsExactly("fingerprint-1");
    assertThat(watches.select(byCertificate))
        .extracting(hit -> hit.watch().name())
        .containsExactly("fingerprint-2");
    assertThat(watches.select(EVENTS.getLast())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "A0B1C2D3E4F5,0",
    "1234,0",
    "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD,1",
    "AAAABBBBAAAABBBBAAAABBBBAAAABBBBAAAABBBBAAAABBBBAAAABBBBAAAABBBB,1",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ,1",
    "SHA256:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ=,1",
  })
  void fingerprint_that_can_never_match_is_warned_of(String fingerprint, int watches)
      throws Exception {
    Imported imported = read("monitoredValues: {fingerprints: [%s]}".formatted(fingerprint));

    assertThat(imported.watches()).hasSize(watches);
    assertThat(imported.isComplete()).isEqualTo(watches == 1);
    assertThat(imported.remarks())
        .filteredOn(remark -> remark.level() == Level.WARNING)
        .first()
        .extracting(Remark::text)
        .asString()
        .contains("can never match");
  }

  @Test
  void extensions_are_exact_and_any_value_of_the_last_list_counts() throws Exception {
    Imported imported =
        read(
            """
            monitoredValues:
              oidMatchers:
                oidExtensions:
                  - {objectIdentifier: [1, 3, 6, 1, 4, 1, 57264, 1, 12], extensionValues: [lost]}
                  - {objectIdentifier: [1, 2, 3], extensionValues: [elsewhere]}
                fulcioExtensions:
                  source-repository-uri: [https://github.com/acme/app, https://github.com/acme/*]
                  build-trigger: [push]
                  deployment-environment: [prod]
                customExtensions:
                  - {objectIdentifier: 1.3.6.1.4.1.57264.1.020, extensionValues: [schedule]}
                  - {objectIdentifier: nonsense, extensionValues: [x]}
            """);
    Watches watches = watches(imported);

    assertThat(imported.watches())
        .containsOnlyKeys("extension-source-repository-uri", "extension-build-trigger");
    assertThat(EVENTS)
        .extracting(event -> watches.select(event).size())
        .containsExactly(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(remarks(imported, Level.WARNING))
        .containsExactlyInAnyOrder(
            "monitoredValues.oidMatchers.oidExtensions[0]",
            "monitoredValues.oidMatchers.fulcioExtensions.deployment-environment",
            "monitoredValues.oidMatchers.fulcioExtensions.build-trigger");
    assertThat(remarks(imported, Level.NOT_CARRIED_OVER))
        .containsExactlyInAnyOrder(
            "monitoredValues.oidMatchers.oidExtensions[1]",
            "monitoredValues.oidMatchers.customExtensions[1].objectIdentifier");
  }

  @ParameterizedTest
  @CsvSource({
    "me@acme\\.example,*me@acme.example*",
    "^me@acme\\.example$,re:(?:.*<)?me@acme\\.example(?:>.*)?",
    "^.*@acme\\.example$,re:(?:.*<)?.*@acme\\.example(?:>.*)?",
    "^m[e3]@acme\\.example$,re:(?:.*<)?(?:m[e3]@acme\\.example)(?:>.*)?",
  })
  void subjects_are_sought_in_names_of_certificates_and_addresses_of_openpgp_keys(
      String expression, String userId) throws Exception {
    Imported imported = read("monitoredValues: {subjects: ['%s']}".formatted(expression));

    assertThat(imported.watches().get("subject-1"))
        .extracting(selector -> selector.keySet().iterator().next())
        .containsExactly("subject", "user-id");
    assertThat(imported.watches().get("subject-1").getLast()).containsEntry("user-id", userId);
    Pattern pattern =
        Pattern.compile(
            userId.startsWith("re:")
                ? userId.substring(3)
                : ".*" + Pattern.quote(userId.replace("*", "")) + ".*");
    assertThat(List.of("Me <me@acme.example>", "me@acme.example")).allMatch(pattern::matches);
    assertThat(remarks(imported, Level.NOT_CARRIED_OVER))
        .containsExactly("monitoredValues.subjects[0]");
  }

  @Test
  void what_is_nobody_s_key_or_not_for_watches_is_said() throws Exception {
    Imported imported =
        read(
            """
            monitoredValues:
              fulcioExtensions: {build-trigger: [push]}
              certIdentities:
                - {certSubject: '(', issuers: [x]}
                - {certSubject: '', issuers: [x]}
                - {certSubject: '.*'}
                - text
              misspelt: []
            githubIssue: {authenticationToken: secret-token}
            emailNotificationSMTP: {senderSMTPPassword: secret-password}
            caRootsFile: roots.pem
            outputIdentites: x
            """);

    assertThat(imported.watches()).isEmpty();
    assertThat(remarks(imported, Level.NOT_CARRIED_OVER))
        .containsExactlyInAnyOrder(
            "monitoredValues.certIdentities[0].certSubject",
            "monitoredValues.certIdentities[1].certSubject",
            "monitoredValues.certIdentities[2]",
            "monitoredValues.certIdentities[3]",
            "githubIssue",
            "emailNotificationSMTP",
            "caRootsFile");
    assertThat(remarks(imported, Level.WARNING))
        .containsExactlyInAnyOrder(
            "monitoredValues",
            "monitoredValues.fulcioExtensions",
            "monitoredValues.misspelt",
            "outputIdentites");
    assertThat(imported.remarks()).noneMatch(remark -> remark.text().contains("secret-"));
  }

  @Test
  void scalars_are_text_as_they_stand_and_aliases_are_followed() throws Exception {
    Imported imported =
        read(
            """
            issuers: &actions ['^https://token\\.actions\\.githubusercontent\\.com$']
            base: &base {issuers: *actions}
            monitoredValues:
              certIdentities:
                - certSubject: 0123
                  issuers: *actions
                - {<<: *base, certSubject: ^true$}
              fingerprints: [0000000000000000000000000000000000000010]
            """);

    assertThat(imported.watches().get("cert-identity-1"))
        .containsExactly(Map.of("subject", "*0123*", "issuer", GITHUB));
    assertThat(imported.watches().get("cert-identity-2"))
        .containsExactly(Map.of("subject", "true", "issuer", GITHUB));
    assertThat(imported.watches().get("fingerprint-1"))
        .containsExactly(Map.of("pgp-fingerprint", "0000000000000000000000000000000000000010"));
    assertThat(imported.remarks())
        .extracting(Remark::level, Remark::path)
        .contains(tuple(Level.WARNING, "issuers"), tuple(Level.WARNING, "base"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "- list",
        "a: [",
        "!!javax.script.X {}",
        "a: *nobody",
        "%",
        "{}",
        "logs: {}",
        "~: x"
      })
  void file_that_is_none_is_refused(String yaml) {
    assertThatThrownBy(() -> read(yaml)).isInstanceOf(MalformedPeerFileException.class);
  }

  @Test
  void file_beyond_bounds_is_refused() {
    assertThatThrownBy(() -> read("a: " + "x".repeat(RekorMonitorFile.MAX_BYTES)))
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> read("a: " + "[".repeat(100) + "]".repeat(100)))
        .isInstanceOf(MalformedPeerFileException.class);
    assertThatThrownBy(() -> RekorMonitorImport.read(new byte[] {'a', ':', ' ', (byte) 0xff}))
        .hasMessage("not UTF-8");
  }

  @Test
  void list_too_long_to_be_carried_over_whole_is_refused_and_not_cut() {
    String fingerprints = "    - '%040x'\n".repeat(RekorMonitorFile.MAX_ITEMS + 1);

    assertThatThrownBy(() -> read("monitoredValues:\n  fingerprints:\n" + fingerprints))
        .hasMessage("fingerprints: 10001 items (expected: <= 10000; split the file)");
  }
}
