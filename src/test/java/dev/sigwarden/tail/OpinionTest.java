package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a watch says once certificates were checked.
class OpinionTest {
  private static final String SUBJECT = "https://github.com/acme/app";
  private static final String ISSUER = "https://token.example";
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
  private static final CertificateTrust GOOD = new CertificateTrust.Verified("CN=ca", "ct");
  private static final CertificateTrust FORGED = new CertificateTrust.UnverifiedClaim("forged");
  private static final CertificateTrust UNKNOWN = new CertificateTrust.NotChecked("no root");

  @TempDir private Path folder;

  private final Map<CertificateSigner, CertificateTrust> worth = new HashMap<>();
  private int serial;

  private Signer signer(CertificateTrust trust) {
    try {
      CertificateSigner signer =
          Certificates.read(
              CertificateForge.fulcio(SUBJECT, ISSUER).serial(new ASN1Integer(++serial)).der());
      worth.put(signer, trust);
      return signer;
    } catch (MalformedSignerException e) {
      throw new AssertionError(e);
    }
  }

  private Opinion opinion(String identity, String expect, String artifact, Signer... signers)
      throws IOException {
    Digest listed = digest("listed");
    Files.writeString(folder.resolve("allow.txt"), listed + " listed\n");
    String yaml =
        "allowlists: {list: {file: allow.txt}}\nwatches:\n  acme: {identities: [%s]%s}\n"
            .formatted(identity, expect);
    SettingsFile.Loaded<Watches> loaded =
        SettingsFile.read(
            yaml.getBytes(StandardCharsets.UTF_8),
            "test.yaml",
            folder,
            root -> {
              Allowlists lists = Allowlists.read(root);
              return Watches.of(
                  List.copyOf(root.sections("watches", "", it -> Watch.read(it, lists)).values()),
                  lists);
            },
            Map.of());
    Watches watches = loaded.value().orElseThrow(() -> new AssertionError(loaded.problems()));
    SigningEvent event =
        new SigningEvent(
            "hashedrekord",
            "0.0.2",
            List.of(signers),
            List.of(new ArtifactDigest(digest(artifact), ArtifactDigest.Role.ARTIFACT)),
            EntryBytes.of("{\"words\":\"stolen words\"}".getBytes(StandardCharsets.UTF_8)));
    return Opinion.of(
        watches,
        it -> worth.getOrDefault(it, UNKNOWN),
        watches.select(event).getFirst(),
        event,
        NOW,
        NOW);
  }

  private static Digest digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Digest.sha256(bytes, 0, bytes.length);
  }

  private Opinion byName(String expect, String artifact, Signer... signers) throws IOException {
    return opinion(
        "{subject: \"%s\", issuer: \"%s\"}".formatted(SUBJECT, ISSUER), expect, artifact, signers);
  }

  @Test
  void claim_is_unexpected_at_once_whatever_is_expected() throws IOException {
    for (String expect : List.of("", ", expect: {allowlists: [list], grace: 1h}")) {
      for (String artifact : List.of("listed", "other")) {
        Opinion opinion = byName(expect, artifact, signer(FORGED));
        assertThat(opinion.isClaim()).isTrue();
        assertThat(opinion.verdict())
            .isEqualTo(new Verdict.Unexpected("nobody vouches for the certificate: forged"));
      }
    }
  }

  @Test
  void verified_signature_is_judged_as_before() throws IOException {
    String expect = ", expect: {allowlists: [list], grace: 1h}";
    assertThat(byName(expect, "listed", signer(GOOD)).verdict())
        .isInstanceOf(Verdict.Expected.class);
    assertThat(byName(expect, "other", signer(GOOD)).verdict()).isInstanceOf(Verdict.Pending.class);
    Opinion reported = byName("", "other", signer(GOOD));
    assertThat(reported.verdict()).isInstanceOf(Verdict.Unexpected.class);
    assertThat(reported.isClaim()).isFalse();
    assertThat(reported.trust()).isEqualTo(GOOD);
  }

  @Test
  void forged_signer_beside_a_verified_one_neither_hides_nor_lowers_it() throws IOException {
    Signer good = signer(GOOD);
    String expect = ", expect: {allowlists: [list], grace: 1h}";

    Opinion theft = byName("", "other", signer(FORGED), good);
    assertThat(theft.trust()).isEqualTo(GOOD);
    assertThat(theft.hit().signer()).contains(good);
    assertThat(byName(expect, "other", signer(FORGED), good).verdict())
        .isInstanceOf(Verdict.Pending.class);
    // The verified one was expected: the forged one is what is left to tell.
    assertThat(byName(expect, "listed", signer(FORGED), good).isClaim()).isTrue();
  }

  @Test
  void certificate_that_was_not_checked_is_judged_as_a_signature() throws IOException {
    Opinion opinion = byName("", "other", signer(FORGED), signer(UNKNOWN));

    assertThat(opinion.trust()).isEqualTo(UNKNOWN);
    assertThat(opinion.isClaim()).isFalse();
  }

  @Test
  void what_a_key_or_fingerprint_or_text_selects_is_no_claim() throws IOException {
    CertificateSigner forged = (CertificateSigner) signer(FORGED);

    for (String identity :
        List.of(
            "{key-sha256: \"%s\"}".formatted(forged.keySha256().toHex()),
            "{certificate-sha256: \"%s\"}".formatted(forged.certificateSha256().toHex()),
            "{text: \"*stolen words*\"}",
            "{subject: \"%s\"}, {text: \"*stolen words*\"}".formatted(SUBJECT),
            "{subject: \"%s\"}, {key-sha256: \"%s\"}"
                .formatted(SUBJECT, forged.keySha256().toHex()))) {
      Opinion opinion = opinion(identity, "", "other", forged);
      assertThat(opinion.isClaim()).as(identity).isFalse();
      assertThat(opinion.verdict()).isInstanceOf(Verdict.Unexpected.class);
    }
  }
}
