package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.ArtifactNaming;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The frame of one kind of Rekor entry: `{"apiVersion": …, "kind": …, "spec": …}`, in any order.
/// Members that are not known are passed over, since old entries have some.
public final class RekorBody {
  /// The longest kind or version shown in code points; real ones have about 12.
  private static final int MAX_SHOWN = 60;

  /// What one pass over an entry found; each is null if the entry does not have it.
  private record Frame(
      @Nullable String kind, @Nullable String version, @Nullable SigningParts parts) {}

  private final String kind;
  private final Map<String, SpecReader> versions;
  private final ArtifactNaming naming;

  /// The entries of this kind, with a reader of `spec` for each `apiVersion`.
  public RekorBody(String kind, Map<String, SpecReader> versions) {
    this(kind, versions, ArtifactNaming.NONE);
  }

  /// The same of a kind whose entries say more of their artifact than digests.
  public RekorBody(String kind, Map<String, SpecReader> versions, ArtifactNaming naming) {
    this.kind = kind;
    this.versions = Map.copyOf(versions);
    this.naming = naming;
  }

  /// The entry as a signing event, or why it is none.
  public Decoded decode(EntryBytes entry) {
    try {
      Frame frame = read(entry, null);
      if (frame.parts == null && frame.version != null) {
        // The spec came before the version that says how to read it: legal, and not canonical.
        frame = read(entry, frame.version);
      }
      return event(entry, frame);
    } catch (MalformedJsonException | MalformedSignerException e) {
      return undecodable(e.getMessage());
    }
  }

  /// One pass. The spec is read if its version is known when it comes, from `versionKnown` or from
  /// a member before it.
  private Frame read(EntryBytes entry, @Nullable String versionKnown)
      throws MalformedJsonException, MalformedSignerException {
    String foundKind = null;
    String version = versionKnown;
    SigningParts parts = null;
    try (JsonCursor json = JsonCursor.open(entry.buffer(), entry.offset(), entry.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "kind" -> foundKind = json.text();
          case "apiVersion" -> version = json.text();
          case "spec" -> {
            SpecReader reader = version == null ? null : versions.get(version);
            if (reader == null) {
              json.skip();
            } else {
              parts = new SigningParts();
              reader.read(json, parts);
            }
          }
          default -> json.skip();
        }
      }
      json.end();
    }
    return new Frame(foundKind, version, parts);
  }

  private Decoded event(EntryBytes entry, Frame frame) {
    if (!kind.equals(frame.kind)) {
      return undecodable("kind " + shown(frame.kind));
    }
    if (frame.version == null || !versions.containsKey(frame.version)) {
      return undecodable(
          "version %s (expected: one of %s)"
              .formatted(shown(frame.version), new TreeSet<>(versions.keySet())));
    }
    if (frame.parts == null) {
      return undecodable("version %s without spec".formatted(frame.version));
    }
    if (frame.parts.signers().isEmpty() || frame.parts.artifacts().isEmpty()) {
      return undecodable(
          "version %s with %d signers and %d digests (expected: at least one of each)"
              .formatted(
                  frame.version, frame.parts.signers().size(), frame.parts.artifacts().size()));
    }
    return new Decoded.Event(
        new SigningEvent(
            kind, frame.version, frame.parts.signers(), frame.parts.artifacts(), naming, entry));
  }

  private Decoded undecodable(@Nullable String reason) {
    return new Decoded.Undecodable("%s entry: %s".formatted(kind, reason));
  }

  private static String shown(@Nullable String text) {
    return text == null ? "not given" : Sanitizer.clean(text, MAX_SHOWN);
  }
}
