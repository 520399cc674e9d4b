package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RekorTilesFixtureTest {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/rekor-tiles");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private PlainReader reader;

  @BeforeEach
  void read_the_key() throws Exception {
    VerifierKey key = VerifierKey.parse(Files.readString(FIXTURE.resolve("vkey")).strip());
    reader = new PlainReader(path -> Files.readAllBytes(FIXTURE.resolve(path)), key);
  }

  @Test
  void every_checkpoint_is_signed_and_is_the_root_of_its_bundles_and_tiles() throws Exception {
    for (int size : RekorSubmitter.STAGES) {
      TreeHead head = reader.head("checkpoint." + size);

      assertThat(head.size()).isEqualTo(size);
      assertThat(reader.fromBundles(size)).isEqualTo(head);
      assertThat(reader.fromTiles(size)).isEqualTo(head);
      assertThat(reader.tilesAgree(size)).isTrue();
    }
    assertThat(reader.head()).isEqualTo(reader.head("checkpoint.300"));
  }

  @Test
  void every_checkpoint_is_a_prefix_of_every_later_one() throws Exception {
    List<byte[]> entries = reader.entries(300);
    for (int older : RekorSubmitter.STAGES) {
      for (int newer : RekorSubmitter.STAGES.stream().filter(size -> size >= older).toList()) {
        ConsistencyProof proof =
            Proofs.consistency(older, newer, (level, index) -> node(entries, level, index));

        assertThat(
                proof.holds(reader.head("checkpoint." + older), reader.head("checkpoint." + newer)))
            .isTrue();
      }
    }
  }

  private static Hash node(List<byte[]> entries, int level, long index) {
    CompactRange range = CompactRange.empty();
    for (long leaf = index << level; leaf < (index + 1) << level; leaf++) {
      byte[] entry = entries.get((int) leaf);
      range.appendLeaf(entry, 0, entry.length);
    }
    return range.root();
  }

  @Test
  void the_manifest_says_what_each_entry_holds() throws Exception {
    JsonNode manifest = JSON.readTree(FIXTURE.resolve("manifest.json").toFile());
    List<byte[]> entries = reader.entries(300);

    assertThat(manifest).hasSize(entries.size());
    for (int index = 0; index < entries.size(); index++) {
      JsonNode record = JSON.readTree(entries.get(index)).at("/spec/hashedRekordV002");
      JsonNode line = manifest.get(index);

      assertThat(line.get("index").asInt()).isEqualTo(index);
      assertThat(decode(record.at("/data/digest"))).isEqualTo(line.get("digest").asText());
      assertThat(record.at("/signature/verifier/keyDetails")).isEqualTo(line.get("keyDetails"));
      byte[] certificate = Base64.getDecoder().decode(raw(record, "x509Certificate"));
      byte[] key = Base64.getDecoder().decode(raw(record, "publicKey"));
      if (line.has("subject")) {
        X509Certificate parsed =
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate));
        key = parsed.getPublicKey().getEncoded();
        assertThat(new String(certificate, StandardCharsets.ISO_8859_1))
            .contains(line.get("subject").asText(), line.get("issuer").asText());
      }
      assertThat(Hash.ofData(key).toHex()).isEqualTo(line.get("keySha256").asText());
    }
  }

  @Test
  void every_entry_is_decoded_as_the_manifest_says() throws Exception {
    EntryDecoder decoder = Decoders.found().forFormat("rekor");
    List<byte[]> entries = reader.entries(300);
    for (JsonNode line : JSON.readTree(FIXTURE.resolve("manifest.json").toFile())) {
      byte[] entry = entries.get(line.get("index").asInt());

      assertThat(decoder.decode(EntryBytes.of(entry)))
          .isInstanceOfSatisfying(
              Decoded.Event.class,
              decoded -> assertThat(manifestOf(decoded.event())).isEqualTo(manifestOf(line)));
    }
  }

  private static List<String> manifestOf(SigningEvent event) {
    Signer signer = event.signers().getFirst();
    Digest artifact = event.artifacts().getFirst().digest();
    List<String> values = new ArrayList<>(List.of(artifact.toString(), signer.keySha256().toHex()));
    switch (signer) {
      case CertificateSigner certificate -> {
        values.add(certificate.issuer());
        certificate.subjects().forEach(subject -> values.add(subject.value()));
        assertThat(certificate.oddities()).isEmpty();
      }
      case KeySigner key -> values.add(key.keyType());
      case PgpSigner pgp -> values.addAll(pgp.userIds());
      case StatementSigner statement -> values.add(statement.issuer());
    }
    return values;
  }

  private static List<String> manifestOf(JsonNode line) {
    List<String> values =
        new ArrayList<>(
            List.of(
                line.get("digestAlgorithm").asText() + ":" + line.get("digest").asText(),
                line.get("keySha256").asText()));
    if (line.has("subject")) {
      values.add(line.get("issuer").asText());
      values.add(line.get("subject").asText());
    } else {
      values.add(line.get("keyDetails").asText());
    }
    return values;
  }

  private static String raw(JsonNode record, String kind) {
    return record.at("/signature/verifier/" + kind + "/rawBytes").asText();
  }

  private static String decode(JsonNode base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64.asText()));
  }

  @Test
  void practice_entries_are_written_as_the_real_server_writes_them() throws Exception {
    TreeSet<String> real = new TreeSet<>();
    for (byte[] entry : reader.entries(300)) {
      // Sorted keys, no spaces: the bytes come out again.
      assertThat(JSON.writeValueAsBytes(JSON.readValue(entry, TreeMap.class))).isEqualTo(entry);
      real.add(shape(JSON.readTree(entry)));
    }

    PracticeSigner signer = new PracticeSigner(Clock.systemUTC(), new SecureRandom());
    TreeSet<String> practice = new TreeSet<>();
    PracticeIdentity identity = PracticeIdentity.email("a@b.example", "https://issuer.example");
    practice.add(
        shape(
            JSON.readTree(PracticeEntries.hashedRekord(signer.certificate(identity), artifact()))));
    for (KeyKind kind : KeyKind.values()) {
      practice.add(
          shape(JSON.readTree(PracticeEntries.hashedRekord(signer.key(kind), artifact()))));
    }

    assertThat(practice).isEqualTo(real);
  }

  private static byte[] artifact() {
    return "artifact".getBytes(StandardCharsets.UTF_8);
  }

  /// The keys in order, with the values that are words and not data.
  private static String shape(JsonNode node) {
    if (!node.isObject()) {
      return node.asText().length() <= 32 ? node.asText() : "data";
    }
    List<String> fields = new ArrayList<>();
    node.properties().forEach(field -> fields.add(field.getKey() + ":" + shape(field.getValue())));
    return fields.toString();
  }
}
