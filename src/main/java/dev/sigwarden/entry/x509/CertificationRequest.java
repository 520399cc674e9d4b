package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BIT_STRING;
import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;
import static dev.sigwarden.entry.der.DerReader.SET;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.Arrays;
import java.util.List;

/// A request for a certificate: the key that it asks for and the names. PKCS #10, RFC 2986 section
/// 4; names in the attribute extensionRequest, RFC 2985 section 5.4.2.
///
/// @param keySha256 SHA-256 of the key's SubjectPublicKeyInfo
/// @param names every name asked for, those of the subject first
public record CertificationRequest(Digest keySha256, List<SubjectName> names) {
  private static final int ATTRIBUTES = 0xa0;
  private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";

  public CertificationRequest {
    names = List.copyOf(names);
  }

  /// Reads a request; its signature must be by the key that it holds.
  ///
  /// @throws MalformedSignerException if it is none, or holds a part that cannot be read
  public static CertificationRequest read(byte[] der) throws MalformedSignerException {
    try {
      return request(der);
    } catch (MalformedDerException e) {
      throw new MalformedSignerException("certificate request: " + e.getMessage());
    }
  }

  private static CertificationRequest request(byte[] der)
      throws MalformedDerException, MalformedSignerException {
    DerReader outer = new DerReader(der, 0, der.length).expect(SEQUENCE, "request");
    DerReader inside = outer.inside().expect(SEQUENCE, "certificationRequestInfo");
    byte[] signed = Arrays.copyOfRange(der, inside.start(), inside.to());
    NameWalk walk = new NameWalk(der, new Oddities());
    DerReader info = inside.inside().expect(INTEGER, "version");
    walk.distinguishedName(info.expect(SEQUENCE, "subject"), "the subject");
    info.expect(SEQUENCE, "subjectPKInfo");
    PublicKeys.check(der, info.start(), info.to());
    byte[] spki = Arrays.copyOfRange(der, info.start(), info.to());
    if (info.next()) {
      if (info.tag() != ATTRIBUTES) {
        throw new MalformedDerException("tag 0x%02x after the key".formatted(info.tag()));
      }
      attributes(der, info.inside(), walk);
    }
    inside.expect(SEQUENCE, "signatureAlgorithm");
    DerReader algorithm = inside.inside().expect(OBJECT_IDENTIFIER, "algorithm");
    String oid = Oids.dotted(der, algorithm.from(), algorithm.to());
    inside.expect(BIT_STRING, "signature");
    if (inside.length() < 1 || inside.left() + outer.left() + info.left() > 0) {
      throw new MalformedDerException("bytes where none belong");
    }
    byte[] signature = Arrays.copyOfRange(der, inside.from() + 1, inside.to());
    boolean held =
        Signatures.named(oid)
            .flatMap(name ->
                Signatures.key(spki).map(key -> Signatures.holds(name, key, signed, signature)))
            .orElse(false);
    if (!held) {
      throw new MalformedSignerException(
          "certificate request: its signature by %s does not hold".formatted(oid));
    }
    String unread = walk.unread();
    if (unread != null) {
      throw new MalformedSignerException("certificate request: " + unread);
    }
    return new CertificationRequest(Digest.sha256(spki, 0, spki.length), walk.all());
  }

  private static void attributes(byte[] der, DerReader each, NameWalk walk)
      throws MalformedDerException {
    while (each.next()) {
      DerReader attribute = each.inside().expect(OBJECT_IDENTIFIER, "attribute");
      if (!Oids.dotted(der, attribute.from(), attribute.to()).equals(EXTENSION_REQUEST)) {
        continue;
      }
      DerReader values = attribute.expect(SET, "values").inside();
      DerReader list = values.expect(SEQUENCE, "extensions").inside();
      while (list.next()) {
        DerReader extension = list.inside().expect(OBJECT_IDENTIFIER, "extnID");
        if (!Oids.dotted(der, extension.from(), extension.to()).equals(SUBJECT_ALT_NAME)) {
          continue;
        }
        boolean found = false;
        while (!found && extension.next()) {
          found = extension.tag() == OCTET_STRING;
        }
        walk.alternativeNames(extension.inside());
      }
    }
  }
}
