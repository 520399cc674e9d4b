package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A named set of artifacts that were meant to be signed: the digests in a file, read again when
/// the file changes. The grammar of the file is `AllowlistFile`'s.
///
/// Safest is to write a new file and rename it over the old one. A file that is written in place is
/// taken only when it does not change any more and its lines are whole; one that is broken or gone
/// leaves the last good content in force.
public final class Allowlist {
  /// How long a file must have been left alone until its content is believed to be all: two writes
  /// within a second can leave the same time and size behind, and a last line without line break
  /// may be half a line.
  static final Duration SETTLED = Duration.ofSeconds(2);

  private final String name;
  private final Path file;
  private final Clock clock;

  // Written by refresh under this object's lock, read without it.
  private volatile AllowlistFile.Loaded.Content content = AllowlistFile.EMPTY;

  /// What the file looked like when it was last read in a settled state; null to read it again.
  private @Nullable Stamp seen;

  private Optional<String> trouble = Optional.empty();

  /// What tells one state of a file from another without reading it.
  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private Allowlist(String name, Path file, Clock clock) {
    this.name = name;
    this.file = file;
    this.clock = clock;
  }

  /// The list in this file, read now. A file that is missing or no list is a problem of the
  /// section: Sigwarden does not start on half of what its operator meant.
  static Allowlist read(Section section, Clock clock) {
    String meaning =
        "a file with one digest a line: sha256:HEX, then a name and # a comment if wanted";
    Optional<Path> file = section.optionalPath("file", meaning);
    if (file.isEmpty()) {
      section.problem("file", "missing", meaning);
    }
    Allowlist allowlist = new Allowlist(section.name(), file.orElse(Path.of("")), clock);
    if (file.isPresent()) {
      allowlist
          .refresh()
          .ifPresent(reason -> section.problem("file", file.get() + ": " + reason, meaning));
    }
    return allowlist;
  }

  /// The list in this file, empty until it is refreshed.
  static Allowlist of(String name, Path file, Clock clock) {
    return new Allowlist(name, file, clock);
  }

  /// The name.
  public String name() {
    return name;
  }

  /// Digests in the list.
  public int size() {
    return content.count();
  }

  /// Whether the digest is in the list.
  public boolean contains(Digest digest) {
    return content.contains(digest);
  }

  /// Which line covers the certificate, in words; empty if none does.
  Optional<String> covers(IssuedCertificate certificate) {
    return content.covers(certificate);
  }

  /// The SHA-256 of the file in force, in hex; empty if none was read yet.
  String contentSha256() {
    return content.sha256();
  }

  /// Reads the file again if it changed; returns what is wrong with it now.
  synchronized Optional<String> refresh() {
    Stamp before = stamp();
    if (before != null && before.equals(seen)) {
      return trouble;
    }
    AllowlistFile.Loaded loaded = AllowlistFile.load(file);
    Stamp after = stamp();
    boolean settled = after != null && after.equals(before) && isSettled(after);
    seen = settled ? after : null;
    switch (loaded) {
      case AllowlistFile.Loaded.Content read -> {
        // Without anything before it, what there is counts: the next refresh reads it again.
        boolean first = content.sha256().isEmpty();
        if (read.terminated() || settled || first) {
          content = read.sha256().equals(content.sha256()) ? content : read;
          trouble = Optional.empty();
        }
      }
      case AllowlistFile.Loaded.Broken(String reason) -> trouble = Optional.of(reason);
    }
    return trouble;
  }

  private boolean isSettled(Stamp stamp) {
    Instant now = clock.instant();
    Instant modified = stamp.modified.toInstant();
    // A time far ahead is another machine's clock and says nothing.
    return modified.isBefore(now.minus(SETTLED)) || modified.isAfter(now.plus(SETTLED));
  }

  private @Nullable Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException _) {
      return null;
    }
  }
}
