package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.Digest;
import java.io.ByteArrayOutputStream;

/// Where a TBSCertificate lies and what certificate transparency put into it: the list of
/// timestamps (1.3.6.1.4.1.11129.2.4.2) and the poison of a precertificate (…2.4.3). Without them a
/// certificate and its precertificate are the same bytes. RFC 6962 sections 3.1 to 3.3.
///
/// They are cut from the original bytes and only the lengths around them are written anew: nothing
/// is encoded again, so that an authority's oddities stay as they are on both sides.
final class TbsCut {
  private static final int EXPLICIT_EXTENSIONS = 0xa3;

  /// 1.3.6.1.4.1.11129.2.4, the contents of its OBJECT IDENTIFIER: the arc that both hang from.
  private static final byte[] ARC = {0x2b, 0x06, 0x01, 0x04, 0x01, (byte) 0xd6, 0x79, 0x02, 0x04};

  private static final int TIMESTAMPS = 2;
  private static final int POISON = 3;

  private final byte[] der;

  // Indices into `der`: the whole element, its contents, the element [3] of the extensions, and the
  // contents of the list in it.
  private final int start;
  private final int from;
  private final int to;
  private int explicitStart;
  private int explicitTo;
  private int listFrom;
  private int listTo;

  // Where the timestamps and the poison are, if they are; in the order of the list.
  private final int[] cutFrom = new int[2];
  private final int[] cutTo = new int[2];
  private int cuts;
  private int seen;

  /// Whether an element to cut is there twice, or extensions are: then nothing is cut, since
  /// readers differ in which one they would take.
  private boolean doubled;

  /// The TBSCertificate whose element starts at `start` and has its contents in `[from, to)`.
  TbsCut(byte[] der, int start, int from, int to) {
    this.der = der;
    this.start = start;
    this.from = from;
    this.to = to;
  }

  /// The extensions are in the element [3] from `explicitStart` to `explicitTo`, the contents of
  /// their list in `[listFrom, listTo)`.
  void extensions(int explicitStart, int explicitTo, int listFrom, int listTo) {
    doubled |= this.explicitTo != 0;
    this.explicitStart = explicitStart;
    this.explicitTo = explicitTo;
    this.listFrom = listFrom;
    this.listTo = listTo;
  }

  /// An extension is the element in `[elementFrom, elementTo)`, its identifier in `[oidFrom,
  /// oidTo)`.
  void extension(int oidFrom, int oidTo, int elementFrom, int elementTo) {
    if (oidTo - oidFrom != ARC.length + 1) {
      return;
    }
    int last = der[oidTo - 1];
    if (last != TIMESTAMPS && last != POISON) {
      return;
    }
    for (int i = 0; i < ARC.length; i++) {
      if (der[oidFrom + i] != ARC[i]) {
        return;
      }
    }
    int bit = 1 << last;
    if ((seen & bit) != 0) {
      doubled = true;
      return;
    }
    seen |= bit;
    cutFrom[cuts] = elementFrom;
    cutTo[cuts++] = elementTo;
  }

  /// SHA-256 of the TBSCertificate without them.
  Digest sha256() {
    if (cuts == 0 || doubled || explicitTo == 0) {
      return Digest.sha256(der, start, to - start);
    }
    byte[] cut = cut();
    return Digest.sha256(cut, 0, cut.length);
  }

  private byte[] cut() {
    int list = listTo - listFrom;
    for (int i = 0; i < cuts; i++) {
      list -= cutTo[i] - cutFrom[i];
    }
    int explicit = headerLength(list) + list;
    int contents = (explicitStart - from) + headerLength(explicit) + explicit + (to - explicitTo);
    ByteArrayOutputStream out = new ByteArrayOutputStream(headerLength(contents) + contents);
    header(out, SEQUENCE, contents);
    out.write(der, from, explicitStart - from);
    header(out, EXPLICIT_EXTENSIONS, explicit);
    header(out, SEQUENCE, list);
    int at = listFrom;
    for (int i = 0; i < cuts; i++) {
      out.write(der, at, cutFrom[i] - at);
      at = cutTo[i];
    }
    out.write(der, at, listTo - at);
    out.write(der, explicitTo, to - explicitTo);
    return out.toByteArray();
  }

  /// Bytes of tag and length of an element with that many bytes of contents. X.690 section 10.1:
  /// the length in its shortest form.
  private static int headerLength(int contents) {
    return contents < 0x80 ? 2 : 2 + lengthBytes(contents);
  }

  private static int lengthBytes(int length) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
  }

  private static void header(ByteArrayOutputStream out, int tag, int contents) {
    out.write(tag);
    if (contents < 0x80) {
      out.write(contents);
      return;
    }
    int bytes = lengthBytes(contents);
    out.write(0x80 | bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(contents >>> (Byte.SIZE * i));
    }
  }
}
