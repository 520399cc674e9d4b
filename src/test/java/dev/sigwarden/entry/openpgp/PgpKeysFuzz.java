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
/// one with a number of too many bits, it takes for another key; here the bytes are the key, as RFC
/// 9580 section 5.5.4 has it, and the comparison ends.
class PgpKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] block) {
    List<PgpSigner> signers;
    byte[] packets;
    try {
      signers = PgpKeys.read(block);
      packets = block[0] < 0 ? block : Armor.open(block);
    } catch (MalformedSignerException _) {
      return;
    }
    signers.forEach(Describe::signer);
    List<String> fingerprints = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean whole = walk(packets, fingerprints, names);
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

  /// Adds what Bouncy Castle reads; whether it read everything.
  private static boolean walk(byte[] packets, List<String> fingerprints, List<String> names) {
    String input = HexFormat.of().formatHex(packets);
    try (BCPGInputStream in = new BCPGInputStream(new ByteArrayInputStream(packets))) {
      Packet packet;
      while ((packet = in.readPacket()) != null) {
        if (packet instanceof PublicKeyPacket key) {
          if (!input.contains(HexFormat.of().formatHex(key.getEncodedContents()))) {
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
