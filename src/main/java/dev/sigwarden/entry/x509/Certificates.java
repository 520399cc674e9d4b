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
  /// The most Fulcio extensions in one certificate; 24 kinds are defined.
  private static final int MAX_FULCIO_EXTENSIONS = 64;

  private static final int EXPLICIT_VERSION = 0xa0;
  private static final int ISSUER_UNIQUE_ID = 0x81;
  private static final int SUBJECT_UNIQUE_ID = 0x82;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 2.5.29.17, the contents of its OBJECT IDENTIFIER.
  private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};

  /// 1.3.6.1.4.1.57264.1, likewise: what every Fulcio extension's identifier starts with.
  static final byte[] FULCIO_ARC = {
    0x2b, 0x06, 0x01, 0x04, 0x01, (byte) 0x83, (byte) 0xbf, 0x30, 1
  };

  private final byte[] der;
  private final X509Signer.Parts parts = new X509Signer.Parts();
  private final List<SubjectName> names = new ArrayList<>(1);
  private final List<FulcioValues.Item> fulcio = new ArrayList<>();
  private final Oddities oddities = new Oddities();
  private int nameExtensions;

  /// The last arcs of the Fulcio extensions found, those below 64 as bits: all defined ones are.
  private long arcs;

  private Certificates(byte[] der) {
    this.der = der;
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
    while (list.next()) {
      if (list.tag() != SEQUENCE) {
        throw new MalformedSignerException(
            "certificate: an extension with tag 0x%02x".formatted(list.tag()));
      }
      DerReader extension = list.inside().expect(OBJECT_IDENTIFIER, "extnID");
      int oidFrom = extension.from();
      int oidTo = extension.to();
      boolean isNames = Arrays.equals(der, oidFrom, oidTo, SUBJECT_ALT_NAME, 0, 3);
      boolean isFulcio =
          oidTo - oidFrom > FULCIO_ARC.length
              && Arrays.equals(
                  der, oidFrom, oidFrom + FULCIO_ARC.length, FULCIO_ARC, 0, FULCIO_ARC.length);
      if (!isNames && !isFulcio) {
        continue;
      }
      extension.next();
      if (extension.tag() == BOOLEAN) {
        extension.next();
      }
      if (extension.tag() != OCTET_STRING || extension.left() > 0) {
        throw new MalformedSignerException(
            "certificate: the %s extension is not an identifier and an OCTET STRING"
                .formatted(isNames ? "SubjectAltName" : "Fulcio"));
      }
      if (isNames) {
        subjectAltName(extension.inside());
      } else {
        fulcio(new FulcioValues.Item(oidFrom, oidTo, extension.from(), extension.to()));
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

  private void fulcio(FulcioValues.Item item) throws MalformedSignerException {
    long arc = item.arcBit(der);
    boolean surelyFirst = arc != 0 && (arcs & arc) == 0;
    arcs |= arc;
    if (!surelyFirst && isRepeated(item)) {
      return;
    }
    if (fulcio.size() == MAX_FULCIO_EXTENSIONS) {
      throw new MalformedSignerException(
          "certificate: more than %d Fulcio extensions".formatted(MAX_FULCIO_EXTENSIONS));
    }
    fulcio.add(item);
  }

  private boolean isRepeated(FulcioValues.Item item) throws MalformedSignerException {
    for (FulcioValues.Item other : fulcio) {
      if (!item.sameKind(der, other)) {
        continue;
      }
      if (!item.sameValue(der, other)) {
        throw new MalformedSignerException(
            "certificate: two extensions %s with different values".formatted(item.oid(der)));
      }
      oddities.add("the extension %s is repeated".formatted(item.oid(der)));
      return true;
    }
    return false;
  }
}
