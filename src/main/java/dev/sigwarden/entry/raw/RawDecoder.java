package dev.sigwarden.entry.raw;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import java.util.List;

/// Decodes any bytes: an event without signer whose one artifact is the entry itself.
@AutoService(EntryDecoder.class)
public final class RawDecoder implements EntryDecoder {
  @Override
  public String format() {
    return "raw";
  }

  @Override
  public String kind() {
    return "raw";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    Digest digest = Digest.sha256(entry.buffer(), entry.offset(), entry.length());
    return new Decoded.Event(
        new SigningEvent(
            "raw",
            "",
            List.of(),
            List.of(new ArtifactDigest(digest, ArtifactDigest.Role.ENTRY)),
            entry));
  }
}
