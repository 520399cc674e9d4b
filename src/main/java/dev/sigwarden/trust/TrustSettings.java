package dev.sigwarden.trust;

import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.settings.Section;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.tuf.Repository;
import dev.sigwarden.tuf.TufCache;
import dev.sigwarden.tuf.TufClient;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One section of `trust:` in the configuration: where a trusted root comes from, and what becomes
/// of certificates that it does not vouch for.
///
/// @param name the operator's name of it
/// @param source where it comes from
/// @param claims what becomes of the others
public record TrustSettings(String name, Source source, Claims claims) {
  /// Where a trusted root comes from.
  public sealed interface Source {
    /// A file that was read with the configuration.
    record Fixed(TrustedRoot root) implements Source {}

    /// A TUF repository.
    ///
    /// @param url its base, ends with a slash; `http`, `https` or `file`
    /// @param anchor the root that is trusted beforehand, JSON
    /// @param target the path of the trusted root in it
    /// @param cache the folder in which what was believed is kept
    /// @param refresh between two looks at it
    /// @param staleAfter how long it may fail to answer before that is told
    record Tuf(
        URI url, String anchor, String target, Path cache, Duration refresh, Duration staleAfter)
        implements Source {
      /// A client of the repository, which asks nothing yet.
      TufClient client(PoliteHttp http) throws RefusedException {
        return client(
            url.getScheme().equals("file")
                ? new FileRepository(Path.of(url))
                : new HttpRepository(url, http));
      }

      /// The same of another repository, with what is kept of this one.
      TufClient client(Repository repository) throws RefusedException {
        return new TufClient(
            anchor.getBytes(StandardCharsets.UTF_8),
            repository,
            new TufCache(cache),
            target,
            TrustedRoot::parse);
      }
    }
  }

  /// Whether its trusted root can name logs: one that was read already does, one of a repository
  /// may.
  public boolean namesLogs() {
    return switch (source) {
      case Source.Fixed(TrustedRoot root) -> !root.tlogs().isEmpty();
      case Source.Tuf _ -> true;
    };
  }

  /// The same with what was believed kept elsewhere.
  ///
  /// @param folder for all that a repository's client keeps
  public TrustSettings keptIn(Path folder) {
    return switch (source) {
      case Source.Fixed _ -> this;
      case Source.Tuf tuf ->
          new TrustSettings(
              name,
              new Source.Tuf(tuf.url, tuf.anchor, tuf.target, folder, tuf.refresh, tuf.staleAfter),
              claims);
    };
  }

  /// What becomes of unverified claims of watched identities. Anybody can write them into an open
  /// log at no cost, so they are told apart from signatures and no more than so often.
  ///
  /// @param severity how grave one is
  /// @param perHour how many of one log and watch are told one by one in an hour; the others are
  ///   recorded, and counted in the condition `alert-flood`
  public record Claims(Severity severity, int perHour) {
    /// Unless configured: worth knowing, not worth waking anybody.
    public static final Claims DEFAULT = new Claims(Severity.LOW, 5);
  }

  private static final Duration REFRESH = Duration.ofHours(1);
  private static final Duration MIN_REFRESH = Duration.ofMillis(100);
  private static final Duration STALE_AFTER = Duration.ofDays(1);
  private static final Duration MAX = Duration.ofDays(30);
  private static final String TARGET = "trusted_root.json";

  /// Bytes of a built-in root.
  private static final int MAX_BUILT_IN = 64 * 1024;

  /// Reads the key `trust` of a configuration.
  ///
  /// @param state the folder of what the daemon keeps
  public static Map<String, TrustSettings> read(Section root, Path state) {
    return root.sections(
        "trust",
        "whose certificates are believed, by a name of your own that logs refer to",
        section -> one(section, state));
  }

  private static TrustSettings one(Section section, Path state) {
    Map<String, Function<Section, Source>> sources = new LinkedHashMap<>();
    sources.put(
        "public-good",
        it -> builtIn(it, state, "public-good", "https://tuf-repo-cdn.sigstore.dev/"));
    sources.put(
        "staging", it -> builtIn(it, state, "staging", "https://tuf-repo-cdn.sigstage.dev/"));
    sources.put("tuf", it -> tuf(it, state));
    sources.put("trusted-root", TrustSettings::trustedRoot);
    sources.put("authorities", TrustSettings::authorities);
    Optional<Source> source =
        section.variant(
            "source",
            "where the trusted root comes from: one of Sigstore's two public TUF repositories,"
                + " another one, a trusted_root.json, or certificates of your own authorities",
            sources);
    Claims claims =
        section
            .section(
                "unverified",
                "what becomes of certificates that name a watched identity and are not vouched for",
                TrustSettings::claims)
            .orElse(Claims.DEFAULT);
    return new TrustSettings(section.name(), source.orElse(NOTHING), claims);
  }

  /// Stands in for a source that could not be read; a configuration with problems is never used.
  private static final Source NOTHING =
      new Source.Fixed(new TrustedRoot(List.of(), List.of(), List.of(), List.of()));

  private static Claims claims(Section section) {
    return new Claims(
        section.choice(
            "severity", Severity.class, Claims.DEFAULT.severity, "how grave such a claim is"),
        (int)
            section.number(
                "per-hour",
                Claims.DEFAULT.perHour,
                1,
                10_000,
                "how many of one log and watch are told one by one in an hour; all are recorded"));
  }

  private static Source builtIn(Section section, Path state, String name, String url) {
    String resource = "/tuf/%s.root.json".formatted(name);
    try (InputStream in = TrustSettings.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + ": not in the program (expected: built in)");
      }
      String anchor = new String(in.readNBytes(MAX_BUILT_IN), StandardCharsets.UTF_8);
      return repository(section, state, URI.create(url), anchor, TARGET);
    } catch (IOException e) {
      throw new IllegalStateException(resource + ": cannot be read", e);
    }
  }

  private static Source tuf(Section section, Path state) {
    URI url =
        section.url("url", List.of("https", "http", "file"), "the base of the TUF repository");
    String anchor =
        section
            .optionalFile("root-file", "its root.json from a source that you trust, of any version")
            .orElse("");
    String target =
        section.text("target", TARGET, "the path of the trusted root in the repository's targets");
    String base = url.toString();
    Source source =
        repository(
            section, state, URI.create(base.endsWith("/") ? base : base + "/"), anchor, target);
    try {
      if (anchor.isEmpty()) {
        section.problem("root-file", "missing", "the repository's root.json");
      } else {
        var _ = new TufClient(utf8(anchor), NOBODY, new TufCache(state), target, _ -> {});
      }
    } catch (RefusedException e) {
      section.problem("root-file", e.getMessage(), "a root.json signed by its own keys");
    }
    if (target.startsWith("/") || target.contains("..")) {
      section.problem("target", target, "a path without `..` that does not start with /");
    }
    return source;
  }

  /// A repository that has nothing: for who looks at what is kept.
  static final Repository NOBODY = (_, _) -> Optional.empty();

  private static Source repository(
      Section section, Path state, URI url, String anchor, String target) {
    Path cache =
        section
            .optionalPath(
                "cache", "a folder for what was believed; beside the database if not given")
            .orElse(state.resolve("trust").resolve(section.name()));
    return new Source.Tuf(
        url,
        anchor,
        target,
        cache,
        section.duration("refresh", REFRESH, MIN_REFRESH, MAX, "between two looks at it"),
        section.duration(
            "stale-after",
            STALE_AFTER,
            MIN_REFRESH,
            MAX,
            "how long the repository may fail to answer before that is told"));
  }

  private static Source trustedRoot(Section section) {
    Optional<String> file =
        section.optionalFile("file", "a trusted_root.json; read again when the daemon loads");
    return fixed(section, "file", file, text -> TrustedRoot.parse(utf8(text)));
  }

  private static Source authorities(Section section) {
    Optional<String> pem =
        section.optionalFile(
            "ca-file", "PEM certificates of the authorities, those above them included");
    return fixed(section, "ca-file", pem, text -> TrustedRoot.ofAuthorities("PEM", text));
  }

  /// What makes a trusted root of a file's text.
  @FunctionalInterface
  private interface Reader {
    TrustedRoot read(String text) throws RefusedException;
  }

  private static Source fixed(Section section, String key, Optional<String> text, Reader reader) {
    if (text.isEmpty()) {
      section.problem(key, "missing", "a file");
      return NOTHING;
    }
    try {
      return new Source.Fixed(reader.read(text.get()));
    } catch (RefusedException e) {
      section.problem(key, e.getMessage(), "a file of that kind");
      return NOTHING;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
