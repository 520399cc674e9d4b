package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.event;
import static dev.sigwarden.watch.Samples.fingerprint;
import static dev.sigwarden.watch.Samples.pgp;
import static dev.sigwarden.watch.Samples.selecting;
import static dev.sigwarden.watch.Samples.sha256;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindSamples;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.keys.TufSamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Selectors on keys that are no certificates, as the configuration file writes them.
class KeyIdentitiesTest {
  private static final String SSH = "SHA256:" + "Ab/+".repeat(10) + "Cde";

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

  private static KeySigner named(KeyId.Scheme scheme, String value) {
    return new KeySigner(sha256("any"), "Ed25519", List.of(new KeyId(scheme, value)));
  }

  @Test
  void an_openpgp_fingerprint_is_that_of_the_primary_key_or_of_a_subkey() throws Exception {
    String spaced =
        fingerprint("sub").toUpperCase(java.util.Locale.ROOT).replaceAll("(.{4})", "$1 ").strip();
    Signer signer = pgp(List.of("main", "sub"));
    for (String written :
        List.of(fingerprint("main"), fingerprint("sub"), spaced, "0x" + fingerprint("sub"))) {
      assertThat(selects("{pgp-fingerprint: \"%s\"}".formatted(written), signer))
          .as(written)
          .isTrue();
    }
    assertThat(selects("{pgp-fingerprint: \"%s\"}".formatted(fingerprint("x")), signer)).isFalse();
  }

  @Test
  void a_fingerprint_of_one_scheme_is_none_of_another() throws Exception {
    String hex = "ab".repeat(32);
    assertThat(selects("{tuf-key-id: %s}".formatted(hex), named(KeyId.Scheme.TUF, hex))).isTrue();
    assertThat(selects("{tuf-key-id: %s}".formatted(hex), named(KeyId.Scheme.PGP, hex))).isFalse();
    assertThat(selects("{pgp-fingerprint: %s}".formatted(hex), named(KeyId.Scheme.PGP, hex)))
        .isTrue();
  }

  @Test
  void ssh_and_minisign_ids_are_read_as_their_tools_print_them() throws Exception {
    Signer ssh = named(KeyId.Scheme.SSH, SSH);
    assertThat(selects("{ssh-fingerprint: \"%s\"}".formatted(SSH), ssh)).isTrue();
    assertThat(selects("{ssh-fingerprint: \"%s=\"}".formatted(SSH), ssh)).isTrue();
    Signer minisign = named(KeyId.Scheme.MINISIGN, "071418543D227848");
    assertThat(selects("{minisign-key-id: \"71418543d227848\"}", minisign)).isTrue();
    assertThat(selects("{minisign-key-id: \"071418543D227848\"}", minisign)).isTrue();
  }

  @Test
  void a_user_id_is_matched_as_a_whole_whether_the_key_vouches_for_it_or_not() throws Exception {
    Signer signer = pgp(List.of("k"), "First <a@acme.example>", "Acme <sign@acme.example>");
    assertThat(selects("{user-id: \"*<sign@acme.example>\"}", signer)).isTrue();
    assertThat(selects("{user-id: \"Acme <sign@acme.example>\"}", signer)).isTrue();
    assertThat(selects("{user-id: \"sign@acme.example\"}", signer)).isFalse();
    assertThat(selects("{subject: \"*<sign@acme.example>\"}", signer)).isFalse();
    assertThat(
            selects("{user-id: \"*<sign@acme.example>\"}", certificate("i", "sign@acme.example")))
        .isFalse();
  }

  @Test
  void a_distinguished_name_is_the_subjects_of_a_certificate() throws Exception {
    Signer signer = certificate("").withDn("CN=Acme TSA,O=Acme");
    assertThat(selects("{subject-dn: \"CN=Acme TSA,O=Acme\"}", signer)).isTrue();
    assertThat(selects("{subject-dn: \"*,O=Acme\"}", signer)).isTrue();
    assertThat(selects("{subject-dn: \"O=Acme\"}", signer)).isFalse();
    assertThat(selects("{subject-dn: \"?*\"}".replace("?", "re:(|x)"), certificate("")))
        .as("an empty name is none")
        .isFalse();
  }

  @Test
  void all_criteria_hold_for_the_same_signer() throws Exception {
    String both =
        "{user-id: \"*@acme.example>\", pgp-fingerprint: %s}".formatted(fingerprint("ours"));
    assertThat(selects(both, pgp(List.of("ours"), "A <a@acme.example>"))).isTrue();
    assertThat(
            selects(both, pgp(List.of("ours"), "x"), pgp(List.of("other"), "A <a@acme.example>")))
        .isFalse();
  }

  @Test
  void a_key_digest_is_that_of_any_key_of_an_openpgp_key() throws Exception {
    String identity = "{key-sha256: %s}".formatted(sha256("sub").toHex());
    assertThat(selects(identity, pgp(List.of("main", "sub")))).isTrue();
    assertThat(selects(identity, pgp(List.of("main")))).isFalse();
  }

  @Test
  void a_file_with_an_openpgp_key_selects_each_of_its_keys_in_entries_of_any_kind()
      throws Exception {
    PgpForge sub = PgpForge.key("EC");
    PgpForge ours = PgpForge.usual("Acme").subkey(sub);
    Files.write(folder.resolve("acme.asc"), ours.armored());
    Watches watches = load("{key-file: acme.asc}").value().orElseThrow();
    PgpForge thief = PgpForge.usual("Thief").subkey(sub);
    assertThat(selecting(watches, decoded(KindSamples.rpm(ours.armored())))).containsExactly("w");
    assertThat(selecting(watches, decoded(KindSamples.rekord("pgp", thief.armored()))))
        .as("a stolen subkey under another primary key")
        .containsExactly("w");
    String pem =
        dev.sigwarden.entry.x509.CertificateForge.pem("PUBLIC KEY", sub.jdkKey().getEncoded());
    assertThat(selecting(watches, decoded(KindSamples.alpine(pem))))
        .as("the same key without OpenPGP around it")
        .containsExactly("w");
    assertThat(selecting(watches, decoded(KindSamples.helm(PgpForge.usual("x").armored()))))
        .isEmpty();
  }

  @Test
  void files_of_minisign_ssh_and_tuf_select_their_key_in_entries() throws Exception {
    Files.writeString(
        folder.resolve("minisign.pub"),
        "untrusted comment: minisign public key\n" + KeySamples.MINISIGN + "\n");
    Files.writeString(folder.resolve("key-only.pub"), KeySamples.MINISIGN + "\n");
    Files.writeString(
        folder.resolve("id.pub"), KeySamples.sshLine("sk-ssh-ed25519@openssh.com") + " me\n");
    Files.writeString(folder.resolve("tuf.json"), TufSamples.HEX + "\n");
    byte[] minisign = KindSamples.rekord("minisign", KeySamples.MINISIGN.getBytes(US_ASCII));
    byte[] ssh = KindSamples.rekord("ssh", KeySamples.sshLine("ssh-ed25519").getBytes(US_ASCII));
    byte[] tuf =
        KindSamples.tuf(
            KindSamples.tufMetadata("{}", "a"),
            KindSamples.tufMetadata("{\"keys\":{\"a\":%s}}".formatted(TufSamples.PEM)));
    for (var file :
        Map.of("minisign.pub", minisign, "key-only.pub", minisign, "id.pub", ssh, "tuf.json", tuf)
            .entrySet()) {
      Watches watches = load("{key-file: %s}".formatted(file.getKey())).value().orElseThrow();
      assertThat(selecting(watches, decoded(file.getValue())))
          .as(file.getKey())
          .containsExactly("w");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {pgp-fingerprint: "0123456789abcdef"}   | pgp-fingerprint | too short to tell keys apart
          {pgp-fingerprint: "x"}                  | pgp-fingerprint | 40 or 64 hex digits
          {ssh-fingerprint: "MD5:00:11"}          | ssh-fingerprint | SHA256: and 43 characters
          {minisign-key-id: "0123456789abcdef0"}  | minisign-key-id | up to 16 hex digits
          {minisign-key-id: "xyz"}                | minisign-key-id | up to 16 hex digits
          {tuf-key-id: "a b"}                     | tuf-key-id      | without space
          {user-id: "*"}                          | user-id         | something narrower
          {subject-dn: "*"}                       | subject-dn      | something narrower
          {pgp-fingerprnt: "x"}                   | pgp-fingerprnt  | pgp-fingerprint
          """)
  void refuses_what_is_no_id(String identity, String key, String expected) throws Exception {
    assertThat(load(identity).problems())
        .extracting(Problem::toString)
        .anySatisfy(
            problem -> assertThat(problem).contains("watches.w.identities[0]." + key, expected));
  }

  @Test
  void warns_of_a_user_id_that_anyone_may_use_unless_a_key_is_asked_for() throws Exception {
    assertThat(warnings("{user-id: \"A <a@acme.example>\"}"))
        .singleElement()
        .asString()
        .contains("anyone may put it on a key of theirs");
    assertThat(
            warnings(
                "{user-id: \"A <a@acme.example>\", pgp-fingerprint: %s}"
                    .formatted(fingerprint("k"))))
        .isEmpty();
  }

  private List<String> warnings(String identity) throws Exception {
    return load(identity).value().orElseThrow().all().getFirst().warnings();
  }

  private static SigningEvent decoded(byte[] entry) {
    Decoded decoded = Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }
}
