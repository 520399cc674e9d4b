package dev.sigwarden.entry;

/// A decoder that turns a bug in another one into `Undecodable`, so that one entry which hits it
/// cannot stop a log: the only place that catches what a decoder must not throw. The entry is
/// reported like any other that was not understood, and the reason says where the bug is.
final class GuardedDecoder implements EntryDecoder {
  private final EntryDecoder decoder;

  GuardedDecoder(EntryDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public String format() {
    return decoder.format();
  }

  @Override
  public String kind() {
    return decoder.kind();
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    try {
      return decoder.decode(entry);
    } catch (RuntimeException | StackOverflowError e) {
      StackTraceElement[] trace = e.getStackTrace();
      return new Decoded.Undecodable(
          "the decoder for %s failed, which is a bug in it: %s at %s"
              .formatted(
                  decoder.kind(),
                  e.getClass().getSimpleName(),
                  trace.length == 0 ? "an unknown place" : trace[0].toString()));
    }
  }

  /// What `naming` reads of the entry; nothing if it fails: an alert is not lost to a name.
  static ClaimedArtifact claimed(ArtifactNaming naming, EntryBytes entry) {
    try {
      return naming.read(entry);
    } catch (RuntimeException | StackOverflowError _) {
      return ClaimedArtifact.NONE;
    }
  }
}
