package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.IssuerKey;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.x509.CertificationRequest;
import dev.sigwarden.entry.x509.LoggedCertificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an operator's file allows, as a line of an allowlist.
///
/// @param line the line as `AllowlistFile` reads it, without comment
/// @param about whom it is about, in words for people; text of the file, sanitised
public record AllowedCertificate(String line, String about) {
  /// Characters of names in a comment.
  private static final int MAX_ABOUT = 120;

  /// Characters of a line, so that a comment fits behind it.
  private static final int MAX_LINE = AllowlistLine.MAX_BYTES - 600;

  /// A certificate (or precertificate) in PEM or DER: this one, in whichever form logs have it.
  ///
  /// @throws MalformedKeyException if it is none; the message never repeats the file's bytes
  public static AllowedCertificate certificate(byte[] file) throws MalformedKeyException {
    IssuedCertificate certificate = read(file);
    return new AllowedCertificate(
        "tbs:" + certificate.tbsSha256().toHex(), about(certificate.allNames(), certificate));
  }

  /// A certificate: every certificate with its key for its names or some of them.
  ///
  /// @throws MalformedKeyException as above, or if it names what no line can hold
  public static AllowedCertificate keyOf(byte[] file) throws MalformedKeyException {
    IssuedCertificate certificate = read(file);
    return key(certificate.keySha256(), certificate.allNames());
  }

  /// A request for a certificate (PKCS #10) in PEM or DER: every certificate with its key for its
  /// names or some of them.
  ///
  /// @throws MalformedKeyException as above
  public static AllowedCertificate request(byte[] file) throws MalformedKeyException {
    try {
      CertificationRequest request =
          CertificationRequest.read(der(file, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
      return key(request.keySha256(), request.names());
    } catch (MalformedSignerException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /// A certificate authority, by its certificate or public key: every certificate that it issues.
  ///
  /// @throws MalformedKeyException as above
  public static AllowedCertificate authority(byte[] file) throws MalformedKeyException {
    try {
      byte[] spki;
      String about;
      if (isPem(file, "PUBLIC KEY")) {
        spki = Pem.firstBlock(file, "PUBLIC KEY");
        about = PublicKeys.read(spki, null).keyType();
      } else {
        IssuedCertificate certificate = read(file);
        spki = PublicKeys.inCertificate(certificate.toDer());
        about = Sanitizer.clean(certificate.subjectDn(), MAX_ABOUT);
      }
      return new AllowedCertificate(
          new CertificateRule.Authority(new IssuerKey(spki)).line(), about);
    } catch (MalformedSignerException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static AllowedCertificate key(Digest spki, List<SubjectName> names)
      throws MalformedKeyException {
    Optional<Set<String>> all = CertificateRule.namesOf(names);
    boolean plain =
        all.isPresent()
            && !all.get().isEmpty()
            && all.get().size() <= CertificateRule.MAX_NAMES
            && all.get().stream().allMatch(AllowedCertificate::isWord);
    if (!plain) {
      throw new MalformedKeyException(
          "names that no line of an allowlist can hold (expected: 1 to %d host names, addresses,"
                  .formatted(CertificateRule.MAX_NAMES)
              + " mailboxes or URIs, without spaces)");
    }
    String line = new CertificateRule.Key(spki, new ArrayList<>(all.get())).line();
    if (line.length() > MAX_LINE) {
      throw new MalformedKeyException(
          "a line of %d characters (expected: at most %d)".formatted(line.length(), MAX_LINE));
    }
    return new AllowedCertificate(line, "");
  }

  /// Whether a name can stand in a line: with no space, sign of a comment, nor label that could not
  /// be read.
  private static boolean isWord(String name) {
    return name.chars().noneMatch(c -> c <= ' ' || c == '#' || c >= 0x7f)
        && name.indexOf(NameForms.ANY_LABEL) < 0;
  }

  private static IssuedCertificate read(byte[] file) throws MalformedKeyException {
    try {
      IssuedCertificate certificate =
          LoggedCertificates.certificate(EntryBytes.of(der(file, "CERTIFICATE")));
      if (certificate.unread().isPresent()) {
        throw new MalformedKeyException(certificate.unread().get());
      }
      return certificate;
    } catch (MalformedSignerException e) {
      throw new MalformedKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The contents of the file: the first block of that name, or all of it if it is no PEM.
  private static byte[] der(byte[] file, String... labels) throws MalformedSignerException {
    if (file.length > 0 && file[0] == 0x30) {
      return file;
    }
    for (String label : labels) {
      if (isPem(file, label)) {
        return Pem.firstBlock(file, label);
      }
    }
    throw new MalformedSignerException(
        "no %s in %d bytes (expected: PEM or DER)".formatted(labels[0], file.length));
  }

  private static boolean isPem(byte[] file, String label) {
    return new String(file, StandardCharsets.ISO_8859_1).contains("-----BEGIN " + label + "-----");
  }

  private static String about(List<SubjectName> names, IssuedCertificate certificate) {
    String first = names.isEmpty() ? certificate.subjectDn() : names.getFirst().value();
    String more = names.size() > 1 ? " and %d more".formatted(names.size() - 1) : "";
    return Sanitizer.clean(first, MAX_ABOUT) + more + ", to " + certificate.notAfter();
  }
}
