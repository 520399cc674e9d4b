package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.Packet;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.UserIDPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;

/// Any bytes are keys and user ids in which Bouncy Castle finds the same, packet by packet, or
/// malformed.
///
/// Bouncy Castle stops at the first packet that it cannot make sense of, a signature for one, which
/// here is passed over: up to there both agree. A key that it does not write as it stood, such as
/// one with bytes behind its numbers, it takes for another key; here the bytes are the key, as RFC
/// 9580 section 5.5.4 has it, and the comparison ends.
class PgpKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] block) {
    List<PgpSigner> signers;
    byte[] packets;
    List<byte[]> bodies;
    try {
      signers = PgpKeys.read(block);
      packets = block[0] < 0 ? block : Armor.open(block);
      bodies = bodies(packets);
    } catch (MalformedSignerException _) {
      return;
    }
    signers.forEach(Describe::signer);
    List<String> fingerprints = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean whole = walk(packets, bodies, fingerprints, names);
    List<String> ours =
        signers.stream().flatMap(one -> one.keyIds().stream()).map(KeyId::value).toList();
    List<String> ourNames = signers.stream().flatMap(one -> one.userIds().stream()).toList();
    agree(ours, fingerprints, whole);
    agree(ourNames, names, whole);
  }

  private static void agree(List<String> ours, List<String> theirs, boolean whole) {
    int compared = whole ? ours.size() : Math.min(ours.size(), theirs.size());
    assertThat(ours.subList(0, compared)).isEqualTo(theirs);
  }

  /// The bodies of the keys.
  private static List<byte[]> bodies(byte[] bytes) throws MalformedSignerException {
    List<byte[]> bodies = new ArrayList<>();
    Packets packets = new Packets(bytes, 0, bytes.length);
    while (packets.next()) {
      if (packets.type() == Packets.PUBLIC_KEY || packets.type() == Packets.PUBLIC_SUBKEY) {
        bodies.add(Arrays.copyOfRange(bytes, packets.from(), packets.to()));
      }
    }
    return bodies;
  }

  /// Adds what Bouncy Castle reads; whether it read everything.
  private static boolean walk(
      byte[] packets, List<byte[]> bodies, List<String> fingerprints, List<String> names) {
    try (BCPGInputStream in = new BCPGInputStream(new ByteArrayInputStream(packets))) {
      Packet packet;
      while ((packet = in.readPacket()) != null) {
        if (packet instanceof PublicKeyPacket key) {
          int number = fingerprints.size();
          if (number < bodies.size()
              && !Arrays.equals(bodies.get(number), key.getEncodedContents())) {
            return false;
          }
          byte[] fingerprint = new JcaKeyFingerprintCalculator().calculateFingerprint(key);
          fingerprints.add(HexFormat.of().formatHex(fingerprint));
        } else if (packet instanceof UserIDPacket name) {
          names.add(new String(name.getRawID(), UTF_8));
        }
      }
      return true;
    } catch (IOException | PGPException | RuntimeException _) {
      return false;
    }
  }
}
