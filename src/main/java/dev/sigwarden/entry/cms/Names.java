package dev.sigwarden.entry.cms;

import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import java.util.Arrays;

/// Where in a certificate lies what a SignerInfo can name it by: its issuer and serial number (RFC
/// 5280 sections 4.1.2.4 and 4.1.2.2), or its subject key identifier (section 4.2.1.2).
final class Names {
  private static final int EXPLICIT_VERSION = 0xa0;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 2.5.29.14, the contents of its OBJECT IDENTIFIER.
  private static final byte[] SUBJECT_KEY_ID = {0x55, 0x1d, 0x0e};

  private final byte[] der;
  private int serialFrom;
  private int serialTo;
  private int issuerFrom;
  private int issuerTo;
  private int keyIdFrom;
  private int keyIdTo;

  private Names(byte[] der) {
    this.der = der;
  }

  /// The names of a certificate that was read before.
  static Names of(byte[] certificate) throws MalformedDerException {
    Names names = new Names(certificate);
    names.read();
    return names;
  }

  boolean issuerIs(byte[] bytes, int from, int to) {
    return Arrays.equals(der, issuerFrom, issuerTo, bytes, from, to);
  }

  boolean serialIs(byte[] bytes, int from, int to) {
    return Arrays.equals(der, serialFrom, serialTo, bytes, from, to);
  }

  boolean keyIdIs(byte[] bytes, int from, int to) {
    return keyIdTo > keyIdFrom && Arrays.equals(der, keyIdFrom, keyIdTo, bytes, from, to);
  }

  private void read() throws MalformedDerException {
    DerReader tbs =
        new DerReader(der, 0, der.length)
            .expect(SEQUENCE, "certificate")
            .inside()
            .expect(SEQUENCE, "tbsCertificate")
            .inside();
    tbs.next();
    if (tbs.tag() == EXPLICIT_VERSION) {
      tbs.expect(INTEGER, "serialNumber");
    }
    serialFrom = tbs.from();
    serialTo = tbs.to();
    tbs.expect(SEQUENCE, "signature algorithm").expect(SEQUENCE, "issuer");
    issuerFrom = tbs.start();
    issuerTo = tbs.to();
    while (tbs.next()) {
      if (tbs.tag() == EXPLICIT_EXTENSIONS) {
        extensions(tbs.inside().expect(SEQUENCE, "extensions").inside());
      }
    }
  }

  private void extensions(DerReader list) throws MalformedDerException {
    while (list.next()) {
      DerReader extension = list.inside().expect(OBJECT_IDENTIFIER, "extnID");
      if (!Arrays.equals(der, extension.from(), extension.to(), SUBJECT_KEY_ID, 0, 3)) {
        continue;
      }
      extension.next();
      if (extension.tag() != OCTET_STRING) {
        extension.next();
      }
      DerReader value = extension.inside().expect(OCTET_STRING, "KeyIdentifier");
      keyIdFrom = value.from();
      keyIdTo = value.to();
    }
  }
}
