package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PracticeEntriesTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private static final byte[] ARTIFACT = "artifact".getBytes(StandardCharsets.UTF_8);
  private static final String TYPE = "application/vnd.in-toto+json";

  private final PracticeSigner signer = new PracticeSigner(Clock.systemUTC(), new SecureRandom());
  private final PracticeCredential person =
      signer.certificate(PracticeIdentity.email("a@b.example", "https://issuer.example"));

  private static byte[] base64(JsonNode node) {
    return Base64.getDecoder().decode(node.asText());
  }

  private static byte[] sha256(byte[] data) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(data);
  }

  @Test
  void every_entry_is_canonical_json() throws Exception {
    for (byte[] entry :
        List.of(
            PracticeEntries.hashedRekord(person, ARTIFACT),
            PracticeEntries.dsse(person, TYPE, ARTIFACT),
            PracticeEntries.hashedRekordV1(person, ARTIFACT),
            PracticeEntries.dsseV1(person, TYPE, ARTIFACT))) {
      assertThat(JSON.writeValueAsBytes(JSON.readValue(entry, TreeMap.class))).isEqualTo(entry);
    }
  }

  @Test
  void a_hashedrekord_signs_the_artifact() throws Exception {
    JsonNode entry = JSON.readTree(PracticeEntries.hashedRekord(person, ARTIFACT));
    JsonNode record = entry.at("/spec/hashedRekordV002");

    assertThat(entry.get("kind").asText() + " " + entry.get("apiVersion").asText())
        .isEqualTo("hashedrekord 0.0.2");
    assertThat(base64(record.at("/data/digest"))).isEqualTo(sha256(ARTIFACT));
    assertThat(person.verifies(ARTIFACT, base64(record.at("/signature/content")))).isTrue();
    assertThat(base64(record.at("/signature/verifier/x509Certificate/rawBytes")))
        .isEqualTo(person.verifierDer());
  }

  @Test
  void a_raw_key_is_written_as_its_public_key() throws Exception {
    PracticeCredential key = signer.key(KeyKind.P384);
    JsonNode record =
        JSON.readTree(PracticeEntries.hashedRekord(key, ARTIFACT)).at("/spec/hashedRekordV002");

    assertThat(record.at("/data/algorithm").asText()).isEqualTo("SHA2_384");
    assertThat(record.at("/signature/verifier/keyDetails").asText())
        .isEqualTo("PKIX_ECDSA_P384_SHA_384");
    assertThat(base64(record.at("/signature/verifier/publicKey/rawBytes")))
        .isEqualTo(key.publicKey().getEncoded());
  }

  @Test
  void a_dsse_entry_signs_the_encoding_of_type_and_payload() throws Exception {
    JsonNode dsse =
        JSON.readTree(PracticeEntries.dsse(person, TYPE, ARTIFACT)).at("/spec/dsseV002");
    byte[] signed =
        "DSSEv1 28 application/vnd.in-toto+json 8 artifact".getBytes(StandardCharsets.UTF_8);

    assertThat(base64(dsse.at("/payloadHash/digest"))).isEqualTo(sha256(ARTIFACT));
    assertThat(person.verifies(signed, base64(dsse.at("/signatures/0/content")))).isTrue();
  }

  @Test
  void the_first_version_writes_hex_digests_and_pem() throws Exception {
    JsonNode record = JSON.readTree(PracticeEntries.hashedRekordV1(person, ARTIFACT)).get("spec");
    JsonNode dsse = JSON.readTree(PracticeEntries.dsseV1(person, TYPE, ARTIFACT)).get("spec");
    String digest = HexFormat.of().formatHex(sha256(ARTIFACT));

    assertThat(record.at("/data/hash/value").asText()).isEqualTo(digest);
    assertThat(record.at("/data/hash/algorithm").asText()).isEqualTo("sha256");
    assertThat(
            new String(base64(record.at("/signature/publicKey/content")), StandardCharsets.UTF_8))
        .isEqualTo(person.verifierPem());
    assertThat(person.verifies(ARTIFACT, base64(record.at("/signature/content")))).isTrue();
    assertThat(dsse.at("/payloadHash/value").asText()).isEqualTo(digest);
    assertThat(dsse.at("/envelopeHash/value").asText()).hasSize(64).isNotEqualTo(digest);
    assertThat(new String(base64(dsse.at("/signatures/0/verifier")), StandardCharsets.UTF_8))
        .isEqualTo(person.verifierPem());
  }

  @Test
  void bench_entries_differ_and_are_well_formed() throws Exception {
    BenchEntries bench = new BenchEntries(signer);
    Set<String> digests = new HashSet<>();
    Set<String> subjects = new HashSet<>();
    int raw = 0;
    long bytes = 0;
    for (int index = 0; index < 500; index++) {
      byte[] entry = bench.entry(index);
      bytes += entry.length;
      assertThat(bench.entry(index)).isEqualTo(entry);
      assertThat(JSON.writeValueAsBytes(JSON.readValue(entry, TreeMap.class))).isEqualTo(entry);
      JsonNode spec = JSON.readTree(entry).get("spec").iterator().next();
      digests.add(spec.findValue("digest").asText());
      JsonNode certificate = spec.findPath("x509Certificate").path("rawBytes");
      if (certificate.isMissingNode()) {
        raw++;
      } else {
        subjects.add(subject(base64(certificate)));
      }
    }
    assertThat(bytes / 500).isBetween(2_800L, 3_200L);
    assertThat(digests).hasSize(500);
    assertThat(raw).isEqualTo(25);
    assertThat(subjects)
        .hasSize(475)
        .contains(
            "https://github.com/bench-organisation-of-many-teams-1/application-delivery-platform-00000001"
                + "/.github/workflows/build-and-release-container-images.yml@refs/heads/main",
            "person-00000478@bench.example");
  }

  @Test
  void every_kind_of_entry_is_decoded_as_what_was_signed() throws Exception {
    String digest = "sha256:" + HexFormat.of().formatHex(sha256(ARTIFACT));
    for (byte[] entry :
        List.of(
            PracticeEntries.hashedRekord(person, ARTIFACT),
            PracticeEntries.dsse(person, TYPE, ARTIFACT),
            PracticeEntries.hashedRekordV1(person, ARTIFACT),
            PracticeEntries.dsseV1(person, TYPE, ARTIFACT))) {
      SigningEvent event = decode(entry);

      assertThat(event.artifacts().stream().map(artifact -> artifact.digest().toString()))
          .contains(digest);
      assertThat(subjects(event)).containsExactly("a@b.example");
    }
  }

  @Test
  void bench_entries_are_decoded_with_their_own_subjects() {
    BenchEntries bench = new BenchEntries(signer);

    assertThat(subjects(decode(bench.entry(18)))).containsExactly("person-00000018@bench.example");
    assertThat(subjects(decode(bench.entry(19)))).isEmpty();
    assertThat(decode(bench.entry(17)).kind()).isEqualTo("dsse");
  }

  private static SigningEvent decode(byte[] entry) {
    Decoded decoded = Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private static List<String> subjects(SigningEvent event) {
    return event.signers().getFirst() instanceof CertificateSigner certificate
        ? certificate.subjects().stream().map(SubjectName::value).toList()
        : List.of();
  }

  private static String subject(byte[] der) throws Exception {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    return (String) certificate.getSubjectAlternativeNames().iterator().next().get(1);
  }
}
