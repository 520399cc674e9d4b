package dev.sigwarden.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.tuf.TestRepository;
import dev.sigwarden.tuf.TufServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  private static final String TARGET = "trusted_root.json";
  private static final PracticeIdentity ACME =
      PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");

  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final TestAuthority authority = new TestAuthority(TestClock.START);
  private final TestRepository repository = new TestRepository(TARGET, authority.trustedRoot());
  private final PoliteHttp http =
      new PoliteHttp(HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom());
  private TufServer server;

  @BeforeEach
  void serve() throws IOException {
    server = new TufServer(repository);
    Files.write(folder.resolve("root.json"), repository.anchor());
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  private Loaded<Map<String, TrustSettings>> read(String yaml) {
    return SettingsFile.read(
        ("trust:\n  acme: " + yaml + "\n").getBytes(StandardCharsets.UTF_8),
        "test.yaml",
        folder,
        root -> TrustSettings.read(root, folder.resolve("state")),
        Map.of());
  }

  private Trust open(String yaml) {
    Loaded<Map<String, TrustSettings>> loaded = read(yaml);
    TrustSettings settings =
        loaded.value().orElseThrow(() -> new AssertionError(loaded.problems())).get("acme");
    return Trust.open(settings, http, clock);
  }

  private Trust tuf() {
    return open(
        "{source: tuf, url: \"%s\", root-file: root.json, refresh: 1h, stale-after: 2h}"
            .formatted(server.url()));
  }

  private CertificateSigner signer() {
    try {
      return Certificates.read(authority.issue(ACME, authority.shape(clock.instant())));
    } catch (MalformedSignerException e) {
      throw new AssertionError(e);
    }
  }

  private CertificateSigner stranger() {
    try {
      return Certificates.read(CertificateForge.fulcio(ACME.subject(), ACME.issuer()).der());
    } catch (MalformedSignerException e) {
      throw new AssertionError(e);
    }
  }

  private String why(Trust trust) {
    return trust.refresh().orElseThrow().why();
  }

  @Test
  void nothing_is_checked_before_a_root_was_verified() {
    Trust trust = tuf();

    assertThat(trust.ready()).isFalse();
    assertThat(trust.check(signer()))
        .isEqualTo(
            new CertificateTrust.NotChecked("no trusted root of acme was ever verified here"));

    assertThat(trust.refresh()).isEmpty();
    assertThat(trust.ready()).isTrue();
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
  }

  @Test
  void repository_that_was_never_reached_is_told_and_holds_nothing_up() {
    repository.down(true);
    Trust trust = tuf();

    Trust.Trouble trouble = trust.refresh().orElseThrow();

    assertThat(trouble.inForce()).isFalse();
    assertThat(trust.ready()).isTrue();
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.NotChecked.class);
  }

  @Test
  void last_good_root_is_in_force_after_a_start_without_network() {
    tuf().refresh();
    repository.down(true);

    Trust trust = tuf();

    assertThat(trust.ready()).isTrue();
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
    assertThat(trust.refresh()).isEmpty();
    clock.advance(Duration.ofHours(3));
    assertThat(trust.refresh().orElseThrow().inForce()).isTrue();
  }

  @Test
  void repository_that_lies_is_told_at_once_and_the_last_good_root_stays() {
    Trust trust = tuf();
    trust.refresh();
    byte[] next = new TestAuthority(TestClock.START).trustedRoot();
    String altered =
        new String(next, StandardCharsets.UTF_8).replace("authority.example", "authority.EXAMPLE");
    repository
        .content(next)
        .publish()
        .replace(repository.targetPath(), altered.getBytes(StandardCharsets.UTF_8));
    clock.advance(Duration.ofHours(2));

    assertThat(why(trust)).startsWith("trusted_root.json: sha256 ").contains("(expected: ");
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);

    repository.content(authority.trustedRoot()).publish();
    clock.advance(Duration.ofMinutes(5));
    assertThat(trust.refresh()).isEmpty();
  }

  @Test
  void repository_that_expires_is_told_and_the_last_good_root_stays() {
    repository.timestampExpires(clock.instant().plus(Duration.ofDays(7))).publish();
    Trust trust = tuf();
    assertThat(trust.refresh()).isEmpty();

    clock.advance(Duration.ofDays(8));

    assertThat(why(trust)).contains("timestamp.json").contains("; what is in force expired at");
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
    assertThat(trust.check(stranger()))
        .isInstanceOfSatisfying(
            CertificateTrust.UnverifiedClaim.class,
            it -> assertThat(it.reason()).contains("(the trusted root expired at "));
  }

  @Test
  void target_that_is_no_trusted_root_is_refused_and_the_last_good_one_stays() {
    Trust trust = tuf();
    trust.refresh();
    repository.content("{}".getBytes(StandardCharsets.UTF_8)).publish();
    clock.advance(Duration.ofHours(2));

    assertThat(why(trust)).isEqualTo("trusted root.mediaType: missing (expected: a text)");
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
    // It did not take the place of what the next start begins with either.
    assertThat(tuf().check(signer())).isInstanceOf(CertificateTrust.Verified.class);
  }

  @Test
  void new_authorities_are_in_force_after_the_next_refresh() {
    Trust trust = tuf();
    trust.refresh();
    TestAuthority next = new TestAuthority(TestClock.START);
    repository.content(next.trustedRoot()).publish();
    assertThat(trust.refresh()).isEmpty();
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);

    clock.advance(Duration.ofHours(1));
    trust.refresh();

    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.UnverifiedClaim.class);
  }

  @Test
  void mirror_in_a_folder_is_a_repository_too() throws IOException {
    Path mirror = Files.createDirectories(folder.resolve("mirror/targets")).getParent();
    for (String file :
        List.of("timestamp.json", "1.snapshot.json", "1.targets.json", repository.targetPath())) {
      Files.write(mirror.resolve(file), repository.file(file));
    }
    Trust trust =
        open("{source: tuf, url: \"%s\", root-file: root.json}".formatted(mirror.toUri()));

    assertThat(trust.refresh()).isEmpty();
    assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
  }

  @Test
  void trusted_root_and_authorities_may_be_files() throws IOException {
    Files.write(folder.resolve("trusted.json"), authority.trustedRoot());
    Files.writeString(folder.resolve("ca.pem"), authority.pem(true, true));

    for (String source :
        List.of(
            "{source: trusted-root, file: trusted.json}",
            "{source: authorities, ca-file: ca.pem}")) {
      Trust trust = open(source);
      assertThat(trust.refresh()).isEmpty();
      assertThat(trust.check(signer())).isInstanceOf(CertificateTrust.Verified.class);
    }
  }

  @Test
  void roots_of_sigstore_are_built_in() {
    for (String name : List.of("public-good", "staging")) {
      assertThat(open("{source: %s}".formatted(name)).ready()).isFalse();
    }
  }

  @Test
  void file_that_cannot_be_the_start_is_a_problem_of_the_configuration() throws IOException {
    Files.writeString(folder.resolve("bad.json"), "{}");
    String url = server.url().toString();

    for (String source :
        List.of(
            "{source: tuf, url: \"%s\", root-file: bad.json}".formatted(url),
            "{source: tuf, url: \"%s\"}".formatted(url),
            "{source: tuf, url: \"%s\", root-file: root.json, target: ../up}".formatted(url),
            "{source: trusted-root, file: bad.json}",
            "{source: trusted-root}",
            "{source: authorities, ca-file: bad.json}",
            "{source: nothing}",
            "{source: staging, unverified: {severity: loud}}",
            "{source: staging, unverified: {per-day: 0}}")) {
      assertThat(read(source).problems()).as(source).isNotEmpty();
    }
  }
}
