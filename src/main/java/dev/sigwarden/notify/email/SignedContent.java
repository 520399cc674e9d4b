package dev.sigwarden.notify.email;

import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.CertificateEncodingException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// Mail in clear text with a detached signature beside it: `multipart/signed`, RFC 1847 section 2.1
/// and RFC 8551 section 3.5.3. The mail reads the same where nobody checks the signature.
final class SignedContent {
  private SignedContent() {}

  /// Puts what the mail says into the first of two parts, byte by byte as it is signed in the
  /// other. The mail's own headers stay outside: the certificate stands for the sender, nothing for
  /// the subject.
  static void sign(MimeMessage mail, SigningKey.Pair pair) throws MessagingException, IOException {
    mail.saveChanges();
    byte[] said = content(mail);
    MimeMultipart both =
        new MimeMultipart(
            "signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
            new Finished(said),
            signature(said, pair));
    for (String header : headersOf(mail)) {
      mail.removeHeader(header);
    }
    mail.setContent(both);
  }

  /// The headers that say what the content is.
  private static List<String> headersOf(MimeMessage mail) throws MessagingException {
    return Collections.list(mail.getAllHeaders()).stream()
        .map(header -> header.getName())
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("content-"))
        .distinct()
        .toList();
  }

  private static byte[] content(MimeMessage mail) throws MessagingException, IOException {
    List<String> kept = headersOf(mail);
    String[] left =
        Collections.list(mail.getAllHeaders()).stream()
            .map(header -> header.getName())
            .filter(name -> !kept.contains(name))
            .distinct()
            .toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mail.writeTo(out, left);
    return out.toByteArray();
  }

  private static MimeBodyPart signature(byte[] said, SigningKey.Pair pair)
      throws MessagingException, IOException {
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(
        new DataHandler(
            new ByteArrayDataSource(
                cms(said, pair), "application/pkcs7-signature; name=smime.p7s")));
    part.setFileName("smime.p7s");
    part.setDisposition("attachment");
    part.setHeader("Content-Transfer-Encoding", "base64");
    return part;
  }

  private static byte[] cms(byte[] said, SigningKey.Pair pair)
      throws MessagingException, IOException {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(
                  new JcaContentSignerBuilder(pair.algorithm()).build(pair.key()),
                  pair.certificate()));
      generator.addCertificates(new JcaCertStore(pair.chain()));
      return generator.generate(new CMSProcessableByteArray(said), false).getEncoded();
    } catch (OperatorCreationException | CertificateEncodingException | CMSException e) {
      throw new MessagingException("the mail could not be signed", e);
    }
  }

  /// A part that is written as it was signed, whatever the library would make of it.
  private static final class Finished extends MimeBodyPart {
    private final byte[] said;

    Finished(byte[] said) {
      this.said = said;
    }

    @Override
    protected void updateHeaders() {
      // They are among the bytes.
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(said);
    }
  }
}
