package dev.sigwarden.entry;

import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;

/// Hands an entry to the decoder of its kind, for formats whose entries are JSON objects with
/// `kind` and `apiVersion` as Rekor's are. Which kind it is, is only a first look: the decoder
/// reads the whole entry, and refuses it if it is of another kind.
final class KindDispatch implements EntryDecoder {
  /// The longest kind or version shown in code points; real ones have about 12.
  private static final int MAX_SHOWN = 60;

  /// How every canonical entry (RFC 8785: sorted names) starts.
  private static final byte[] CANONICAL_START = ascii("{\"apiVersion\":\"");

  private static final byte[] CANONICAL_KIND = ascii("\",\"kind\":\"");

  /// The longest canonical version and kind in bytes that the quick look reads.
  private static final int MAX_QUICK = 40;

  private final String format;
  private final Map<String, EntryDecoder> byKind;

  KindDispatch(String format, Map<String, EntryDecoder> byKind) {
    this.format = format;
    this.byKind = Map.copyOf(byKind);
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public String kind() {
    return format;
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    EntryDecoder quick = byKind.get(canonicalKind(entry));
    if (quick != null) {
      return quick.decode(entry);
    }
    String kind = null;
    String version = null;
    try (JsonCursor json = JsonCursor.open(entry.buffer(), entry.offset(), entry.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "kind" -> kind = json.text();
          case "apiVersion" -> version = json.text();
          default -> json.skip();
        }
      }
      json.end();
    } catch (MalformedJsonException e) {
      return new Decoded.Undecodable(format + " entry: " + e.getMessage());
    }
    if (kind == null) {
      return new Decoded.Undecodable(format + " entry: no kind");
    }
    EntryDecoder decoder = byKind.get(kind);
    if (decoder == null) {
      return new Decoded.Undecodable(
          "%s entry: kind %s, version %s (expected: one of the kinds %s)"
              .formatted(
                  format,
                  Sanitizer.clean(kind, MAX_SHOWN),
                  version == null ? "not given" : Sanitizer.clean(version, MAX_SHOWN),
                  new TreeSet<>(byKind.keySet())));
    }
    return decoder.decode(entry);
  }

  /// The kind of an entry in canonical form; empty if it is not, or not at first sight.
  private static String canonicalKind(EntryBytes entry) {
    byte[] bytes = entry.buffer();
    int end = entry.offset() + entry.length();
    int version = after(CANONICAL_START, bytes, entry.offset(), end);
    int versionEnd = quote(bytes, version, end);
    int kind = versionEnd < 0 ? -1 : after(CANONICAL_KIND, bytes, versionEnd, end);
    int kindEnd = quote(bytes, kind, end);
    return kindEnd < 0 ? "" : new String(bytes, kind, kindEnd - kind, StandardCharsets.ISO_8859_1);
  }

  /// The index after `expected`, if it is what the bytes from `from` on start with; else -1.
  private static int after(byte[] expected, byte[] bytes, int from, int end) {
    if (end - from < expected.length) {
      return -1;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[from + i] != expected[i]) {
        return -1;
      }
    }
    return from + expected.length;
  }

  /// The index of the next quote within `MAX_QUICK` bytes, or -1.
  private static int quote(byte[] bytes, int from, int end) {
    for (int i = from; from >= 0 && i < Math.min(end, from + MAX_QUICK); i++) {
      if (bytes[i] == '"') {
        return i;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
