package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerText;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The names of a SubjectAltName extension as text. RFC 5280 section 4.2.1.6.
final class GeneralNames {
  static final int OTHER_NAME = 0xa0;
  static final int RFC822_NAME = 0x81;
  static final int DNS_NAME = 0x82;
  static final int X400_ADDRESS = 0xa3;
  static final int DIRECTORY_NAME = 0xa4;
  static final int EDI_PARTY_NAME = 0xa5;
  static final int URI = 0x86;
  static final int IP_ADDRESS = 0x87;
  static final int REGISTERED_ID = 0x88;

  private static final int EXPLICIT_0 = 0xa0;

  /// Fulcio's user name, the one kind of otherName that is shown without its identifier.
  private static final String FULCIO_USERNAME = FulcioExtension.ARC + ".7";

  private GeneralNames() {}

  /// The name that the reader is at. A name that is not well-formed is kept as it reads, or as hex.
  static SubjectName read(byte[] der, DerReader at, Oddities oddities) {
    int from = at.from();
    int to = at.to();
    return switch (at.tag()) {
      case RFC822_NAME -> ia5(Kind.EMAIL, der, from, to, oddities);
      case DNS_NAME -> ia5(Kind.DNS, der, from, to, oddities);
      case URI -> ia5(Kind.URI, der, from, to, oddities);
      case IP_ADDRESS -> new SubjectName(Kind.IP, ip(der, from, to, oddities));
      case OTHER_NAME -> new SubjectName(Kind.OTHER, other(der, at, oddities));
      case DIRECTORY_NAME -> new SubjectName(Kind.DIRECTORY, directory(der, at, oddities));
      case REGISTERED_ID -> new SubjectName(Kind.REGISTERED_ID, Oids.dotted(der, from, to));
      case X400_ADDRESS -> new SubjectName(Kind.X400, hex(der, from, to));
      case EDI_PARTY_NAME -> new SubjectName(Kind.EDI, hex(der, from, to));
      default -> {
        oddities.add("a subject alternative name of unknown kind 0x%02x".formatted(at.tag()));
        yield new SubjectName(Kind.OTHER, hex(der, at.start(), to));
      }
    };
  }

  private static SubjectName ia5(Kind kind, byte[] der, int from, int to, Oddities oddities) {
    String text = DerText.utf8(der, from, to);
    if (DerText.wasReplaced(text)) {
      oddities.add("a name of kind %s is not UTF-8: %s".formatted(kind.label(), text));
    } else if (text.length() != to - from) {
      // Every character outside ASCII takes more bytes than chars.
      oddities.add("a name of kind %s is not ASCII: %s".formatted(kind.label(), text));
    }
    return new SubjectName(kind, text);
  }

  /// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }, with the
  /// SEQUENCE's tag replaced. Fulcio's user name as it is; others as `OID:value`, the value as text
  /// if it is one string and as hex if not.
  private static String other(byte[] der, DerReader at, Oddities oddities) {
    try {
      DerReader inside = at.inside().expect(OBJECT_IDENTIFIER, "type-id");
      String oid = Oids.dotted(der, inside.from(), inside.to());
      inside.expect(EXPLICIT_0, "value");
      String text = inside.left() == 0 ? string(der, inside.inside()) : null;
      if (text != null && DerText.wasReplaced(text)) {
        oddities.add("an otherName of type %s is not text in its encoding".formatted(oid));
      }
      if (oid.equals(FULCIO_USERNAME) && text != null) {
        return text;
      }
      if (oid.equals(FULCIO_USERNAME)) {
        oddities.add("a Fulcio user name that is no string");
      }
      return oid + ":" + (text == null ? hex(der, inside.from(), at.to()) : text);
    } catch (MalformedDerException e) {
      oddities.add("an otherName that cannot be read: " + e.getMessage());
      return hex(der, at.from(), at.to());
    }
  }

  private static @Nullable String string(byte[] der, DerReader value) throws MalformedDerException {
    if (!value.next() || value.left() > 0) {
      return null;
    }
    return DerText.of(value.tag(), der, value.from(), value.to());
  }

  /// [4] EXPLICIT Name: explicit, because Name is a CHOICE.
  private static String directory(byte[] der, DerReader at, Oddities oddities) {
    try {
      DerReader name = at.inside().expect(SEQUENCE, "Name");
      if (name.left() == 0 && DistinguishedNames.isReadable(der, name.from(), name.to())) {
        return DistinguishedNames.render(der, name.from(), name.to());
      }
    } catch (MalformedDerException _) {
      // Said below, like a name that is framed well and is none.
    }
    oddities.add("a directoryName that cannot be read");
    return hex(der, at.from(), at.to());
  }

  private static String ip(byte[] der, int from, int to, Oddities oddities) {
    return switch (to - from) {
      case 4 ->
          "%d.%d.%d.%d"
              .formatted(
                  der[from] & 0xff,
                  der[from + 1] & 0xff,
                  der[from + 2] & 0xff,
                  der[from + 3] & 0xff);
      case 16 -> ipv6(der, from);
      default -> {
        oddities.add("an iPAddress of %d bytes (expected: 4 or 16)".formatted(to - from));
        yield hex(der, from, to);
      }
    };
  }

  /// RFC 5952 section 4: lowercase, no leading zeros, the first longest run of two or more zero
  /// groups as `::`.
  private static String ipv6(byte[] der, int from) {
    int[] groups = new int[8];
    int runStart = -1;
    int runLength = 1;
    for (int i = 0, zeros = 0; i < 8; i++) {
      groups[i] = (der[from + 2 * i] & 0xff) << 8 | (der[from + 2 * i + 1] & 0xff);
      zeros = groups[i] == 0 ? zeros + 1 : 0;
      if (zeros > runLength) {
        runLength = zeros;
        runStart = i - zeros + 1;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (i > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static String hex(byte[] der, int from, int to) {
    return "#" + HexFormat.of().formatHex(der, from, to);
  }
}
