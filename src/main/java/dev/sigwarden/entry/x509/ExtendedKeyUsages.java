package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BOOLEAN;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The extended key usages of a certificate. RFC 5280 section 4.2.1.12.
public final class ExtendedKeyUsages {
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 2.5.29.37, the contents of its OBJECT IDENTIFIER.
  private static final byte[] EXTENDED_KEY_USAGE = {0x55, 0x1d, 0x25};

  private ExtendedKeyUsages() {}

  /// The usages as dotted OIDs, in order; none if the certificate does not say.
  ///
  /// @throws MalformedSignerException if one could hide: the extension cannot be read, or is there
  ///   twice
  public static List<String> read(byte[] der) throws MalformedSignerException {
    try {
      DerReader tbs =
          new DerReader(der, 0, der.length)
              .expect(SEQUENCE, "certificate")
              .inside()
              .expect(SEQUENCE, "tbsCertificate")
              .inside();
      List<String> usages = new ArrayList<>();
      boolean seen = false;
      while (tbs.next()) {
        if (tbs.tag() != EXPLICIT_EXTENSIONS) {
          continue;
        }
        DerReader extensions = tbs.inside().expect(SEQUENCE, "extensions").inside();
        while (extensions.next()) {
          DerReader extension = extensions.inside().expect(OBJECT_IDENTIFIER, "extnID");
          if (!Arrays.equals(der, extension.from(), extension.to(), EXTENDED_KEY_USAGE, 0, 3)) {
            continue;
          }
          if (seen) {
            throw new MalformedSignerException("certificate: two lists of extended key usages");
          }
          seen = true;
          usages(der, extension, usages);
        }
      }
      return List.copyOf(usages);
    } catch (MalformedDerException e) {
      throw new MalformedSignerException("extended key usages: " + e.getMessage());
    }
  }

  /// SEQUENCE OF OBJECT IDENTIFIER in an OCTET STRING, behind an optional BOOLEAN.
  private static void usages(byte[] der, DerReader extension, List<String> usages)
      throws MalformedDerException {
    extension.next();
    if (extension.tag() == BOOLEAN) {
      extension.next();
    }
    if (extension.tag() != OCTET_STRING) {
      throw new MalformedDerException("no OCTET STRING");
    }
    DerReader list = extension.inside().expect(SEQUENCE, "usages").inside();
    while (list.next()) {
      if (list.tag() != OBJECT_IDENTIFIER) {
        throw new MalformedDerException("a usage with tag 0x%02x".formatted(list.tag()));
      }
      usages.add(Oids.dotted(der, list.from(), list.to()));
    }
  }
}
