package dev.sigwarden.trust;

import static dev.sigwarden.entry.der.DerReader.BIT_STRING;
import static dev.sigwarden.entry.der.DerReader.BOOLEAN;
import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerTime;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parts of a version 3 certificate that its check needs, as they lie in its bytes. RFC 5280
/// section 4.1. Stricter than the reader of names: what stands there twice, or after the end, is
/// malformed, since an authority issues no such certificate.
final class X509Parts {
  private static final int EXPLICIT_VERSION = 0xa0;
  private static final int EXPLICIT_EXTENSIONS = 0xa3;
  private static final int ISSUER_UNIQUE_ID = 0x81;
  private static final int SUBJECT_UNIQUE_ID = 0x82;

  /// Extensions of one certificate: Fulcio's have up to 30.
  private static final int MAX_EXTENSIONS = 100;

  /// One extension, as indices into the certificate's bytes.
  ///
  /// @param critical whether who does not know it must refuse the certificate
  /// @param start where the whole element starts
  /// @param end where it ends
  /// @param from where the value starts, inside its OCTET STRING
  record Extension(boolean critical, int start, int end, int from) {}

  private final byte[] der;
  private final Map<String, Extension> extensions = new LinkedHashMap<>();
  private int tbsStart;
  private int tbsFrom;
  private int tbsEnd;
  private int extensionsStart;
  private String algorithm = "";
  private byte[] signature = new byte[0];
  private byte[] issuer = new byte[0];
  private byte[] subject = new byte[0];
  private byte[] spki = new byte[0];
  private Instant notBefore = Instant.EPOCH;
  private Instant notAfter = Instant.EPOCH;

  private X509Parts(byte[] der) {
    this.der = der;
  }

  /// The parts of a certificate. The array is kept and must not be written to.
  static X509Parts read(byte[] der) throws MalformedDerException {
    X509Parts parts = new X509Parts(der);
    parts.certificate();
    return parts;
  }

  private void certificate() throws MalformedDerException {
    DerReader outer = new DerReader(der, 0, der.length).expect(SEQUENCE, "certificate");
    DerReader inside = outer.inside().expect(SEQUENCE, "tbsCertificate");
    tbsStart = inside.start();
    tbsFrom = inside.from();
    tbsEnd = inside.to();
    byte[] inner = tbs(inside.inside());
    byte[] stated = element(inside.expect(SEQUENCE, "signatureAlgorithm"));
    // RFC 5280 section 4.1.1.2: both places must name the same algorithm.
    if (!Arrays.equals(inner, stated)) {
      throw new MalformedDerException("two different signature algorithms");
    }
    algorithm = oid(inside.inside().expect(OBJECT_IDENTIFIER, "algorithm"));
    inside.expect(BIT_STRING, "signatureValue");
    if (inside.length() < 1 || der[inside.from()] != 0) {
      throw new MalformedDerException("a signature of no whole bytes");
    }
    signature = Arrays.copyOfRange(der, inside.from() + 1, inside.to());
    nothingLeft(inside, "the signature");
    nothingLeft(outer, "the certificate");
  }

  /// Reads the tbsCertificate; returns its signature algorithm.
  private byte[] tbs(DerReader tbs) throws MalformedDerException {
    DerReader version = tbs.expect(EXPLICIT_VERSION, "version").inside();
    version.expect(INTEGER, "version");
    if (version.length() != 1 || der[version.from()] != 2) {
      throw new MalformedDerException("not a version 3 certificate");
    }
    tbs.expect(INTEGER, "serialNumber");
    byte[] inner = element(tbs.expect(SEQUENCE, "signature"));
    issuer = element(tbs.expect(SEQUENCE, "issuer"));
    DerReader validity = tbs.expect(SEQUENCE, "validity").inside();
    notBefore = time(validity);
    notAfter = time(validity);
    nothingLeft(validity, "the validity");
    subject = element(tbs.expect(SEQUENCE, "subject"));
    spki = element(tbs.expect(SEQUENCE, "subjectPublicKeyInfo"));
    extensionsStart = tbs.to();
    while (tbs.next()) {
      switch (tbs.tag()) {
        case ISSUER_UNIQUE_ID, SUBJECT_UNIQUE_ID -> extensionsStart = tbs.to();
        case EXPLICIT_EXTENSIONS -> {
          extensionsStart = tbs.start();
          extensions(tbs.inside());
          nothingLeft(tbs, "the extensions");
        }
        default -> throw new MalformedDerException("tag 0x%02x after the key".formatted(tbs.tag()));
      }
    }
    return inner;
  }

  private void extensions(DerReader explicit) throws MalformedDerException {
    DerReader list = explicit.expect(SEQUENCE, "extensions").inside();
    nothingLeft(explicit, "the list of extensions");
    while (list.next()) {
      if (list.tag() != SEQUENCE || extensions.size() == MAX_EXTENSIONS) {
        throw new MalformedDerException("no extension, or more than " + MAX_EXTENSIONS);
      }
      DerReader extension = list.inside().expect(OBJECT_IDENTIFIER, "extnID");
      String oid = oid(extension);
      extension.next();
      boolean critical = extension.tag() == BOOLEAN;
      if (critical) {
        extension.next();
      }
      if (extension.tag() != OCTET_STRING || extension.left() > 0) {
        throw new MalformedDerException("extension " + oid + " without a value");
      }
      var twice =
          extensions.put(oid, new Extension(critical, list.start(), list.to(), extension.from()));
      if (twice != null) {
        throw new MalformedDerException("extension " + oid + " twice");
      }
    }
  }

  private Instant time(DerReader validity) throws MalformedDerException {
    @Nullable Instant time =
        validity.next() ? DerTime.of(validity.tag(), der, validity.from(), validity.to()) : null;
    if (time == null) {
      throw new MalformedDerException("a validity without two times");
    }
    return time;
  }

  private byte[] element(DerReader at) {
    return Arrays.copyOfRange(der, at.start(), at.to());
  }

  private String oid(DerReader at) {
    return Oids.dotted(der, at.from(), at.to());
  }

  private static void nothingLeft(DerReader reader, String after) throws MalformedDerException {
    if (reader.left() > 0) {
      throw new MalformedDerException(
          "%d bytes follow %s (expected: none)".formatted(reader.left(), after));
    }
  }

  /// The OID of the algorithm that the certificate says it is signed with.
  String algorithm() {
    return algorithm;
  }

  byte[] signature() {
    return signature;
  }

  /// The tbsCertificate: what is signed.
  byte[] tbs() {
    return Arrays.copyOfRange(der, tbsStart, tbsEnd);
  }

  /// The issuer's name, DER.
  byte[] issuer() {
    return issuer;
  }

  /// The subject's name, DER.
  byte[] subject() {
    return subject;
  }

  /// The SubjectPublicKeyInfo.
  byte[] spki() {
    return spki;
  }

  Instant notBefore() {
    return notBefore;
  }

  Instant notAfter() {
    return notAfter;
  }

  /// The extensions by dotted OID.
  Map<String, Extension> extensions() {
    return extensions;
  }

  /// A reader of an extension's value; over nothing if there is no such extension.
  DerReader value(String oid) {
    Extension extension = extensions.get(oid);
    return extension == null
        ? new DerReader(der, 0, 0)
        : new DerReader(der, extension.from(), extension.end());
  }

  /// The bytes of an extension's value that `reader` stands on.
  byte[] contents(DerReader reader) {
    return Arrays.copyOfRange(der, reader.from(), reader.to());
  }

  /// The tbsCertificate without the extension of that OID, everything else byte for byte: what a CT
  /// log signed before the extension was put in. RFC 6962 section 3.2.
  byte[] tbsWithout(String oid) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    extensions.forEach((name, extension) -> {
      if (!name.equals(oid)) {
        kept.write(der, extension.start(), extension.end() - extension.start());
      }
    });
    byte[] list = element(EXPLICIT_EXTENSIONS, element(SEQUENCE, kept.toByteArray()));
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    contents.write(der, tbsFrom, extensionsStart - tbsFrom);
    contents.writeBytes(list);
    return element(SEQUENCE, contents.toByteArray());
  }

  /// An element in DER. X.690 section 10.1: the length in its shortest form.
  private static byte[] element(int tag, byte[] contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(contents.length + 5);
    out.write(tag);
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(contents.length) + 7) / Byte.SIZE;
    if (contents.length < 0x80) {
      bytes = 1;
    } else {
      out.write(0x80 | bytes);
    }
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(contents.length >>> (Byte.SIZE * i));
    }
    out.writeBytes(contents);
    return out.toByteArray();
  }
}
