package dev.sigwarden.entry.x509;

import dev.sigwarden.entry.der.Oids;
import java.util.Arrays;

/// Where the Fulcio extensions of one certificate lie in it, each kind once, in the certificate's
/// order. Side by side in one array: nearly every certificate is read only to find that no watch
/// asks for it.
final class FulcioPlaces {
  /// The most Fulcio extensions in one certificate; 24 kinds are defined.
  private static final int MAX = 64;

  /// Extensions that room is made for at first: what a certificate for a workflow has.
  private static final int USUAL = 24;

  /// 1.3.6.1.4.1.57264.1, the contents of its OBJECT IDENTIFIER: what every Fulcio extension's
  /// identifier starts with.
  private static final byte[] ARC = {
    0x2b, 0x06, 0x01, 0x04, 0x01, (byte) 0x83, (byte) 0xbf, 0x30, 1
  };

  /// Indices for each extension: where its identifier's contents and its value start and end.
  private static final int EACH = 4;

  private final byte[] der;
  private int[] places = new int[EACH * USUAL];
  private int count;

  /// The last arcs of the extensions found, those below 64 as bits: all defined ones are.
  private long arcs;

  FulcioPlaces(byte[] der) {
    this.der = der;
  }

  /// Whether the contents `[from, to)` of an OBJECT IDENTIFIER are those of a Fulcio extension.
  static boolean isFulcio(byte[] der, int from, int to) {
    return to - from > ARC.length
        && Arrays.equals(der, from, from + ARC.length, ARC, 0, ARC.length);
  }

  /// Adds an extension whose identifier's contents are `[oidFrom, oidTo)` and whose value, without
  /// the OCTET STRING around it, is `[from, to)`. One that repeats another is odd and left out.
  ///
  /// @throws MalformedSignerException if there is one of its kind that says something else
  void add(int oidFrom, int oidTo, int from, int to, Oddities oddities)
      throws MalformedSignerException {
    if (EACH * count == places.length) {
      places = Arrays.copyOf(places, 2 * places.length);
    }
    places[EACH * count] = oidFrom;
    places[EACH * count + 1] = oidTo;
    places[EACH * count + 2] = from;
    places[EACH * count + 3] = to;
    if (isRepeated(oddities)) {
      return;
    }
    if (count == MAX) {
      throw new MalformedSignerException(
          "certificate: more than %d Fulcio extensions".formatted(MAX));
    }
    count++;
  }

  /// Whether the extension at place `count` is of the same kind as one before it.
  private boolean isRepeated(Oddities oddities) throws MalformedSignerException {
    int arc = arc(count);
    long bit = arc >= 0 && arc < Long.SIZE ? 1L << arc : 0;
    boolean surelyFirst = bit != 0 && (arcs & bit) == 0;
    arcs |= bit;
    for (int other = 0; !surelyFirst && other < count; other++) {
      if (Arrays.equals(der, oidFrom(count), oidTo(count), der, oidFrom(other), oidTo(other))) {
        if (!Arrays.equals(der, from(count), to(count), der, from(other), to(other))) {
          throw new MalformedSignerException(
              "certificate: two extensions %s with different values".formatted(oid(count)));
        }
        oddities.add("the extension %s is repeated".formatted(oid(count)));
        return true;
      }
    }
    return false;
  }

  /// How many extensions there are.
  int count() {
    return count;
  }

  private int oidFrom(int i) {
    return places[EACH * i];
  }

  private int oidTo(int i) {
    return places[EACH * i + 1];
  }

  /// Where the value of extension number `i`, `[0, count())`, starts.
  int from(int i) {
    return places[EACH * i + 2];
  }

  /// Where the value ends, exclusive.
  int to(int i) {
    return places[EACH * i + 3];
  }

  /// The last arc of the identifier if it is below 128, as all defined ones are; else negative.
  int arc(int i) {
    return oidTo(i) - oidFrom(i) == ARC.length + 1 ? der[oidTo(i) - 1] : -1;
  }

  /// The identifier, dotted.
  String oid(int i) {
    FulcioExtension known = FulcioExtension.ofArc(arc(i));
    return known == null ? Oids.dotted(der, oidFrom(i), oidTo(i)) : known.oid();
  }
}
