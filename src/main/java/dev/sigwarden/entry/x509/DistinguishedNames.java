package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;
import static dev.sigwarden.entry.der.DerReader.SET;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerText;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Distinguished names as text. RFC 2253 section 2, with `emailAddress` and `serialNumber` as
/// further short names.
final class DistinguishedNames {
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("2.5.4.3", "CN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.8", "ST"),
          Map.entry("2.5.4.9", "STREET"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("0.9.2342.19200300.100.1.1", "UID"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("1.2.840.113549.1.9.1", "emailAddress"));

  private DistinguishedNames() {}

  /// The name whose contents, the elements of its SEQUENCE, are `[from, to)` of `der`; `#` and hex
  /// of them if they are no name.
  static String render(byte[] der, int from, int to) {
    try {
      return text(der, from, to);
    } catch (MalformedDerException _) {
      return "#" + HexFormat.of().formatHex(der, from, to);
    }
  }

  /// Whether the contents are a name.
  static boolean isReadable(byte[] der, int from, int to) {
    try {
      text(der, from, to);
      return true;
    } catch (MalformedDerException _) {
      return false;
    }
  }

  private static String text(byte[] der, int from, int to) throws MalformedDerException {
    List<String> relative = new ArrayList<>();
    DerReader names = new DerReader(der, from, to);
    while (names.next()) {
      if (names.tag() != SET) {
        throw new MalformedDerException("no RelativeDistinguishedName");
      }
      StringBuilder text = new StringBuilder();
      DerReader attributes = names.inside();
      while (attributes.next()) {
        if (!text.isEmpty()) {
          text.append('+');
        }
        attribute(der, attributes, text);
      }
      relative.add(text.toString());
    }
    // RFC 2253 section 2.1: the last comes first.
    return String.join(",", relative.reversed());
  }

  private static void attribute(byte[] der, DerReader at, StringBuilder text)
      throws MalformedDerException {
    if (at.tag() != SEQUENCE) {
      throw new MalformedDerException("no AttributeTypeAndValue");
    }
    DerReader attribute = at.inside().expect(OBJECT_IDENTIFIER, "type");
    String oid = Oids.dotted(der, attribute.from(), attribute.to());
    if (!attribute.next() || attribute.left() > 0) {
      throw new MalformedDerException("not one value");
    }
    String name = SHORT.get(oid);
    String value = DerText.of(attribute.tag(), der, attribute.from(), attribute.to());
    text.append(name == null ? oid : name).append('=');
    if (name == null || value == null) {
      // RFC 2253 section 2.4: types without a short name and values without a text as hex of BER.
      text.append('#').append(HexFormat.of().formatHex(der, attribute.start(), attribute.to()));
    } else {
      escape(value, text);
    }
  }

  /// RFC 2253 section 2.4.
  private static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean edge = i == 0 || i == value.length() - 1;
      if (",+\"\\<>;".indexOf(c) >= 0 || (c == ' ' && edge) || (c == '#' && i == 0)) {
        text.append('\\');
      }
      text.append(c);
    }
  }
}
