package dev.sigwarden.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A run of consecutive leaves of one log, as views into the buffers that they were received in.
/// Immutable by convention: whoever holds it must not write to the buffers. Whoever asked for it
/// says with `release` that it is done with them.
public final class Leaves {
  /// Stands for no time among times in milliseconds.
  private static final long UNTIMED = Long.MIN_VALUE;

  private final long from;
  private final int count;
  private final byte[][] buffers;
  private final int[] offsets;
  private final int[] lengths;
  private final long @Nullable [] loggedMillis;
  private final List<Besides> besides;
  private final List<MemoryBudget.Charge> charges;

  /// What was sent beside leaves.
  ///
  /// @param from the index of the first of them
  /// @param each what was sent beside leaf number `i` of them, made when it is asked for
  private record Besides(long from, IntFunction<byte[]> each) {}

  private Leaves(
      long from,
      int count,
      byte[][] buffers,
      int[] offsets,
      int[] lengths,
      long @Nullable [] loggedMillis,
      List<Besides> besides,
      List<MemoryBudget.Charge> charges) {
    this.from = from;
    this.count = count;
    this.buffers = buffers;
    this.offsets = offsets;
    this.lengths = lengths;
    this.loggedMillis = loggedMillis;
    this.besides = List.copyOf(besides);
    this.charges = List.copyOf(charges);
  }

  /// The index of the first leaf.
  public long from() {
    return from;
  }

  /// The index after the last leaf.
  public long to() {
    return from + count;
  }

  /// The number of leaves.
  public int count() {
    return count;
  }

  /// The buffer that leaf number `i`, `[0, count)`, lies in.
  public byte[] buffer(int i) {
    return buffers[i];
  }

  /// Where leaf number `i` starts in its buffer, in bytes.
  public int offset(int i) {
    return offsets[i];
  }

  /// The length of leaf number `i`, in bytes.
  public int length(int i) {
    return lengths[i];
  }

  /// A copy of leaf number `i`.
  public byte[] copy(int i) {
    return Arrays.copyOfRange(buffers[i], offsets[i], offsets[i] + lengths[i]);
  }

  /// The leaf at `index` and what the log sent beside it; empty if nothing was, or if the leaf is
  /// not of this run.
  public Optional<Beside> beside(long index) {
    if (index < from || index >= to()) {
      return Optional.empty();
    }
    for (Besides run : besides.reversed()) {
      if (run.from() <= index) {
        byte[] sent = run.each().apply((int) (index - run.from()));
        return Optional.of(new Beside(copy((int) (index - from)), sent));
      }
    }
    return Optional.empty();
  }

  /// When the log says that it took leaf number `i`, if it signed that; empty for logs that keep no
  /// time. No tree proves it.
  public Optional<Instant> loggedAt(int i) {
    return loggedMillis == null || loggedMillis[i] == UNTIMED
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(loggedMillis[i]));
  }

  /// The index of the first leaf that the log says it took after `time`; empty if there is none.
  public OptionalLong loggedAfter(Instant time) {
    if (loggedMillis != null) {
      for (int i = 0; i < count; i++) {
        if (loggedMillis[i] > time.toEpochMilli()) {
          return OptionalLong.of(from + i);
        }
      }
    }
    return OptionalLong.empty();
  }

  /// The index of the first leaf in `[first, end)` that the log says it took before `time`; empty
  /// if there is none. The range may be wider than the run.
  public OptionalLong loggedBefore(Instant time, long first, long end) {
    if (loggedMillis != null) {
      long millis = time.toEpochMilli();
      for (long index = Math.max(first, from); index < Math.min(end, to()); index++) {
        long logged = loggedMillis[(int) (index - from)];
        if (logged != UNTIMED && logged < millis) {
          return OptionalLong.of(index);
        }
      }
    }
    return OptionalLong.empty();
  }

  /// The bytes of all leaves.
  public long byteCount() {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += lengths[i];
    }
    return bytes;
  }

  /// Gives back what the buffers were charged with; the caller drops the leaves. Harmless when
  /// repeated.
  public void release() {
    charges.forEach(MemoryBudget.Charge::close);
  }

  /// Collects leaves in index order.
  public static final class Builder {
    private final long from;
    private int count;
    private byte[][] buffers;
    private int[] offsets;
    private int[] lengths;
    private long @Nullable [] loggedMillis;
    private final List<Besides> besides = new ArrayList<>();
    private final List<MemoryBudget.Charge> charges = new ArrayList<>();

    /// For about `capacity` leaves from index `from` on.
    public Builder(long from, int capacity) {
      this.from = from;
      this.buffers = new byte[Math.max(1, capacity)][];
      this.offsets = new int[buffers.length];
      this.lengths = new int[buffers.length];
    }

    /// Adds the next leaf: `length` bytes at `offset` of `buffer`, not copied.
    public Builder add(byte[] buffer, int offset, int length) {
      if (count == buffers.length) {
        buffers = Arrays.copyOf(buffers, count * 2);
        offsets = Arrays.copyOf(offsets, count * 2);
        lengths = Arrays.copyOf(lengths, count * 2);
        if (loggedMillis != null) {
          loggedMillis = Arrays.copyOf(loggedMillis, count * 2);
          Arrays.fill(loggedMillis, count, count * 2, UNTIMED);
        }
      }
      buffers[count] = buffer;
      offsets[count] = offset;
      lengths[count] = length;
      count++;
      return this;
    }

    /// Says when the log took the leaf that was added last, as it signed.
    public Builder loggedAt(Instant time) {
      if (loggedMillis == null) {
        loggedMillis = new long[buffers.length];
        Arrays.fill(loggedMillis, UNTIMED);
      }
      loggedMillis[count - 1] = time.toEpochMilli();
      return this;
    }

    /// Says what was sent beside the leaves from index `first` on, up to those of the next call.
    ///
    /// @param each what was sent beside leaf number `i` of them; called if somebody asks
    public Builder besides(long first, IntFunction<byte[]> each) {
      besides.add(new Besides(first, each));
      return this;
    }

    /// Takes over a charge for buffers: it is given back when the leaves are released.
    public Builder charge(MemoryBudget.Charge charge) {
      charges.add(charge);
      return this;
    }

    /// Gives back all charges, for leaves that are never built.
    public void release() {
      charges.forEach(MemoryBudget.Charge::close);
    }

    /// The index that the next leaf added gets.
    public long next() {
      return from + count;
    }

    /// The run; the builder must not be used afterwards.
    public Leaves build() {
      return new Leaves(from, count, buffers, offsets, lengths, loggedMillis, besides, charges);
    }
  }
}
