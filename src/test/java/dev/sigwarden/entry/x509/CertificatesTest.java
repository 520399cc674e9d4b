package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.x509.CertificateForge.FULCIO;
import static dev.sigwarden.entry.x509.CertificateForge.SUBJECT_ALT_NAME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.SubjectName;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  private static final String URI =
      "https://github.com/acme/app/.github/workflows/r.yml@refs/tags/1";
  private static final String ISSUER = "https://token.actions.githubusercontent.com";

  @Test
  void reads_what_the_jdk_reads() throws Exception {
    byte[] der =
        CertificateForge.fulcio(URI, ISSUER)
            .subject(new X500Name("CN=a\\, b+OU=x,O= leading,C=DE"))
            .der();
    CertificateSigner ours = Certificates.read(der);
    X509Certificate theirs =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    assertThat(ours.subjectDn()).isEqualTo(theirs.getSubjectX500Principal().getName("RFC2253"));
    assertThat(ours.issuerDn()).isEqualTo(theirs.getIssuerX500Principal().getName("RFC2253"));
    assertThat(new BigInteger(ours.serial(), 16)).isEqualTo(theirs.getSerialNumber());
    assertThat(ours.notBefore()).isEqualTo(theirs.getNotBefore().toInstant());
    assertThat(ours.notAfter()).isEqualTo(theirs.getNotAfter().toInstant());
    assertThat(ours.extensions()).hasSize(16).containsEntry(FULCIO + 11, "github-hosted");
    assertThat(ours.oddities()).isEmpty();
  }

  @Test
  void prefers_the_newer_issuer_and_says_when_they_differ() throws Exception {
    CertificateSigner both =
        read(
            new CertificateForge()
                .raw(FULCIO + 1, "https://a".getBytes(UTF_8))
                .utf8(FULCIO + 8, "https://b"));
    assertThat(both.issuer()).isEqualTo("https://b");
    assertThat(both.oddities())
        .singleElement()
        .asString()
        .contains("1.8 says https://b", "1.1 says https://a");
    assertThat(read(new CertificateForge().raw(FULCIO + 1, "https://a".getBytes(UTF_8))).issuer())
        .isEqualTo("https://a");
    assertThat(read(new CertificateForge().utf8(FULCIO + 8, "https://b")).issuer())
        .isEqualTo("https://b");
    assertThat(read(new CertificateForge()).issuer()).isEmpty();
  }

  @Test
  void reads_extension_values_of_the_wrong_form_as_far_as_they_go() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .raw(FULCIO + 8, "https://raw".getBytes(UTF_8))
                .raw(FULCIO + 11, CertificateForge.der(new DERPrintableString("self-hosted")))
                .raw(FULCIO + 12, CertificateForge.der(new ASN1Integer(7)))
                .utf8(FULCIO + 99, "later")
                .raw(FULCIO + 100, new byte[] {1, 2, 3})
                .utf8(FULCIO + "8.1", "below")
                .utf8(FULCIO + "300", "two bytes"));
    assertThat(signer.issuer()).isEqualTo("https://raw");
    assertThat(signer.extensions())
        .containsEntry(FULCIO + 11, "self-hosted")
        .containsEntry(FULCIO + 12, "\u0002\u0001\u0007")
        .containsEntry(FULCIO + 99, "later")
        .containsEntry(FULCIO + 100, "#010203")
        .containsEntry(FULCIO + "8.1", "below")
        .containsEntry(FULCIO + "300", "two bytes")
        .hasSize(7);
    assertThat(signer.oddities())
        .containsExactly(
            "issuer-v2 is no DER string; read as raw text",
            "runner-environment is a string with tag 0x13 (expected: 0x0c, UTF8String)",
            "source-repository-uri is no DER string; read as raw text");
  }

  @Test
  void refuses_extensions_that_contradict_each_other() throws Exception {
    assertThatThrownBy(() ->
            read(
                new CertificateForge().utf8(FULCIO + 8, "https://a").utf8(FULCIO + 8, "https://b")))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining("two extensions " + FULCIO + "8 with different values");
    assertThat(
            read(new CertificateForge().utf8(FULCIO + 8, "https://a").utf8(FULCIO + 8, "https://a"))
                .oddities())
        .containsExactly("the extension " + FULCIO + "8 is repeated");
  }

  @Test
  void refuses_more_fulcio_extensions_than_anybody_needs() {
    CertificateForge forge = new CertificateForge();
    for (int i = 0; i < 65; i++) {
      forge.utf8(FULCIO + (200 + i), "x");
    }
    assertThatThrownBy(() -> read(forge)).hasMessageContaining("more than 64");
  }

  @Test
  void refuses_what_a_name_could_hide_behind() {
    byte[] names = sequence(context(1, "a@x".getBytes(UTF_8)));
    byte[] twoLists = Arrays.copyOf(names, names.length * 2);
    System.arraycopy(names, 0, twoLists, names.length, names.length);
    byte[] broken = names.clone();
    broken[3] = 0x30;
    byte[] indefinite = {0x30, (byte) 0x80, (byte) 0x81, 1, 'a', 0, 0};
    byte[] longForm = {0x30, (byte) 0x81, 3, (byte) 0x81, 1, 'a'};
    for (byte[] value :
        List.of(twoLists, broken, indefinite, longForm, new byte[0], new byte[] {4, 0})) {
      assertThatThrownBy(() -> read(new CertificateForge().raw(SUBJECT_ALT_NAME, value)))
          .as(Arrays.toString(value))
          .isInstanceOf(MalformedSignerException.class);
    }
    assertThatThrownBy(() ->
            read(
                new CertificateForge()
                    .element(
                        new DERSequence(
                            new ASN1Encodable[] {
                              new ASN1ObjectIdentifier(SUBJECT_ALT_NAME), new DERSequence()
                            }))))
        .hasMessageContaining("not an identifier and an OCTET STRING");
    assertThatThrownBy(() -> read(new CertificateForge().element(new DEROctetString(names))))
        .hasMessageContaining("an extension with tag 0x04");
  }

  @Test
  void does_not_look_into_extensions_that_say_nothing_of_the_signer() throws Exception {
    assertThat(read(new CertificateForge().raw("2.5.29.19", new byte[] {1})).oddities()).isEmpty();
  }

  @Test
  void shows_negative_empty_and_long_serial_numbers() throws Exception {
    CertificateSigner negative = read(new CertificateForge().serial(new ASN1Integer(-300)));
    assertThat(negative.serial()).isEqualTo("-012c");
    assertThat(negative.oddities()).singleElement().asString().contains("serial");
    assertThat(read(new CertificateForge().serial(new ASN1Integer(0))).serial()).isEqualTo("00");
    CertificateSigner huge =
        read(new CertificateForge().serial(new ASN1Integer(BigInteger.ONE.shiftLeft(100_000))));
    assertThat(huge.serial()).startsWith("0100").hasSize(25_002);
    assertThat(huge.oddities()).hasSize(1);
    BigInteger twentyBytes = BigInteger.ONE.shiftLeft(160).subtract(BigInteger.ONE);
    assertThat(read(new CertificateForge().serial(new ASN1Integer(twentyBytes))).oddities())
        .isEmpty();
  }

  @Test
  void reads_times_of_both_kinds_and_reports_others() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .validity(
                    CertificateForge.time("1999-12-31T23:59:59Z"),
                    new DERGeneralizedTime("20991231235959Z")));
    assertThat(signer.notBefore()).isEqualTo(Instant.parse("1999-12-31T23:59:59Z"));
    assertThat(signer.notAfter()).isEqualTo(Instant.parse("2099-12-31T23:59:59Z"));
    CertificateSigner wrong =
        read(new CertificateForge().validity(new DERUTF8String("tomorrow"), DERNull.INSTANCE));
    assertThat(wrong.notBefore()).isEqualTo(Instant.EPOCH);
    assertThat(wrong.notAfter()).isEqualTo(Instant.EPOCH);
    assertThat(wrong.oddities()).containsExactly("the validity cannot be read");
  }

  @Test
  void ignores_bytes_after_the_certificate_but_says_so() throws Exception {
    byte[] der = CertificateForge.fulcio(URI, ISSUER).der();
    CertificateSigner exact = Certificates.read(der);
    CertificateSigner longer = Certificates.read(Arrays.copyOf(der, der.length + 3));
    assertThat(longer.certificateSha256()).isEqualTo(exact.certificateSha256());
    assertThat(longer.toDer()).isEqualTo(der);
    assertThat(longer.oddities()).containsExactly("3 bytes follow the certificate");
  }

  @Test
  void reads_certificates_of_version_1_and_without_extensions() throws Exception {
    assertThat(read(new CertificateForge()).subjects()).isEmpty();
    org.bouncycastle.asn1.ASN1Sequence tbs =
        (org.bouncycastle.asn1.ASN1Sequence)
            org.bouncycastle.asn1.ASN1Sequence.getInstance(new CertificateForge().der())
                .getObjectAt(0);
    List<ASN1Encodable> withoutVersion = new ArrayList<>(List.of(tbs.toArray()));
    withoutVersion.removeFirst();
    CertificateSigner v1 =
        Certificates.read(
            CertificateForge.certificate(
                new DERSequence(withoutVersion.toArray(ASN1Encodable[]::new))));
    assertThat(v1.serial()).isEqualTo("1234567890abcdef");
  }

  @Test
  void refuses_a_certificate_cut_at_every_byte() {
    byte[] der = CertificateForge.fulcio(URI, ISSUER).der();
    for (int length = 0; length < der.length; length++) {
      byte[] cut = Arrays.copyOf(der, length);
      assertThatThrownBy(() -> Certificates.read(cut))
          .as("cut to %d", length)
          .isInstanceOf(MalformedSignerException.class);
    }
  }

  @Test
  void refuses_a_certificate_without_a_readable_key() {
    assertThatThrownBy(() -> read(new CertificateForge().key(new byte[] {0x30, 0})))
        .hasMessageContaining("algorithm");
    assertThatThrownBy(() -> read(new CertificateForge().key(new byte[] {5, 0})))
        .hasMessageContaining("subjectPublicKeyInfo");
  }

  @Test
  void agrees_with_the_jdk_on_damaged_certificates_that_both_read() throws Exception {
    long seed = 4711;
    Random random = new Random(seed);
    byte[] der =
        new CertificateForge()
            .names(
                new GeneralName(GeneralName.uniformResourceIdentifier, URI),
                new GeneralName(GeneralName.rfc822Name, "release@acme.example"))
            .utf8(FULCIO + 8, ISSUER)
            .der();
    int both = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = der.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      CertificateSigner ours;
      try {
        ours = Certificates.read(damaged);
        Describe.signer(ours);
      } catch (MalformedSignerException _) {
        continue;
      }
      Collection<List<?>> theirs = jdkNames(damaged);
      if (theirs != null && ours.oddities().isEmpty()) {
        both++;
        assertThat(ours.subjects().stream().map(SubjectName::value))
            .as("seed %d, round %d", seed, round)
            .containsExactlyElementsOf(theirs.stream().map(name -> (String) name.get(1)).toList());
      }
    }
    assertThat(both).isGreaterThan(1_000);
  }

  private static Collection<List<?>> jdkNames(byte[] der) {
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null && names.stream().allMatch(n -> n.get(1) instanceof String)
          ? names
          : null;
    } catch (java.security.cert.CertificateException _) {
      return null;
    }
  }

  private static CertificateSigner read(CertificateForge forge) throws MalformedSignerException {
    return Certificates.read(forge.der());
  }

  /// An element of the context class with these contents.
  private static ASN1Encodable context(int number, byte[] contents) {
    return new DERTaggedObject(false, number, new DEROctetString(contents));
  }

  private static byte[] sequence(ASN1Encodable... elements) {
    return CertificateForge.der(new DERSequence(elements));
  }
}
