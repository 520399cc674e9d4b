package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.x509.CertificateForge.FULCIO;
import static dev.sigwarden.entry.x509.CertificateForge.SUBJECT_ALT_NAME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

class SubjectNamesTest {
  private static final String URI =
      "https://github.com/acme/app/.github/workflows/r.yml@refs/tags/1";

  @Test
  void reads_every_kind_of_name() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .names(
                    new GeneralName(GeneralName.rfc822Name, "release@acme.example"),
                    new GeneralName(GeneralName.dNSName, "acme.example"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, URI),
                    new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                    new GeneralName(GeneralName.iPAddress, "2001:db8:0:0:1:0:0:1"),
                    new GeneralName(GeneralName.iPAddress, "::"),
                    new GeneralName(GeneralName.iPAddress, "1:0:3:4:5:6:7:8"),
                    new GeneralName(GeneralName.iPAddress, "::ffff:192.0.2.1"),
                    other(FULCIO + 7, new DERUTF8String("kelly!corp.example")),
                    other("1.3.6.1.4.1.311.20.2.3", new DERUTF8String("kelly@corp.example")),
                    other("1.2.3", new ASN1Integer(5)),
                    new GeneralName(new X500Name("CN=Kelly,O=Acme")),
                    new GeneralName(
                        GeneralName.registeredID, new ASN1ObjectIdentifier("2.999.1.4711")),
                    new GeneralName(GeneralName.x400Address, new DERSequence()),
                    new GeneralName(GeneralName.ediPartyName, new DERSequence(DERNull.INSTANCE))));
    assertThat(signer.subjects())
        .containsExactly(
            new SubjectName(Kind.EMAIL, "release@acme.example"),
            new SubjectName(Kind.DNS, "acme.example"),
            new SubjectName(Kind.URI, URI),
            new SubjectName(Kind.IP, "192.0.2.1"),
            new SubjectName(Kind.IP, "2001:db8::1:0:0:1"),
            new SubjectName(Kind.IP, "::"),
            new SubjectName(Kind.IP, "1:0:3:4:5:6:7:8"),
            new SubjectName(Kind.IP, "::ffff:c000:201"),
            new SubjectName(Kind.OTHER, "kelly!corp.example"),
            new SubjectName(Kind.OTHER, "1.3.6.1.4.1.311.20.2.3:kelly@corp.example"),
            new SubjectName(Kind.OTHER, "1.2.3:#020105"),
            new SubjectName(Kind.DIRECTORY, "O=Acme,CN=Kelly"),
            new SubjectName(Kind.REGISTERED_ID, "2.999.1.4711"),
            new SubjectName(Kind.X400, "#"),
            new SubjectName(Kind.EDI, "#0500"));
    assertThat(signer.oddities()).isEmpty();
  }

  @Test
  void keeps_all_of_ten_thousand_names() throws Exception {
    List<GeneralName> names = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      names.add(new GeneralName(GeneralName.rfc822Name, i + "@x"));
    }
    CertificateSigner signer =
        read(new CertificateForge().names(names.toArray(GeneralName[]::new)));
    assertThat(signer.subjects()).hasSize(10_000);
    assertThat(signer.subjects().getLast().value()).isEqualTo("9999@x");
  }

  @Test
  void unites_the_names_of_several_extensions() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .names(new GeneralName(GeneralName.rfc822Name, "a@x"))
                .names(new GeneralName(GeneralName.rfc822Name, "b@x")));
    assertThat(signer.subjects()).extracting(SubjectName::value).containsExactly("a@x", "b@x");
    assertThat(signer.oddities()).containsExactly("2 SubjectAltName extensions");
  }

  @Test
  void keeps_poisonous_characters_in_values_and_shows_them_escaped_in_oddities() throws Exception {
    String poison = "https://x/\u0000\u202Eevil\uD83D\uDE00";
    CertificateSigner signer =
        read(
            new CertificateForge()
                .raw(SUBJECT_ALT_NAME, sequence(context(6, poison.getBytes(UTF_8)))));
    assertThat(signer.subjects()).containsExactly(new SubjectName(Kind.URI, poison));
    assertThat(signer.oddities())
        .singleElement()
        .asString()
        .contains("not ASCII")
        .contains("\\u{0}\\u{202E}evil");
  }

  @Test
  void replaces_invalid_utf_8_and_says_so() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .raw(SUBJECT_ALT_NAME, sequence(context(1, new byte[] {'a', (byte) 0xff, 'b'})))
                .raw(FULCIO + 1, new byte[] {(byte) 0xc0, (byte) 0xaf}));
    assertThat(signer.subjects()).containsExactly(new SubjectName(Kind.EMAIL, "a\uFFFDb"));
    assertThat(signer.issuer()).isEqualTo("\uFFFD\uFFFD");
    assertThat(signer.oddities())
        .anySatisfy(o -> assertThat(o).contains("email is not UTF-8"))
        .anySatisfy(o -> assertThat(o).contains("issuer-v1 is not UTF-8"));
  }

  @Test
  void keeps_names_that_are_wrong_without_hiding_the_others() throws Exception {
    CertificateSigner signer =
        read(
            new CertificateForge()
                .raw(
                    SUBJECT_ALT_NAME,
                    sequence(
                        context(7, new byte[] {1, 2, 3}),
                        context(15, "what".getBytes(UTF_8)),
                        new DERTaggedObject(true, 6, new DERIA5String("https://x")),
                        new DERTaggedObject(false, 0, new DERSequence(new ASN1Integer(1))),
                        new DERTaggedObject(true, 4, new ASN1Integer(1)),
                        context(1, "a@x".getBytes(UTF_8)))));
    assertThat(signer.subjects())
        .containsExactly(
            new SubjectName(Kind.IP, "#010203"),
            new SubjectName(Kind.OTHER, "#8f0477686174"),
            new SubjectName(Kind.OTHER, "#a60b160968747470733a2f2f78"),
            new SubjectName(Kind.OTHER, "#020101"),
            new SubjectName(Kind.DIRECTORY, "#020101"),
            new SubjectName(Kind.EMAIL, "a@x"));
    assertThat(signer.oddities()).hasSize(5);
  }

  @Test
  void bounds_what_it_says_is_odd() throws Exception {
    GeneralName[] names = new GeneralName[500];
    Arrays.fill(names, new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[3])));
    CertificateSigner signer = read(new CertificateForge().names(names));
    assertThat(signer.oddities()).hasSize(21);
    assertThat(signer.oddities().getLast()).isEqualTo("and 480 more");
  }

  private static GeneralName other(String oid, ASN1Encodable value) {
    return new GeneralName(
        GeneralName.otherName,
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1ObjectIdentifier(oid), new DERTaggedObject(true, 0, value)
            }));
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
