package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BOOLEAN;
import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the certificates of logs of certificates (RFC 5280 section 4.1, RFC 6962 section 3.4): one
/// walk over the elements, with memory in proportion to the certificate.
///
/// Where `Certificates` refuses a certificate behind whose oddities a name could hide, this reads
/// all names that it can reach and says that there may be more: authorities and logs have let
/// through nearly everything, and a certificate is valid whatever a monitor thinks of it. Only one
/// whose subject and extensions cannot be reached is refused.
public final class LoggedCertificates {
  private static final int EXPLICIT_VERSION = 0xa0;
  private static final int ISSUER_UNIQUE_ID = 0x81;
  private static final int SUBJECT_UNIQUE_ID = 0x82;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 2.5.29.17, the contents of its OBJECT IDENTIFIER.
  private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};

  private final byte[] der;
  private final int from;
  private final int to;
  private final X509Signer.Parts parts = new X509Signer.Parts();
  private final Oddities oddities = new Oddities();
  private final NameWalk names;
  private final FulcioPlaces fulcio;

  private LoggedCertificates(EntryBytes der) {
    this.der = der.buffer();
    this.from = der.offset();
    this.to = der.offset() + der.length();
    this.names = new NameWalk(this.der, oddities);
    this.fulcio = new FulcioPlaces(this.der);
  }

  /// The certificate in these bytes, which are not copied.
  ///
  /// @throws MalformedSignerException if its subject or extensions cannot be reached
  public static IssuedCertificate certificate(EntryBytes der) throws MalformedSignerException {
    return read(der, null);
  }

  /// The precertificate of which the TBSCertificate is in these bytes, which are not copied.
  ///
  /// @param issuerKey SHA-256 of the issuing authority's key, from the leaf
  /// @throws MalformedSignerException if its subject or extensions cannot be reached
  public static IssuedCertificate precertificate(EntryBytes tbs, Digest issuerKey)
      throws MalformedSignerException {
    return read(tbs, issuerKey);
  }

  /// What is wrong is said with its place, which must not depend on where the entry lay: then it is
  /// read again from a copy of its own.
  private static IssuedCertificate read(EntryBytes der, @Nullable Digest issuerKey)
      throws MalformedSignerException {
    if (der.offset() > 0) {
      try {
        IssuedCertificate read = new LoggedCertificates(der).read(issuerKey);
        if (read.unread().isEmpty()) {
          return read;
        }
      } catch (MalformedSignerException _) {
        // It is thrown again below, with the place.
      }
    }
    return new LoggedCertificates(EntryBytes.of(der.toBytes())).read(issuerKey);
  }

  private IssuedCertificate read(@Nullable Digest issuerKey) throws MalformedSignerException {
    try {
      DerReader outer = new DerReader(der, from, to).expect(SEQUENCE, "certificate");
      if (outer.left() > 0) {
        oddities.add("%d bytes follow the certificate".formatted(outer.left()));
      }
      DerReader tbs = outer;
      if (issuerKey == null) {
        DerReader inside = outer.inside();
        tbs = inside.expect(SEQUENCE, "tbsCertificate");
      }
      TbsCut cut = tbs(tbs);
      return new LoggedX509(
          new EntryBytes(der, from, outer.to() - from),
          issuerKey,
          new X509Signer(der, parts, names.subjects(), fulcio, oddities),
          names.all(),
          names.unread(),
          cut);
    } catch (MalformedDerException e) {
      throw new MalformedSignerException(
          "%s of %d bytes: "
                  .formatted(issuerKey == null ? "certificate" : "precertificate", to - from)
              + e.getMessage());
    }
  }

  /// Reads the TBSCertificate that the reader is at.
  private TbsCut tbs(DerReader at) throws MalformedDerException {
    TbsCut cut = new TbsCut(der, at.start(), at.from(), at.to());
    DerReader tbs = at.inside();
    if (tbs.next() && tbs.tag() == EXPLICIT_VERSION) {
      tbs.next();
    }
    if (tbs.tag() != INTEGER) {
      throw new MalformedDerException("no serialNumber");
    }
    parts.serial(tbs);
    tbs.expect(SEQUENCE, "signature algorithm");
    parts.issuer(tbs.expect(SEQUENCE, "issuer"));
    parts.validity(tbs.expect(SEQUENCE, "validity"));
    parts.subject(tbs.expect(SEQUENCE, "subject"));
    names.distinguishedName(tbs, "the subject");
    parts.key(tbs.expect(SEQUENCE, "subjectPublicKeyInfo"));
    try {
      PublicKeys.check(der, tbs.start(), tbs.to());
    } catch (MalformedDerException _) {
      oddities.add("the key cannot be read");
    }
    try {
      afterKey(tbs, cut);
    } catch (MalformedDerException e) {
      names.unread("the extensions: " + e.getMessage());
    }
    return cut;
  }

  private void afterKey(DerReader tbs, TbsCut cut) throws MalformedDerException {
    boolean seen = false;
    while (tbs.next()) {
      switch (tbs.tag()) {
        case EXPLICIT_EXTENSIONS -> {
          if (seen) {
            oddities.add("more than one list of extensions");
          }
          seen = true;
          DerReader list = tbs.inside().expect(SEQUENCE, "extensions");
          cut.extensions(tbs.start(), tbs.to(), list.from(), list.to());
          extensions(list.inside(), cut);
          if (list.left() > 0) {
            names.unread("%d bytes follow the extensions".formatted(list.left()));
          }
        }
        case ISSUER_UNIQUE_ID, SUBJECT_UNIQUE_ID -> {}
        default -> names.unread("unknown element 0x%02x after the key".formatted(tbs.tag()));
      }
    }
  }

  /// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
  private void extensions(DerReader list, TbsCut cut) throws MalformedDerException {
    while (list.next()) {
      DerReader extension = list.inside();
      if (list.tag() != SEQUENCE || !extension.next() || extension.tag() != OBJECT_IDENTIFIER) {
        names.unread("an extension with tag 0x%02x, or without a name".formatted(list.tag()));
        continue;
      }
      int oidFrom = extension.from();
      int oidTo = extension.to();
      cut.extension(oidFrom, oidTo, list.start(), list.to());
      boolean isNames = Arrays.equals(der, oidFrom, oidTo, SUBJECT_ALT_NAME, 0, 3);
      if (!isNames && !FulcioPlaces.isFulcio(der, oidFrom, oidTo)) {
        continue;
      }
      boolean more = extension.next();
      if (more && extension.tag() == BOOLEAN) {
        more = extension.next();
      }
      if (!more || extension.tag() != OCTET_STRING) {
        names.unread("a SubjectAltName or Fulcio extension without a value");
        continue;
      }
      if (extension.left() > 0) {
        names.unread("%d bytes follow an extension's value".formatted(extension.left()));
      }
      if (isNames) {
        names.alternativeNames(extension.inside());
      } else {
        fulcio(oidFrom, oidTo, extension);
      }
    }
  }

  /// @param value the reader is at the extension's value
  private void fulcio(int oidFrom, int oidTo, DerReader value) {
    try {
      fulcio.add(oidFrom, oidTo, value.from(), value.to(), oddities);
    } catch (MalformedSignerException e) {
      names.unread("the Fulcio extensions: " + e.getMessage());
    }
  }
}
