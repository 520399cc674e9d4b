package dev.sigwarden.entry.raw;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.EntryDecoderContract;
import dev.sigwarden.entry.SigningEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawDecoderTest extends EntryDecoderContract {
  @Override
  protected EntryDecoder decoder() {
    return new RawDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of("abc".getBytes(UTF_8), new byte[300], new byte[0]);
  }

  @Override
  protected boolean refusesCutEntries() {
    return false;
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(new byte[65_535]);
  }

  @Test
  void knows_an_entry_by_its_own_digest_and_no_signer() {
    SigningEvent event =
        ((Decoded.Event) decoder().decode(EntryBytes.of("abc".getBytes(UTF_8)))).event();
    assertThat(event.signers()).isEmpty();
    assertThat(event.version()).isEmpty();
    ArtifactDigest artifact = event.artifacts().getFirst();
    assertThat(artifact.role()).isEqualTo(ArtifactDigest.Role.ENTRY);
    // FIPS 180-2, appendix B.1
    assertThat(artifact.digest().toHex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
