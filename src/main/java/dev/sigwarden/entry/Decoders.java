package dev.sigwarden.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/// All entry decoders, by leaf format. Immutable; thread-safe.
public final class Decoders {
  private final Map<String, EntryDecoder> byFormat = new TreeMap<>();

  /// These decoders.
  ///
  /// @throws IllegalArgumentException if two claim the same kind of the same format
  public Decoders(List<EntryDecoder> decoders) {
    Map<String, Map<String, EntryDecoder>> kinds = new HashMap<>();
    for (EntryDecoder decoder : decoders) {
      EntryDecoder other =
          kinds
              .computeIfAbsent(decoder.format(), _ -> new HashMap<>())
              .put(decoder.kind(), new GuardedDecoder(decoder));
      if (other != null) {
        throw new IllegalArgumentException(
            "two decoders for kind %s of format %s".formatted(decoder.kind(), decoder.format()));
      }
    }
    kinds.forEach((format, byKind) -> byFormat.put(format, forKinds(format, byKind)));
  }

  /// The decoders that `ServiceLoader` finds on the class path.
  public static Decoders found() {
    List<EntryDecoder> decoders = new ArrayList<>();
    ServiceLoader.load(EntryDecoder.class, Decoders.class.getClassLoader()).forEach(decoders::add);
    return new Decoders(decoders);
  }

  /// The decoder for leaves of this format. It never throws, and for a format with several kinds
  /// asks the entry which kind it is.
  ///
  /// @throws IllegalArgumentException if no decoder has this format
  public EntryDecoder forFormat(String format) {
    EntryDecoder decoder = byFormat.get(format);
    if (decoder == null) {
      throw new IllegalArgumentException(
          "entry format: %s (expected: one of %s)".formatted(format, byFormat.keySet()));
    }
    return decoder;
  }

  /// The formats that can be decoded, sorted.
  public Set<String> formats() {
    return Collections.unmodifiableSet(byFormat.keySet());
  }

  private static EntryDecoder forKinds(String format, Map<String, EntryDecoder> byKind) {
    EntryDecoder only = byKind.get(format);
    if (only == null) {
      return new GuardedDecoder(new KindDispatch(format, byKind));
    }
    if (byKind.size() > 1) {
      throw new IllegalArgumentException(
          "format %s has one kind only, but decoders for %s".formatted(format, byKind.keySet()));
    }
    return only;
  }
}
