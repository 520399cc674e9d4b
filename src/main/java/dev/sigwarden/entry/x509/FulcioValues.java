package dev.sigwarden.entry.x509;

import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.DerText;
import dev.sigwarden.entry.der.MalformedDerException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Fulcio extensions of one certificate as text. Immutable.
final class FulcioValues {
  private final Map<String, String> byOid;
  private final String issuer;
  private final List<String> oddities;

  private FulcioValues(Map<String, String> byOid, String issuer, List<String> oddities) {
    this.byOid = Collections.unmodifiableMap(byOid);
    this.issuer = issuer;
    this.oddities = oddities;
  }

  /// The values of the extensions at these places of the certificate `der`.
  static FulcioValues read(byte[] der, FulcioPlaces places) {
    Oddities oddities = new Oddities();
    Map<String, String> byOid = LinkedHashMap.newLinkedHashMap(places.count());
    for (int i = 0; i < places.count(); i++) {
      byOid.put(places.oid(i), text(der, places, i, oddities));
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

  private static String text(byte[] der, FulcioPlaces places, int i, Oddities oddities) {
    FulcioExtension known = FulcioExtension.ofArc(places.arc(i));
    int from = places.from(i);
    int to = places.to(i);
    String text = null;
    if (known == null || known.encoding() == FulcioExtension.Encoding.DER) {
      text = derText(der, from, to, known, oddities);
    }
    if (text == null && known != null) {
      // Of the defined ones, RAW or not wrapped as it should be: the bytes are the text.
      text = DerText.utf8(der, from, to);
      if (known.encoding() == FulcioExtension.Encoding.DER) {
        oddities.add("%s is no DER string; read as raw text".formatted(known.configName()));
      }
    }
    if (text == null) {
      return "#" + HexFormat.of().formatHex(der, from, to);
    }
    if (DerText.wasReplaced(text)) {
      oddities.add("%s is not UTF-8".formatted(known == null ? places.oid(i) : known.configName()));
    }
    return text;
  }

  /// The text if the value is one DER string and nothing else; null if it is not.
  private static @Nullable String derText(
      byte[] der, int from, int to, @Nullable FulcioExtension known, Oddities oddities) {
    DerReader value = new DerReader(der, from, to);
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
