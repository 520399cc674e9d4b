package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.entry.PgpSigner.PgpUserId;
import dev.sigwarden.entry.PgpSigner.Proof;
import dev.sigwarden.entry.x509.FulcioExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Single entries of public logs, and keys that other projects test with, decode to the signers
/// that other tools name: `gpg --show-keys`, `ssh-keygen -l`, `minisign`, `openssl`.
class RealKindsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EntryDecoder decoder = Decoders.found().forFormat("rekor");

  @Test
  void the_signer_of_a_jar_is_the_one_inside_its_block() throws Exception {
    SigningEvent event = event(body("sigstore-java/rekor-response/valid/jar-entry.json"));
    CertificateSigner signer = certificate(event);
    assertThat(signer.subjects())
        .containsExactly(new SubjectName(SubjectName.Kind.EMAIL, "appu@google.com"));
    assertThat(signer.issuerDn()).isEqualTo("CN=sigstore-intermediate,O=sigstore.dev");
    assertThat(event.artifacts().getFirst().digest().toHex())
        .isEqualTo("1124ca085d897e8c05b9d2245946e9237c7fd87ad0e9da29e6262c5c3731f958");
  }

  @Test
  void a_rekord_in_ssh_form_names_its_fingerprint() throws Exception {
    byte[] body = body("rekor-v1/live/entry-1236200-rekord-ssh.json");
    KeySigner signer = (KeySigner) event(body).signers().getFirst();
    String line =
        new String(
            Base64.getDecoder()
                .decode(JSON.readTree(body).at("/spec/signature/publicKey/content").asText()),
            StandardCharsets.UTF_8);
    byte[] blob = Base64.getDecoder().decode(line.split(" ")[1].strip());
    assertThat(signer.keyIds())
        .containsExactly(
            new KeyId(
                KeyId.Scheme.SSH,
                "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256(blob))));
    assertThat(signer.keyType()).isEqualTo(line.split(" ")[0]);
  }

  @Test
  void packages_and_metadata_are_named_as_they_name_themselves() throws Exception {
    assertThat(synthetic("rpm-0.0.1").claimed())
        .isEqualTo(ClaimedArtifact.named("example", "1.0-1"));
    assertThat(synthetic("alpine-0.0.1").claimed())
        .isEqualTo(ClaimedArtifact.named("example", "1.0-r0"));
    assertThat(synthetic("helm-0.0.1").claimed()).isEqualTo(ClaimedArtifact.NONE);
    assertThat(synthetic("tuf-0.0.1").claimed().names()).containsExactly("timestamp");
  }

  @Test
  void a_rekord_in_x509_form_names_its_key() throws Exception {
    Signer signer =
        event(body("rekor-v1/live/inclusion-3056587-rekord-x509.json")).signers().getFirst();
    assertThat(signer).isNotInstanceOf(PgpSigner.class);
    assertThat(signer.keySha256().toHex()).hasSize(64);
  }

  @Test
  void an_other_name_is_the_user_of_its_issuer() throws Exception {
    CertificateSigner signer =
        certificate(event(body("sigstore-go/bundles/othername.sigstore.json")));
    assertThat(signer.subjects())
        .hasSize(1)
        .allSatisfy(name -> {
          assertThat(name.kind()).isEqualTo(SubjectName.Kind.OTHER);
          assertThat(name.value()).contains("!");
        });
    assertThat(signer.issuer()).isNotEmpty();
  }

  @Test
  void an_address_is_claimed_with_its_issuer() throws Exception {
    CertificateSigner signer = certificate(event(body("rekor-v1/live/entry-3078143996.json")));
    assertThat(signer.subjects())
        .hasSize(1)
        .allSatisfy(name -> assertThat(name.kind()).isEqualTo(SubjectName.Kind.EMAIL));
    assertThat(signer.extensions())
        .containsKeys(
            FulcioExtension.ISSUER_V1.oid(),
            FulcioExtension.ISSUER_V2.oid(),
            "1.3.6.1.4.1.57264.1.24");
  }

  @Test
  void a_workflow_is_named_with_every_claim_of_its_certificate() throws Exception {
    CertificateSigner signer =
        certificate(event(body("sigstore-go/bundles/sigstore.js@2.0.0-provenance.sigstore.json")));
    assertThat(signer.subjects())
        .hasSize(1)
        .allSatisfy(name -> {
          assertThat(name.kind()).isEqualTo(SubjectName.Kind.URI);
          assertThat(name.value()).startsWith("https://github.com/").contains("/workflows/");
        });
    assertThat(signer.issuer()).isEqualTo("https://token.actions.githubusercontent.com");
    assertThat(signer.extensions().keySet())
        .contains(
            IntStream.of(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
                .mapToObj(arc -> "1.3.6.1.4.1.57264.1." + arc)
                .toArray(String[]::new));
  }

  @Test
  void an_openpgp_key_is_named_as_gpg_names_it() throws Exception {
    PgpSigner signer = (PgpSigner) synthetic("rekord-0.0.1-pgp").signers().getFirst();
    assertThat(signer.keyIds())
        .extracting(KeyId::value)
        .containsExactly(
            "7200945c6efc69d8fa84650926b7c1a09d38a47a", "3a4b76620d640cd72fc697c991fd1bbc82ba4759");
    assertThat(signer.checkedUserIds())
        .containsExactly(new PgpUserId("Luke Hinds <lhinds@protonmail.com>", Proof.SELF_SIGNED));
    assertThat(signer.keys().getFirst().keyType()).isEqualTo("RSA 3072");
  }

  @Test
  void several_openpgp_keys_in_one_block_are_several_signers() throws Exception {
    byte[] block =
        Files.readAllBytes(Vectors.dir("rekor").resolve("pki/pgp/valid_binary_complex_public.pgp"));
    List<Signer> signers = event(KindSamples.rekord("pgp", block)).signers();
    assertThat(signers).hasSize(2);
    assertThat(signers.get(0).keyIds())
        .extracting(KeyId::value)
        .containsExactly(
            "4cca1eaf950cee4ab83976dca040830f7fac5991", "9534c9c4130b4dc9927992bf4f30b6b4c07cb649");
    assertThat(((PgpSigner) signers.get(0)).keys())
        .extracting(PgpSigner.PgpKey::keyType)
        .containsExactly("DSA", "OpenPGP algorithm 16");
    assertThat(((PgpSigner) signers.get(0)).checkedUserIds())
        .extracting(PgpUserId::proof)
        .containsExactly(Proof.SELF_SIGNED);
    assertThat(signers.get(1).keyIds())
        .extracting(KeyId::value)
        .contains(
            "eb4c1bfd4f042f6dddccec917721f63bd38b4796", "2f528d36d67b69edf998d85778bd65473cb3bd13");
    assertThat(((PgpSigner) signers.get(1)).checkedUserIds())
        .extracting(PgpUserId::proof)
        .containsExactly(Proof.SELF_SIGNED);
  }

  @Test
  void packages_and_charts_name_the_openpgp_key() throws Exception {
    assertThat(synthetic("rpm-0.0.1").signers().getFirst().keyIds())
        .extracting(KeyId::value)
        .containsExactly(
            "e483a3b010f05ca003d849686b5c00fd2745ac5c", "65470bc099998a56b6037519401870431531a269");
    PgpSigner helm = (PgpSigner) synthetic("helm-0.0.1").signers().getFirst();
    assertThat(helm.keyIds())
        .extracting(KeyId::value)
        .containsExactly(
            "8d68fd63f52dcf7eaa72565bc3c828afb6681c17", "db487c3701a6323b9f82cea146edec9576d374ca");
    assertThat(helm.checkedUserIds())
        .containsExactly(new PgpUserId("not@real.com", Proof.SELF_SIGNED));
  }

  @Test
  void a_minisign_key_has_the_number_that_minisign_prints() throws Exception {
    assertThat(synthetic("rekord-0.0.1-minisign").signers().getFirst().keyIds())
        .containsExactly(new KeyId(KeyId.Scheme.MINISIGN, "9D92931126AE543F"));
  }

  @Test
  void the_same_key_is_the_same_signer_in_x509_and_other_forms() throws Exception {
    Signer x509 = synthetic("rekord-0.0.1-x509").signers().getFirst();
    assertThat(synthetic("intoto-0.0.1").signers().getFirst().keySha256())
        .isEqualTo(x509.keySha256());
    assertThat(synthetic("alpine-0.0.1").signers()).hasSize(1);
    assertThat(synthetic("cose-0.0.1").signers()).hasSize(1);
  }

  @Test
  void an_authority_of_time_stamps_is_the_signer() throws Exception {
    SigningEvent event = synthetic("rfc3161-0.0.1");
    assertThat(certificate(event).subjectDn()).contains("O=Rekor Test");
    assertThat(event.artifacts())
        .extracting(ArtifactDigest::role)
        .containsExactly(ArtifactDigest.Role.ARTIFACT, ArtifactDigest.Role.ENVELOPE);
    assertThat(event.artifacts().getFirst().digest().toHex()).startsWith("1fbc02de3d979c27aff8");
  }

  @Test
  void tuf_metadata_is_signed_by_keys_of_its_root() throws Exception {
    SigningEvent event = synthetic("tuf-0.0.1");
    JsonNode metadata =
        JSON.readTree(
            Base64.getDecoder()
                .decode(
                    JSON.readTree(syntheticBody("tuf-0.0.1"))
                        .at("/spec/metadata/content")
                        .asText()));
    List<String> named = metadata.findValuesAsText("keyid");
    assertThat(event.signers().stream().map(one -> one.keyIds().getFirst().value()))
        .isNotEmpty()
        .isSubsetOf(named);
    assertThat(event.signers())
        .allSatisfy(one -> assertThat(((KeySigner) one).keyType()).isEqualTo("EC P-256"));
  }

  private SigningEvent synthetic(String name) throws IOException {
    return event(syntheticBody(name));
  }

  private static byte[] syntheticBody(String name) throws IOException {
    return Files.readAllBytes(
        Vectors.dir("rekor").resolve("rekor-v1/synthetic-bodies/" + name + ".json"));
  }

  private SigningEvent event(byte[] body) {
    Decoded decoded = decoder.decode(EntryBytes.of(body));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private static CertificateSigner certificate(SigningEvent event) {
    assertThat(event.signers()).hasSize(1);
    return (CertificateSigner) event.signers().getFirst();
  }

  /// The first entry's body in a file.
  private static byte[] body(String file) throws IOException {
    Path path = Vectors.dir("rekor").resolve(file);
    JsonNode tree = JSON.readTree(path.toFile());
    for (String name : List.of("canonicalizedBody", "body")) {
      JsonNode found = tree.findValue(name);
      if (found != null) {
        return Base64.getDecoder().decode(found.asText());
      }
    }
    throw new AssertionError("no entry in " + file);
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
