package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BOOLEAN;
import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads X.509 certificates (RFC 5280 section 4.1) into signers: one walk over the elements, with
/// memory in proportion to the certificate.
///
/// What a name could hide behind is refused: framing that is not DER, an extension list or
/// SubjectAltName that does not end where it should, two Fulcio extensions of one kind that say
/// different things, a key that is not where it belongs. What only reads oddly is kept as an
/// oddity.
public final class Certificates {
  private static final int EXPLICIT_VERSION = 0xa0;
  private static final int ISSUER_UNIQUE_ID = 0x81;
  private static final int SUBJECT_UNIQUE_ID = 0x82;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 2.5.29.17, the contents of its OBJECT IDENTIFIER.
  private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};

  private final byte[] der;
  private final X509Signer.Parts parts = new X509Signer.Parts();
  private final List<SubjectName> names = new ArrayList<>(1);
  private final FulcioPlaces fulcio;
  private final Oddities oddities = new Oddities();
  private int nameExtensions;

  private Certificates(byte[] der) {
    this.der = der;
    this.fulcio = new FulcioPlaces(der);
  }

  /// The signer that the certificate at the start of `der` names. The array is kept and must not be
  /// written to.
  ///
  /// @throws MalformedSignerException if the certificate cannot be read to its end
  public static CertificateSigner read(byte[] der) throws MalformedSignerException {
    try {
      return new Certificates(der).certificate();
    } catch (MalformedDerException e) {
      throw new MalformedSignerException(
          "certificate of %d bytes: ".formatted(der.length) + e.getMessage());
    }
  }

  private CertificateSigner certificate() throws MalformedDerException, MalformedSignerException {
    DerReader outer = new DerReader(der, 0, der.length).expect(SEQUENCE, "certificate");
    if (outer.left() > 0) {
      oddities.add("%d bytes follow the certificate".formatted(outer.left()));
    }
    DerReader inside = outer.inside();
    DerReader tbs = inside.expect(SEQUENCE, "tbsCertificate").inside();
    tbs.next();
    if (tbs.tag() == EXPLICIT_VERSION && tbs.length() > 0) {
      tbs.expect(INTEGER, "serialNumber");
    } else if (tbs.tag() != INTEGER) {
      throw new MalformedSignerException("certificate: no serialNumber");
    }
    parts.serial(tbs);
    tbs.expect(SEQUENCE, "signature algorithm");
    parts.issuer(tbs.expect(SEQUENCE, "issuer"));
    parts.validity(tbs.expect(SEQUENCE, "validity"));
    parts.subject(tbs.expect(SEQUENCE, "subject"));
    tbs.expect(SEQUENCE, "subjectPublicKeyInfo");
    PublicKeys.check(der, tbs.start(), tbs.to());
    parts.key(tbs);
    afterKey(tbs);
    int afterTbs = 0;
    while (inside.next()) {
      afterTbs++;
    }
    if (afterTbs != 2) {
      oddities.add(
          "%d elements after the certificate's contents (expected: 2, the signature)"
              .formatted(afterTbs));
    }
    if (nameExtensions > 1) {
      oddities.add("%d SubjectAltName extensions".formatted(nameExtensions));
    }
    byte[] exact = outer.to() == der.length ? der : Arrays.copyOf(der, outer.to());
    return new X509Signer(exact, parts, names, fulcio, oddities);
  }

  private void afterKey(DerReader tbs) throws MalformedDerException, MalformedSignerException {
    boolean seen = false;
    while (tbs.next()) {
      switch (tbs.tag()) {
        case EXPLICIT_EXTENSIONS -> {
          if (seen) {
            oddities.add("more than one list of extensions");
          }
          seen = true;
          DerReader list = tbs.inside().expect(SEQUENCE, "extensions");
          extensions(list.inside());
          if (list.left() > 0) {
            throw new MalformedSignerException(
                "certificate: %d bytes follow the extensions".formatted(list.left()));
          }
        }
        case ISSUER_UNIQUE_ID, SUBJECT_UNIQUE_ID -> {}
        default -> oddities.add("unknown element 0x%02x after the key".formatted(tbs.tag()));
      }
    }
  }

  /// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
  private void extensions(DerReader list) throws MalformedDerException, MalformedSignerException {
    DerReader extension = list.inside();
    while (list.next()) {
      if (list.tag() != SEQUENCE) {
        throw new MalformedSignerException(
            "certificate: an extension with tag 0x%02x".formatted(list.tag()));
      }
      extension.enter(list).expect(OBJECT_IDENTIFIER, "extnID");
      int oidFrom = extension.from();
      int oidTo = extension.to();
      boolean isFulcio = FulcioPlaces.isFulcio(der, oidFrom, oidTo);
      if (!isFulcio && !Arrays.equals(der, oidFrom, oidTo, SUBJECT_ALT_NAME, 0, 3)) {
        continue;
      }
      extension.next();
      if (extension.tag() == BOOLEAN) {
        extension.next();
      }
      if (extension.tag() != OCTET_STRING || extension.left() > 0) {
        throw new MalformedSignerException(
            "certificate: the %s extension is not an identifier and an OCTET STRING"
                .formatted(isFulcio ? "Fulcio" : "SubjectAltName"));
      }
      if (isFulcio) {
        fulcio.add(oidFrom, oidTo, extension.from(), extension.to(), oddities);
      } else {
        subjectAltName(extension.inside());
      }
    }
  }

  private void subjectAltName(DerReader value)
      throws MalformedDerException, MalformedSignerException {
    nameExtensions++;
    DerReader sequence = value.expect(SEQUENCE, "GeneralNames");
    DerReader each = sequence.inside();
    while (each.next()) {
      names.add(GeneralNames.read(der, each, oddities));
    }
    if (sequence.left() > 0) {
      throw new MalformedSignerException(
          "certificate: %d bytes follow the subject alternative names".formatted(sequence.left()));
    }
  }
}
