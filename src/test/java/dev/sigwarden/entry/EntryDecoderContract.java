package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/// What every decoder of entries keeps to. A new kind's test extends it and brings entries of its
/// own making.
public abstract class EntryDecoderContract {
  private static final int ROUNDS = 4_000;
  private static final long SEED = 20_261_122L;

  /// The most bytes allocated per byte of entry, and beside that: names become strings, strings
  /// become lists, and a parser has buffers.
  private static final long BYTES_PER_BYTE = 60;

  private static final long BYTES_BESIDE = 1 << 20;

  /// The decoder, as `ServiceLoader` makes it.
  protected abstract EntryDecoder decoder();

  /// Valid entries of all versions and shapes.
  protected abstract List<byte[]> samples();

  /// Whether a cut entry must be refused: false for kinds to which any bytes are an entry.
  protected boolean refusesCutEntries() {
    return true;
  }

  /// Whether its entries name artifacts: false for kinds of which a signer is all there is.
  protected boolean namesArtifacts() {
    return true;
  }

  /// Large entries made to cost much, valid or not.
  protected List<byte[]> costly() {
    return List.of();
  }

  @Test
  void is_found_by_the_service_loader() {
    assertThat(ServiceLoader.load(EntryDecoder.class))
        .anySatisfy(found -> assertThat(found).isInstanceOf(decoder().getClass()));
  }

  @Test
  void decodes_its_samples_into_events_of_its_kind() {
    for (byte[] sample : samples()) {
      assertThat(decoder().decode(EntryBytes.of(sample)))
          .isInstanceOfSatisfying(
              Decoded.Event.class,
              decoded -> {
                assertThat(decoded.event().kind()).isEqualTo(decoder().kind());
                assertThat(decoded.event().artifacts().isEmpty()).isEqualTo(!namesArtifacts());
                assertThat(decoded.event().entry().toBytes()).isEqualTo(sample);
              });
    }
  }

  @Test
  void says_the_same_of_an_entry_inside_a_larger_buffer() {
    for (byte[] sample : samples()) {
      byte[] buffer = new byte[sample.length + 77];
      Arrays.fill(buffer, (byte) '"');
      System.arraycopy(sample, 0, buffer, 33, sample.length);
      byte[] before = buffer.clone();
      EntryBytes inside = new EntryBytes(buffer, 33, sample.length);
      assertThat(Describe.decoded(decoder().decode(inside)))
          .isEqualTo(Describe.decoded(decoder().decode(EntryBytes.of(sample))));
      assertThat(buffer).as("the buffer is not written to").isEqualTo(before);
    }
  }

  @Test
  void survives_an_entry_cut_at_every_byte() {
    for (byte[] sample : samples()) {
      for (int length = 0; length < sample.length; length++) {
        Decoded decoded = decoder().decode(EntryBytes.of(Arrays.copyOf(sample, length)));
        Describe.decoded(decoded);
        if (refusesCutEntries()) {
          assertThat(decoded).as("cut to %d", length).isInstanceOf(Decoded.Undecodable.class);
        }
      }
    }
  }

  @Test
  void survives_random_damage_and_says_the_same_twice() {
    Random random = new Random(SEED);
    List<byte[]> samples = samples();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(samples.get(round % samples.size()), random);
      String how = "seed %d, round %d".formatted(SEED, round);
      assertThatCode(
              () -> {
                String once = Describe.decoded(decoder().decode(EntryBytes.of(damaged)));
                String twice = Describe.decoded(decoder().decode(EntryBytes.of(damaged)));
                assertThat(once).as(how).isEqualTo(twice);
              })
          .as(how)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void needs_memory_in_proportion_to_the_entry() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] entry : costly()) {
      claimed(entry);
      long before = threads.getCurrentThreadAllocatedBytes();
      claimed(entry);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated)
          .as("bytes allocated for an entry of %d", entry.length)
          .isLessThan(BYTES_BESIDE + BYTES_PER_BYTE * entry.length);
    }
  }

  private void claimed(byte[] entry) {
    if (decoder().decode(EntryBytes.of(entry)) instanceof Decoded.Event(SigningEvent event)) {
      assertThat(event.claimed().names()).hasSizeLessThanOrEqualTo(ClaimedArtifact.MAX_NAMES);
    }
  }

  @Test
  void keeps_reasons_short_and_plain() {
    Random random = new Random(SEED);
    for (byte[] sample : samples()) {
      for (int round = 0; round < 200; round++) {
        if (decoder().decode(EntryBytes.of(damage(sample, random)))
            instanceof Decoded.Undecodable(String reason)) {
          assertThat(reason).isNotBlank();
          assertThat(reason.codePoints().count()).isLessThan(4_000);
          assertThat(reason.codePoints()).noneMatch(Character::isISOControl);
        }
      }
    }
  }

  /// A copy with one to four flipped bits, overwritten bytes, or a piece cut out or doubled.
  protected static byte[] damage(byte[] sample, Random random) {
    byte[] damaged = sample.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && damaged.length > 0; i++) {
      int at = random.nextInt(damaged.length);
      int to = at + random.nextInt(Math.min(50, damaged.length - at) + 1);
      switch (random.nextInt(5)) {
        case 0, 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> damaged[at] = (byte) random.nextInt(256);
        case 3 -> damaged = joined(damaged, at, damaged, to);
        default -> damaged = joined(damaged, to, damaged, at);
      }
    }
    return damaged;
  }

  private static byte[] joined(byte[] head, int headTo, byte[] tail, int tailFrom) {
    byte[] joined = Arrays.copyOf(head, headTo + tail.length - tailFrom);
    System.arraycopy(tail, tailFrom, joined, headTo, tail.length - tailFrom);
    return joined;
  }
}
