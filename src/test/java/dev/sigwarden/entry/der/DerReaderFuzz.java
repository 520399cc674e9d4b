package dev.sigwarden.entry.der;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;

/// Any bytes are walked to their end, the elements covering every byte once, or malformed; what
/// Bouncy Castle reads and writes again unchanged is walked.
class DerReaderFuzz {
  /// The constructed bit of a tag.
  private static final int CONSTRUCTED = 0x20;

  @FuzzTest
  void walk(byte[] bytes) {
    boolean walked = true;
    try {
      walkAll(bytes);
    } catch (MalformedDerException _) {
      walked = false;
    }
    assertThat(walked || !isDer(bytes)).as("DER that was refused").isTrue();
  }

  private static void walkAll(byte[] bytes) throws MalformedDerException {
    Deque<DerReader> open = new ArrayDeque<>();
    open.push(new DerReader(bytes, 0, bytes.length));
    while (!open.isEmpty()) {
      DerReader reader = open.peek();
      if (!reader.next()) {
        assertThat(reader.left()).isZero();
        open.pop();
        continue;
      }
      assertThat(reader.from() + reader.length()).isEqualTo(reader.to());
      assertThat(header(bytes, reader))
          .isEqualTo(Arrays.copyOfRange(bytes, reader.start(), reader.from()));
      contents(bytes, reader);
      if ((reader.tag() & CONSTRUCTED) != 0) {
        open.push(reader.inside());
      }
    }
  }

  /// What the element is asked for, whatever its tag says.
  private static void contents(byte[] bytes, DerReader at) {
    DerTime.of(at.tag(), bytes, at.from(), at.to());
    DerText.of(at.tag(), bytes, at.from(), at.to());
    String oid = Oids.dotted(bytes, at.from(), at.to());
    if (!oid.startsWith("#")) {
      byte[] contents = Arrays.copyOfRange(bytes, at.from(), at.to());
      assertThat(oid).isEqualTo(ASN1ObjectIdentifier.fromContents(contents).getId());
    }
  }

  /// The tag as it stands and the length in its shortest form, written the slow way.
  private static byte[] header(byte[] bytes, DerReader at) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    int tagEnd = at.start() + 1;
    if ((bytes[at.start()] & 0x1f) == 0x1f) {
      while (bytes[tagEnd] < 0) {
        tagEnd++;
      }
      tagEnd++;
    }
    header.write(bytes, at.start(), tagEnd - at.start());
    byte[] length = java.math.BigInteger.valueOf(at.length()).toByteArray();
    int from = length.length > 1 && length[0] == 0 ? 1 : 0;
    if (at.length() >= 0x80) {
      header.write(0x80 | (length.length - from));
    }
    header.write(length, from, length.length - from);
    return header.toByteArray();
  }

  private static boolean isDer(byte[] bytes) {
    try {
      byte[] again = ASN1Primitive.fromByteArray(bytes).getEncoded(ASN1Encoding.DER);
      return Arrays.equals(again, bytes) && !hasLongTag(bytes);
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  /// Whether a tag number of many bytes may be among the bytes, which only Bouncy Castle reads.
  private static boolean hasLongTag(byte[] bytes) {
    for (byte b : bytes) {
      if ((b & 0x1f) == 0x1f) {
        return true;
      }
    }
    return false;
  }
}
