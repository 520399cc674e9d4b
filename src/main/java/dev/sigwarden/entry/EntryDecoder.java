package dev.sigwarden.entry;

/// Turns the leaves of one entry kind into signing events. Implementations are stateless,
/// thread-safe, have a public constructor without arguments and are found by `ServiceLoader`.
public interface EntryDecoder {
  /// The leaf format that this kind belongs to: `rekor` for JSON entries with `kind` and
  /// `apiVersion`, or a format with one kind only, such as `raw`.
  String format();

  /// The value of `kind` within the format, for example `hashedrekord`; equal to `format()` for a
  /// format with one kind only.
  String kind();

  /// The entry as a signing event, or why it is none. Never throws, whatever the bytes.
  Decoded decode(EntryBytes entry);
}
