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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A named set of artifacts that were meant to be signed: the digests in a file, read again when
/// the file changes, and the lines that came through the API or from a topic, if it takes any. The
/// grammar of all is `AllowlistFile`'s.
///
/// Safest is to write a new file and rename it over the old one. A file that is written in place is
/// taken only when it does not change any more and its lines are whole; one that is broken or gone
/// leaves the last good content in force.
public final class Allowlist {
  /// How long a file must have been left alone until its content is believed to be all: two writes
  /// within a second can leave the same time and size behind, and a last line without line break
  /// may be half a line.
  static final Duration SETTLED = Duration.ofSeconds(2);

  /// Stands for none.
  private static final Path NO_FILE = Path.of("");

  private final String name;
  private final Path file;

  /// Whether the file is where its list may have it: who may change it may make it a link.
  private final Predicate<Path> reach;

  private final Terms terms;

  /// The logs and families that a line may name; empty for any.
  private final Optional<Set<String>> logs;

  private final Clock clock;
  private final SubmittedLines submitted = new SubmittedLines();

  // Written by refresh under this object's lock, read without it.
  private volatile AllowlistFile.Loaded.Content content = AllowlistFile.EMPTY;

  /// What the file looked like when it was last read in a settled state; null to read it again.
  private @Nullable Stamp seen;

  private Optional<String> trouble = Optional.empty();

  /// What tells one state of a file from another without reading it.
  private record Stamp(
      FileTime modified,
      long size,
      @Nullable Object key,
      Optional<FileTime> signed,
      Optional<String> basis) {}

  /// What a list asks of who changes it.
  ///
  /// @param api whether it takes lines through the API
  /// @param topic whether lines come from a topic
  /// @param told how grave the alert on each change is; empty for none
  /// @param signer who has to sign its lines; empty for nobody
  /// @param missing how grave it is if an entry does not appear that the list says must; empty for
  ///   as grave as the gravest watch that goes by the list
  public record Terms(
      boolean api,
      boolean topic,
      Optional<Severity> told,
      Optional<AllowlistSigner> signer,
      Optional<Severity> missing) {
    static final Terms NONE = of(false);

    private static Terms of(boolean api) {
      return new Terms(api, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Terms read(Section section, Allowlists.Setting setting) {
      boolean api = section.flag("api", false, "take lines through the API too");
      boolean topic = setting.topics().test(section);
      Optional<Severity> told =
          severity(section, "announce", "tell of each change as gravely as this");
      Optional<AllowlistSigner> key = key(section);
      Optional<AllowlistSigner> identity = setting.signers().apply(section);
      if (key.isPresent() && identity.isPresent()) {
        section.problem("signed-by", "a key, and an identity as well", "one of the two");
      }
      return new Terms(
          api,
          topic,
          told,
          key.or(() -> identity),
          severity(
              section,
              "missing",
              "how grave it is if an entry is missing that a line with due: says must appear; by"
                  + " default as grave as the gravest watch that goes by the list"));
    }

    /// Whether lines come in that the database keeps.
    public boolean isFed() {
      return api || topic;
    }

    private static Optional<Severity> severity(Section section, String key, String meaning) {
      List<Severity> severities = section.choices(key, Severity.class, meaning);
      if (severities.size() > 1) {
        section.problem(key, severities.size() + " severities", "one severity");
      }
      return severities.stream().findFirst();
    }

    private static Optional<AllowlistSigner> key(Section section) {
      Optional<String> key =
          section.optionalFile("signed-by", "the public key that has to sign its lines");
      if (key.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(AllowlistKey.of(key.get()));
      } catch (MalformedKeyException e) {
        section.problem(
            "signed-by", String.valueOf(e.getMessage()), "a public key of minisign or OpenSSH");
        return Optional.empty();
      }
    }
  }

  private Allowlist(
      String name,
      Path file,
      Predicate<Path> reach,
      Terms terms,
      Optional<Set<String>> logs,
      Clock clock) {
    this.name = name;
    this.file = file;
    this.reach = reach;
    this.terms = terms;
    this.logs = logs;
    this.clock = clock;
  }

  /// The list in this file, read now. A file that is missing or no list is a problem of the
  /// section: Sigwarden does not start on half of what its operator meant. One whose signature
  /// cannot be checked yet is read once it can.
  static Allowlist read(Section section, Allowlists.Setting setting, Clock clock) {
    String meaning =
        "a file with one digest a line: sha256:HEX, then a name and # a comment if wanted";
    Optional<Path> file = section.optionalPath("file", meaning);
    Terms terms = Terms.read(section, setting);
    if (file.isEmpty() && !terms.isFed()) {
      section.problem("file", "missing, and neither api: true nor kafka", meaning);
    }
    Allowlist allowlist =
        new Allowlist(
            section.name(), file.orElse(NO_FILE), section.reach(), terms, setting.logs(), clock);
    if (file.isPresent()) {
      boolean early = terms.signer().filter(it -> it.basis().isEmpty()).isPresent();
      allowlist
          .refresh()
          .filter(_ -> !early)
          .ifPresent(reason -> section.problem("file", file.get() + ": " + reason, meaning));
    }
    return allowlist;
  }

  /// The list in this file, empty until it is refreshed.
  static Allowlist of(String name, Path file, Clock clock) {
    return new Allowlist(name, file, _ -> true, Terms.NONE, Optional.empty(), clock);
  }

  /// A list without a file that takes lines through the API.
  static Allowlist submitted(String name) {
    return submitted(name, Optional.empty());
  }

  /// The same, whose lines may name these logs.
  static Allowlist submitted(String name, Optional<Set<String>> logs) {
    return new Allowlist(name, NO_FILE, _ -> true, Terms.of(true), logs, Clock.systemUTC());
  }

  /// The name.
  public String name() {
    return name;
  }

  /// What it asks of who changes it.
  public Terms terms() {
    return terms;
  }

  /// The file; empty if there is none.
  public Optional<Path> file() {
    return file.equals(NO_FILE) ? Optional.empty() : Optional.of(file);
  }

  /// What came through the API.
  SubmittedLines submitted() {
    return submitted;
  }

  /// Whether there is room for these lines beside those that came in, counted as if none of them
  /// were there.
  public boolean hasRoomFor(Submission submission) {
    return submitted.hasRoomFor(submission);
  }

  /// Digests in the list.
  public int size() {
    return content.count() + submitted.size();
  }

  /// Digests and rules in the file in force.
  public int fileSize() {
    return content.count();
  }

  /// What the file in force says must appear.
  public List<ExpectedEntry> expected() {
    return content.expected();
  }

  /// What is wrong with the logs that entries are said to appear in, printable; empty if nothing
  /// is.
  public Optional<String> unknown(List<ExpectedEntry> entries) {
    return entries.stream()
        .map(ExpectedEntry::log)
        .filter(log -> !log.isEmpty() && logs.isPresent() && !logs.get().contains(log))
        .findFirst()
        .map(log ->
            "log:%s: no log of this name is judged (expected: one of %s)"
                .formatted(log, String.join(", ", logs.orElseThrow())));
  }

  /// Whether the digest is in the list.
  public boolean contains(Digest digest) {
    return content.contains(digest) || submitted.contains(digest);
  }

  /// Which line covers the certificate, in words; empty if none does.
  Optional<String> covers(IssuedCertificate certificate) {
    Optional<String> line = content.covers(certificate);
    return line.isPresent() ? line : submitted.covers(certificate);
  }

  /// The SHA-256 of the file in force, in hex; empty if none was read yet.
  public String contentSha256() {
    return content.sha256();
  }

  /// Reads the file again if it changed; returns what is wrong with it now.
  synchronized Optional<String> refresh() {
    if (file.equals(NO_FILE)) {
      return trouble;
    }
    Stamp before = stamp();
    if (before != null && before.equals(seen)) {
      return trouble;
    }
    AllowlistFile.Loaded loaded = load();
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

  private AllowlistFile.Loaded load() {
    if (!reach.test(file)) {
      // What is wrong with its lines would be told, with their text.
      return new AllowlistFile.Loaded.Broken("a link out of the folder that it may be in");
    }
    AllowlistFile.Loaded loaded =
        terms
            .signer()
            .map(signer -> SignedFile.load(file, name, signer))
            .orElseGet(() -> AllowlistFile.load(file));
    return loaded instanceof AllowlistFile.Loaded.Content read
        ? unknown(read.expected())
            .<AllowlistFile.Loaded>map(AllowlistFile.Loaded.Broken::new)
            .orElse(read)
        : loaded;
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
      return new Stamp(
          attributes.lastModifiedTime(),
          attributes.size(),
          attributes.fileKey(),
          terms.signer().isEmpty() ? Optional.empty() : SignedFile.lastSigned(file),
          terms.signer().flatMap(AllowlistSigner::basis));
    } catch (IOException _) {
      return null;
    }
  }
}
