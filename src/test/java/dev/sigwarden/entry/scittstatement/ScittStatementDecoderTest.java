package dev.sigwarden.entry.scittstatement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.CborWriter;
import dev.sigwarden.cose.CoseAlgorithm;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.EntryDecoderContract;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScittStatementDecoderTest extends EntryDecoderContract {
  private static final ScittForge FORGE = new ScittForge();
  private static final byte[] USUAL = FORGE.statement("acme/app", "release 1");

  @Override
  protected EntryDecoder decoder() {
    return new ScittStatementDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    byte[] receipt = FORGE.receipt(USUAL, new TxId(2, 5), new TxId(2, 6));
    return List.of(
        USUAL, ScittForge.transparent(USUAL, receipt), bare(), attestation("pkg:npm/app@1.4.2"));
  }

  /// A hash envelope of an issuer that brings no certificate.
  private static byte[] bare() {
    byte[] header =
        new CborWriter()
            .map(6)
            .integer(1)
            .integer(-7)
            .integer(4)
            .bytes("key".getBytes(UTF_8))
            .integer(15)
            .encoded(ScittForge.claims("https://acme.example", "acme/lib", 3))
            .integer(258)
            .integer(-16)
            .integer(259)
            .text("application/zip")
            .integer(260)
            .text("https://acme.example/lib.zip")
            .toBytes();
    return ScittForge.sign(header, new byte[32], CoseAlgorithm.ES256, FORGE.leafKey().getPrivate());
  }

  /// A statement that carries an in-toto statement on these subjects.
  private static byte[] attestation(String... subjects) {
    return FORGE.statement(
        "acme/app",
        """
        {"_type":"https://in-toto.io/Statement/v1","subject":[%s],\
        "predicateType":"https://slsa.dev/provenance/v1","predicate":{"name":7}}\
        """
            .formatted(
                Stream.of(subjects)
                    .map("{\"name\":\"%s\",\"digest\":{\"sha256\":\"00\"}}"::formatted)
                    .collect(Collectors.joining(","))));
  }

  @Override
  protected List<byte[]> costly() {
    CborWriter many = new CborWriter().map(2).integer(1).integer(-7).integer(999).array(9_900);
    CborWriter maps = new CborWriter().map(2).integer(1).integer(-7).integer(999).map(4_900);
    for (int i = 0; i < 9_900; i++) {
      many.array(0);
    }
    for (int i = 0; i < 4_900; i++) {
      maps.integer(i).integer(0);
    }
    return List.of(
        wrapped(many.toBytes()),
        wrapped(maps.toBytes()),
        wrapped(new byte[1 << 20]),
        attestation(Collections.nCopies(3_000, "a").toArray(String[]::new)));
  }

  @Test
  void tells_the_feed_and_security_version_as_the_artifact() {
    assertThat(event(bare()).claimed())
        .isEqualTo(new ClaimedArtifact(List.of("acme/lib"), 0, "3", "", "application/zip"));
  }

  @Test
  void tells_the_subjects_of_an_attestation_that_is_in_the_statement() {
    ClaimedArtifact one = event(attestation("pkg:npm/%40acme/app@1.4.2%2B7?arch=x")).claimed();
    assertThat(one.names()).containsExactly("pkg:npm/%40acme/app?arch=x");
    assertThat(one.version()).isEqualTo("1.4.2+7");
    assertThat(one.predicateType()).isEqualTo("https://slsa.dev/provenance/v1");
    ClaimedArtifact two = event(attestation("pkg:npm/a@1", "b.tar.gz")).claimed();
    assertThat(two.names()).containsExactly("pkg:npm/a@1", "b.tar.gz");
    assertThat(two.version()).isEmpty();
    ClaimedArtifact many =
        event(attestation(Collections.nCopies(23, "a").toArray(String[]::new))).claimed();
    assertThat(many.names()).hasSize(20);
    assertThat(many.moreNames()).isEqualTo(3);
  }

  private static byte[] wrapped(byte[] header) {
    return new CborWriter()
        .tag(18)
        .array(4)
        .bytes(header)
        .map(0)
        .bytes(new byte[1])
        .bytes(new byte[64])
        .toBytes();
  }

  private static SigningEvent event(byte[] entry) {
    Decoded decoded = new ScittStatementDecoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private static StatementSigner signer(byte[] entry) {
    return (StatementSigner) event(entry).signers().getFirst();
  }

  @Test
  void names_who_issued_what_with_the_certificate() {
    StatementSigner signer = signer(USUAL);

    assertThat(signer.issuer()).isEqualTo(FORGE.did());
    assertThat(signer.issuerParts())
        .containsExactly(
            FORGE.did().substring(0, FORGE.did().indexOf("::")), "eku:" + ScittForge.EKU);
    assertThat(signer.feed()).isEqualTo("acme/app");
    assertThat(signer.svn()).hasValue(7);
    assertThat(signer.issuedAt()).contains(ScittForge.NOW);
    assertThat(signer.contentType()).isEqualTo("text/plain");
    assertThat(signer.algorithm()).isEqualTo("ES256");
    assertThat(signer.keyUsages()).containsExactly(ScittForge.EKU);
    assertThat(signer.certificate().orElseThrow().subjectDn()).contains("CN=Signer");
    assertThat(signer.keySha256()).isEqualTo(signer.certificate().orElseThrow().keySha256());
    assertThat(signer.oddities()).isEmpty();
    byte[] payload = "release 1".getBytes(UTF_8);
    assertThat(event(USUAL).artifacts())
        .contains(new ArtifactDigest(Digest.sha256(payload, 0, payload.length), Role.PAYLOAD))
        .hasSize(2);
  }

  @Test
  void hash_envelope_names_the_artifact_itself() {
    StatementSigner signer = signer(bare());

    assertThat(event(bare()).artifacts())
        .contains(
            new ArtifactDigest(Digest.of(Digest.Algorithm.SHA256, new byte[32]), Role.ARTIFACT));
    assertThat(signer.contentType()).isEqualTo("application/zip");
    assertThat(signer.location()).isEqualTo("https://acme.example/lib.zip");
    assertThat(signer.certificate()).isEmpty();
    assertThat(signer.keyUsages()).isEmpty();
    assertThat(signer.keySha256()).isEqualTo(Digest.sha256("key".getBytes(UTF_8), 0, 3));
  }

  @Test
  void receipts_change_nothing_of_what_is_said() {
    byte[] receipt = FORGE.receipt(USUAL, new TxId(2, 5), new TxId(2, 6));

    assertThat(event(ScittForge.transparent(USUAL, receipt)).artifacts())
        .isEqualTo(event(USUAL).artifacts());
  }

  @Test
  void certificate_in_which_a_name_could_hide_is_refused() {
    byte[] header =
        new CborWriter()
            .map(2)
            .integer(1)
            .integer(-7)
            .integer(33)
            .bytes(new byte[] {0x30, 0x01})
            .toBytes();

    assertThat(new ScittStatementDecoder().decode(EntryBytes.of(wrapped(header))))
        .isInstanceOfSatisfying(
            Decoded.Undecodable.class,
            undecodable -> assertThat(undecodable.reason()).contains("certificate"));
  }

  @Test
  void is_reached_through_the_format() {
    assertThat(Decoders.found().forFormat("scittstatement").decode(EntryBytes.of(USUAL)))
        .isInstanceOf(Decoded.Event.class);
  }
}
