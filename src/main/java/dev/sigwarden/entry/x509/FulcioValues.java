package dev.sigwarden.entry.x509;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerText;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Fulcio extensions of one certificate as text. Immutable.
final class FulcioValues {
  /// Where one extension lies in the certificate: its identifier's contents in `[oidFrom, oidTo)`,
  /// its value, without the OCTET STRING around it, in `[from, to)`.
  record Item(int oidFrom, int oidTo, int from, int to) {
    /// The last arc if it is below 128, as all defined ones are; else -1.
    private int arc(byte[] der) {
      return oidTo - oidFrom == Certificates.FULCIO_ARC.length + 1 && der[oidTo - 1] >= 0
          ? der[oidTo - 1]
          : -1;
    }

    /// The last arc as one bit, if it is below 64; else 0.
    long arcBit(byte[] der) {
      int arc = arc(der);
      return arc >= 0 && arc < Long.SIZE ? 1L << arc : 0;
    }

    /// Whether both have the same identifier.
    boolean sameKind(byte[] der, Item other) {
      return der[oidTo - 1] == der[other.oidTo - 1]
          && Arrays.equals(der, oidFrom, oidTo, der, other.oidFrom, other.oidTo);
    }

    /// Whether both have the same value.
    boolean sameValue(byte[] der, Item other) {
      return Arrays.equals(der, from, to, der, other.from, other.to);
    }

    /// The identifier, dotted.
    String oid(byte[] der) {
      FulcioExtension known = FulcioExtension.ofArc(arc(der));
      return known == null ? Oids.dotted(der, oidFrom, oidTo) : known.oid();
    }
  }

  private final Map<String, String> byOid;
  private final String issuer;
  private final List<String> oddities;

  private FulcioValues(Map<String, String> byOid, String issuer, List<String> oddities) {
    this.byOid = Collections.unmodifiableMap(byOid);
    this.issuer = issuer;
    this.oddities = oddities;
  }

  /// The values of these extensions of the certificate `der`.
  static FulcioValues read(byte[] der, List<Item> items) {
    Oddities oddities = new Oddities();
    Map<String, String> byOid = LinkedHashMap.newLinkedHashMap(items.size());
    for (Item item : items) {
      byOid.put(item.oid(der), text(der, item, oddities));
    }
    return new FulcioValues(byOid, issuer(byOid, oddities), oddities.toList());
  }

  /// The values by dotted OID, in the certificate's order.
  Map<String, String> byOid() {
    return byOid;
  }

  /// The OIDC issuer; empty if there is none.
  String issuer() {
    return issuer;
  }

  /// What is odd about the values.
  List<String> oddities() {
    return oddities;
  }

  /// The newer form where there is one, as Sigstore's own verifiers do.
  private static String issuer(Map<String, String> byOid, Oddities oddities) {
    String v1 = byOid.getOrDefault(FulcioExtension.ISSUER_V1.oid(), "");
    String v2 = byOid.getOrDefault(FulcioExtension.ISSUER_V2.oid(), "");
    if (!v1.isEmpty() && !v2.isEmpty() && !v1.equals(v2)) {
      oddities.add("the two issuer extensions differ: 1.8 says %s, 1.1 says %s".formatted(v2, v1));
    }
    return v2.isEmpty() ? v1 : v2;
  }

  private static String text(byte[] der, Item item, Oddities oddities) {
    FulcioExtension known = FulcioExtension.ofArc(item.arc(der));
    String text = null;
    if (known == null || known.encoding() == FulcioExtension.Encoding.DER) {
      text = derText(der, item, known, oddities);
    }
    if (text == null && known != null) {
      // Of the defined ones, RAW or not wrapped as it should be: the bytes are the text.
      text = DerText.utf8(der, item.from, item.to);
      if (known.encoding() == FulcioExtension.Encoding.DER) {
        oddities.add("%s is no DER string; read as raw text".formatted(known.configName()));
      }
    }
    if (text == null) {
      return "#" + HexFormat.of().formatHex(der, item.from, item.to);
    }
    if (DerText.wasReplaced(text)) {
      oddities.add("%s is not UTF-8".formatted(known == null ? item.oid(der) : known.configName()));
    }
    return text;
  }

  /// The text if the value is one DER string and nothing else; null if it is not.
  private static @Nullable String derText(
      byte[] der, Item item, @Nullable FulcioExtension known, Oddities oddities) {
    DerReader value = new DerReader(der, item.from, item.to);
    try {
      if (!value.next() || value.left() > 0) {
        return null;
      }
    } catch (MalformedDerException _) {
      return null;
    }
    String text = DerText.of(value.tag(), der, value.from(), value.to());
    if (text != null && known != null && value.tag() != DerText.UTF8_STRING) {
      oddities.add(
          "%s is a string with tag 0x%02x (expected: 0x0c, UTF8String)"
              .formatted(known.configName(), value.tag()));
    }
    return text;
  }
}
