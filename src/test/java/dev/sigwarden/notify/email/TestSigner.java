package dev.sigwarden.notify.email;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority of its own, and a certificate of it that signs mail.
final class TestSigner {
  private static final X500Name AUTHORITY = new X500Name("CN=Test authority");

  final KeyPair pair;
  final X509Certificate certificate;
  final X509Certificate authority;

  /// @param algorithm `RSA` or `EC`
  /// @param bits of the key
  /// @param address whom the certificate names
  TestSigner(String algorithm, int bits, String address, KeyPurposeId purpose, Instant end)
      throws Exception {
    KeyPair above = pair("EC", 256);
    pair = pair(algorithm, bits);
    Date from = Date.from(end.minusSeconds(400L * 86_400));
    authority =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        AUTHORITY,
                        BigInteger.ONE,
                        from,
                        Date.from(end),
                        AUTHORITY,
                        above.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(above.getPrivate())));
    certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        AUTHORITY,
                        BigInteger.TWO,
                        from,
                        Date.from(end),
                        new X500Name("CN=Sigwarden"),
                        pair.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.rfc822Name, address)))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(above.getPrivate())));
  }

  private static KeyPair pair(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /// The key in Base64, without line breaks.
  String secret() {
    return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }

  /// Writes `signer.pem`, `signer.key`, `signer.p12` with this password, and `authority.pem`.
  void save(Path dir, String password) throws Exception {
    write(
        dir.resolve("signer.pem"),
        pem("CERTIFICATE", certificate.getEncoded()) + pem("CERTIFICATE", authority.getEncoded()));
    write(dir.resolve("signer.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    write(dir.resolve("authority.pem"), pem("CERTIFICATE", authority.getEncoded()));
    write(dir.resolve("password"), password + "\n");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "mail",
        pair.getPrivate(),
        password.toCharArray(),
        new X509Certificate[] {certificate, authority});
    try (OutputStream out = Files.newOutputStream(dir.resolve("signer.p12"))) {
      store.store(out, password.toCharArray());
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.US_ASCII);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
