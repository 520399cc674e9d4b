package dev.sigwarden.entry.hashedrekord;

import static dev.sigwarden.entry.RekorSamples.DIGEST;
import static dev.sigwarden.entry.RekorSamples.certificate;
import static dev.sigwarden.entry.RekorSamples.certificateVerifier;
import static dev.sigwarden.entry.RekorSamples.hashedRekordV1;
import static dev.sigwarden.entry.RekorSamples.hashedRekordV2;
import static dev.sigwarden.entry.RekorSamples.keyVerifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.EntryDecoderContract;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.RekorSamples;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.x509.CertificateForge;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashedRekordDecoderTest extends EntryDecoderContract {
  private static final String V1 = new String(hashedRekordV1(keyPem()), UTF_8);
  private static final String V2 =
      new String(hashedRekordV2(keyVerifier(CertificateForge.KEY)), UTF_8);

  @Override
  protected EntryDecoder decoder() {
    return new HashedRekordDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(
        hashedRekordV2(certificateVerifier(certificate())),
        hashedRekordV2(keyVerifier(CertificateForge.KEY)),
        hashedRekordV1(CertificateForge.fulcio(RekorSamples.URI, RekorSamples.ISSUER).pem()),
        hashedRekordV1(keyPem()));
  }

  @Override
  protected List<byte[]> costly() {
    GeneralName[] names = new GeneralName[8_000];
    GeneralName[] directories = new GeneralName[4_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = new GeneralName(GeneralName.dNSName, "a");
    }
    for (int i = 0; i < directories.length; i++) {
      directories[i] = new GeneralName(new org.bouncycastle.asn1.x500.X500Name("CN=a"));
    }
    return List.of(
        hashedRekordV2(certificateVerifier(new CertificateForge().names(names).der())),
        hashedRekordV2(certificateVerifier(new CertificateForge().names(directories).der())),
        ("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)).getBytes(UTF_8),
        V2.replace("\"spec\":", "\"x\":\"" + "y".repeat(60_000) + "\",\"spec\":").getBytes(UTF_8));
  }

  @Test
  void takes_signer_and_digest_from_both_versions() {
    for (byte[] entry :
        List.of(
            hashedRekordV2(certificateVerifier(certificate())),
            hashedRekordV1(CertificateForge.pem("CERTIFICATE", certificate())))) {
      SigningEvent event = event(entry);
      assertThat(event.artifacts())
          .containsExactly(
              new ArtifactDigest(
                  Digest.of(Digest.Algorithm.SHA256, DIGEST), ArtifactDigest.Role.ARTIFACT));
      assertThat(event.signers())
          .singleElement()
          .isInstanceOfSatisfying(
              CertificateSigner.class,
              signer -> {
                assertThat(signer.subjects())
                    .containsExactly(new SubjectName(SubjectName.Kind.URI, RekorSamples.URI));
                assertThat(signer.issuer()).isEqualTo(RekorSamples.ISSUER);
                assertThat(signer.oddities()).isEmpty();
              });
    }
  }

  @Test
  void identifies_a_key_the_same_way_in_both_versions() {
    KeySigner v1 = (KeySigner) event(V1.getBytes(UTF_8)).signers().getFirst();
    KeySigner v2 = (KeySigner) event(V2.getBytes(UTF_8)).signers().getFirst();
    assertThat(v1.keySha256()).isEqualTo(v2.keySha256());
    assertThat(v1.keyType()).isEqualTo("EC P-256");
    assertThat(v2.keyType()).isEqualTo("PKIX_ECDSA_P256_SHA_256");
  }

  @Test
  void takes_the_first_certificate_of_a_chain_as_the_signer() {
    String chain =
        CertificateForge.pem("CERTIFICATE", certificate())
            + new CertificateForge()
                .names(new GeneralName(GeneralName.rfc822Name, "ca@example.com"))
                .pem();
    CertificateSigner signer =
        (CertificateSigner) event(hashedRekordV1(chain)).signers().getFirst();
    assertThat(signer.toDer()).isEqualTo(certificate());
  }

  @Test
  void reads_members_in_any_order_and_passes_over_unknown_ones() {
    String spec = V2.substring(V2.indexOf("\"spec\":"), V2.length() - 1);
    String shuffled =
        "{%s,\"more\":[{\"x\":[1,2]}],\"kind\":\"hashedrekord\",\"apiVersion\":\"0.0.2\"}"
            .formatted(spec);
    assertThat(event(shuffled.getBytes(UTF_8)).signers())
        .isEqualTo(event(V2.getBytes(UTF_8)).signers());
  }

  @Test
  void takes_the_sole_member_of_a_v2_spec_whatever_its_name() {
    assertThat(
            event(V2.replace("hashedRekordV002", "hashedRekordV0_0_2").getBytes(UTF_8)).signers())
        .isEqualTo(event(V2.getBytes(UTF_8)).signers());
  }

  @Test
  void reads_base64_with_escapes_like_without() {
    // A slash may be escaped in JSON, which the fast way does not read.
    String escaped = V2.replace("/", "\\/");
    assertThat(escaped).isNotEqualTo(V2);
    assertThat(event(escaped.getBytes(UTF_8)).signers())
        .isEqualTo(event(V2.getBytes(UTF_8)).signers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "apiVersion":"0.0.2"    | "apiVersion":"0.0.3"    | 0.0.3
          "apiVersion":"0.0.2",   | ''                      | version not given
          "kind":"hashedrekord"   | "kind":"dsse"           | kind dsse
          "kind":"hashedrekord",  | ''                      | kind not given
          "kind":"hashedrekord"   | "kind":7                | at /kind
          "kind":"hashedrekord"   | "kind":"a","kind":"b"   | Duplicate
          "spec"                  | "sp"                    | without spec
          "data"                  | "dat"                   | 0 digests
          "signature"             | "sig"                   | 0 signers
          "verifier"              | "ver"                   | without verifier
          "SHA2_256"              | "SHA1"                  | SHA1
          "SHA2_256"              | "SHA2_512"              | 32 bytes
          "digest":"              | "digest":"=             | not base64
          "publicKey"             | "none"                  | neither
          "publicKey":            | "x509Certificate":{"rawBytes":"MA=="},"publicKey": | both
          "rawBytes"              | "raw"                   | rawBytes
          "rawBytes":"MFkw        | "rawBytes":"MFkx        | public key
          "rawBytes":"MFkw        | "rawBytes":"MFow        | public key
          {"hashedRekordV002"     | {"x":{},"hashedRekordV002" | spec with more than one member
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(V2).contains(part);
    assertThat(reason(V2.replace(part, replacement))).contains(reason);
  }

  @Test
  void refuses_anything_after_the_object() {
    assertThat(reason(V2 + "{}")).contains("nothing after the object");
    assertThat(reason(V2 + "x")).contains("JSON");
    assertThat(reason(V2 + "\0")).contains("JSON");
    assertThat(event((V2 + " \n").getBytes(UTF_8)).signers()).hasSize(1);
  }

  @Test
  void refuses_other_encodings_of_json() {
    assertThat(reason(V2.getBytes(java.nio.charset.StandardCharsets.UTF_16LE))).contains("UTF-8");
    assertThat(reason(V2.getBytes(java.nio.charset.StandardCharsets.UTF_16BE))).contains("UTF-8");
    assertThat(reason(("\uFEFF" + V2).getBytes(UTF_8))).contains("UTF-8");
    assertThat(reason(new byte[0])).contains("0 bytes");
  }

  @Test
  void refuses_a_repeated_key_however_deep() {
    assertThat(reason(V2.replace("\"digest\":", "\"digest\":\"\",\"digest\":"))).contains("digest");
    assertThat(reason(V2.replace("\"spec\":", "\"x\":[{\"y\":1,\"z\":2,\"y\":3}],\"spec\":")))
        .contains("Duplicate");
  }

  @Test
  void names_what_is_wrong_with_the_certificate() {
    byte[] der = certificate();
    assertThat(reason(hashedRekordV2(certificateVerifier(java.util.Arrays.copyOf(der, 40)))))
        .contains("hashedrekord", "certificate of 40 bytes");
  }

  private static SigningEvent event(byte[] entry) {
    Decoded decoded = new HashedRekordDecoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private static String reason(String entry) {
    return reason(entry.getBytes(UTF_8));
  }

  private static String reason(byte[] entry) {
    Decoded decoded = new HashedRekordDecoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Undecodable.class);
    return ((Decoded.Undecodable) decoded).reason();
  }

  private static String keyPem() {
    return CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY);
  }
}
