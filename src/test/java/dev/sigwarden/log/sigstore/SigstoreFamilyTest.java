package dev.sigwarden.log.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.Vectors;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogFamily.Listing;
import dev.sigwarden.log.LogFamily.Member;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.RootLog;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.trust.Trusts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is made of the logs that a trusted root names, whatever stands there.
class SigstoreFamilyTest {
  private static final PublicKey EC = key("EC");
  private static final PublicKey ED25519 = key("Ed25519");

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final List<RootLog> named = new ArrayList<>();
  private PoliteHttp http;

  @BeforeEach
  void open() {
    http = new PoliteHttp(HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom());
  }

  @AfterEach
  void close() {
    http.close();
  }

  private static PublicKey key(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has " + algorithm, e);
    }
  }

  private void name(String url, PublicKey key) {
    named.add(new RootLog(url, Optional.of(key), Instant.MIN, Instant.MAX));
  }

  private Listing list(String... overrides) throws Exception {
    return list(new LogTools(http, clock, _ -> named), overrides);
  }

  private Listing list(LogTools tools, String... overrides) throws Exception {
    String yaml = "overrides: [" + String.join(", ", overrides) + "]\n";
    Path file = Files.writeString(folder.resolve("log.yaml"), yaml);
    Loaded<FamilySource> loaded =
        SettingsFile.load(file, new SigstoreProtocol()::configure, Map.of());
    assertThat(loaded.problems()).isEmpty();
    FamilySource.Trust trust = new FamilySource.Trust("", List.of(), "own");
    try (LogFamily family = loaded.value().orElseThrow().open(tools, trust)) {
      return family.list();
    }
  }

  private static List<String> told(Listing listing) {
    return listing.members().stream()
        .map(member -> member.name() + " " + member.protocol() + " " + member.origin())
        .toList();
  }

  @Test
  void kind_of_key_says_how_a_log_is_talked_to_and_the_url_says_its_origin() throws Exception {
    name("https://rekor.example", EC);
    name("https://log2025-1.rekor.example/", ED25519);
    name("http://127.0.0.1:8080/a/b", ED25519);
    Listing listing = list();

    assertThat(told(listing))
        .containsExactly(
            "rekor.example rekor rekor.example",
            "log2025-1.rekor.example rekor-tiles log2025-1.rekor.example",
            "127.0.0.1-8080-a-b rekor-tiles 127.0.0.1:8080/a/b");
    assertThat(listing.members().get(0).source()).isInstanceOf(FamilySource.class);
    assertThat(listing.members().get(1).source()).isInstanceOf(LogSource.class);
    assertThat(listing.trouble()).isEmpty();
    assertThat(listing.members().get(1).keys())
        .allSatisfy(key -> assertThat(key.name()).isEqualTo("log2025-1.rekor.example"));
  }

  @Test
  void operator_knows_better() throws Exception {
    name("https://rekor.example", EC);
    name("https://log.example", ED25519);
    Listing listing =
        list(
            "{url: 'https://rekor.example/', protocol: rekor-tiles, origin: other.example/1}",
            "{url: 'https://log.example', protocol: rekor, read-url: 'https://mirror.example/x'}",
            "{url: 'https://not-there-yet.example', origin: a}");

    assertThat(told(listing))
        .containsExactly(
            "rekor.example rekor-tiles other.example/1", "log.example rekor log.example");
    FamilySource.Trust trust = new FamilySource.Trust("o", listing.members().get(1).keys(), "");
    FamilySource instance = (FamilySource) listing.members().get(1).source();
    assertThat(instance.open(new LogTools(http, clock), trust).address())
        .isEqualTo("https://mirror.example/x/api/v1/log");
  }

  @Test
  void log_named_with_several_keys_is_one_log_until_the_last_of_them_is_over() throws Exception {
    Instant now = clock.instant();
    named.add(new RootLog("https://a.example", Optional.of(EC), Instant.MIN, now));
    named.add(
        new RootLog("https://a.example/", Optional.of(key("EC")), Instant.MIN, now.plusSeconds(9)));
    named.add(new RootLog("https://a.example", Optional.empty(), Instant.MIN, now));
    List<Member> members = list().members();

    assertThat(members).hasSize(1);
    assertThat(members.getFirst().keys()).hasSize(2);
    assertThat(members.getFirst().until()).isEqualTo(now.plusSeconds(9));
  }

  @Test
  void log_of_the_future_is_listed_once_its_time_has_come() throws Exception {
    Instant start = clock.instant().plus(Duration.ofDays(3));
    named.add(new RootLog("https://a.example", Optional.of(ED25519), start, Instant.MAX));
    assertThat(list().members()).isEmpty();
    clock.advance(Duration.ofDays(3));
    assertThat(list().members()).hasSize(1);
  }

  @Test
  void what_cannot_be_followed_is_named_and_holds_up_nothing_else() throws Exception {
    name("https://good.example", ED25519);
    List<String> bad =
        List.of(
            "",
            "log.example",
            "file:///etc",
            "https://u:p@a.example",
            "https://a b",
            "https:///x",
            "https://a.example/?x",
            "https://a.example/#x",
            "\u0000",
            "https://a.example:99999");
    bad.forEach(url -> name(url, ED25519));
    name("https://rsa.example", key("RSA"));
    name("https://ed448.example", key("Ed448"));
    named.add(new RootLog("https://none.example", Optional.empty(), Instant.MIN, Instant.MAX));
    name("https://v1.example", EC);
    Listing listing = list("{url: 'https://v1.example', read-url: mirror}");

    assertThat(told(listing)).containsExactly("good.example rekor-tiles good.example");
    assertThat(Arrays.stream(listing.trouble().orElseThrow().split("; ")))
        .hasSize(bad.size() + 4)
        .allMatch(line -> line.contains("(expected: "));
  }

  @Test
  void names_are_short_and_plain_whatever_the_url() throws Exception {
    name("https://" + "a".repeat(60) + ".example/" + "b/".repeat(100), ED25519);
    name("https://" + "a".repeat(60) + ".example/" + "b/".repeat(101), ED25519);
    name("https://[::1]:80/x%20y", ED25519);
    List<String> names = list().members().stream().map(Member::name).toList();

    assertThat(names).doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"));
  }

  @Test
  void without_a_verified_root_nothing_is_known() {
    assertThatThrownBy(() -> list(new LogTools(http, clock, Trusts.none()::logs)))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("no trusted root of own was ever verified");
    assertThatThrownBy(() -> list(new LogTools(http, clock)))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("own");
  }

  @Test
  void logs_of_the_public_instances_have_the_keys_that_their_checkpoints_name() throws Exception {
    assertThat(ofRoot("public-good"))
        .containsExactly(
            "rekor.sigstore.dev rekor rekor.sigstore.dev+c0d23d6a",
            "log2025-1.rekor.sigstore.dev rekor-tiles log2025-1.rekor.sigstore.dev+cf119915");
    assertThat(ofRoot("staging"))
        .contains("rekor.sigstage.dev rekor rekor.sigstage.dev+d32f30a3")
        .anyMatch(line -> line.startsWith("log2026-1.us-east4.rekor.sigstage.dev rekor-tiles"));
  }

  private List<String> ofRoot(String instance) throws Exception {
    byte[] bytes = read(Vectors.dir("sigstore-root").resolve(instance + "/trusted_root.json"));
    List<RootLog> logs = TrustedRoot.parse(bytes).logs();
    return list(new LogTools(http, clock, _ -> logs)).members().stream()
        .map(member -> {
          VerifierKey key = member.keys().getFirst();
          return "%s %s %s+%08x"
              .formatted(member.name(), member.protocol(), key.name(), key.keyId());
        })
        .toList();
  }

  private static byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }
}
