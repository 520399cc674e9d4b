package dev.sigwarden.daemon;

import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import dev.sigwarden.store.StorePlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where state is kept, and for how long.
///
/// @param place the database
/// @param folder what is kept beside it: trusted roots as they were last
/// @param keepSent how long a delivery that was made is remembered; findings, evidence and what was
///   given up are kept for good
public record Storage(StorePlace place, Path folder, Duration keepSent) {
  /// A year, and time to write the report on it.
  private static final Duration KEEP_SENT = Duration.ofDays(400);

  private static final Duration LEAST = Duration.ofDays(1);
  private static final Duration MOST = Duration.ofDays(10_000);

  private static final Path FILE = Path.of("data/sigwarden.db");
  private static final String URL = StorePlace.SQLITE + FILE;

  private static final String EXPECTED =
      "`sqlite:` and a path from this file, without a question mark; or"
          + " `postgresql://HOST[:PORT][,HOST…]/DATABASE`, account and options in keys of their own";

  private static final String CERTIFICATE = "client-certificate-file";
  private static final String KEY = "client-key-file";

  /// The driver tells by the name what is in it.
  private static final String KEY_FORM = "PKCS #8 in PEM, in a file called `….key` or `….pem`";

  private static final String FOLDER =
      "what is kept beside the database (default: a file's folder, or `data`)";

  private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
  private static final Pattern SERVER =
      Pattern.compile(
          "postgresql://(" + HOST + "(?:," + HOST + "){0,7})/([A-Za-z0-9_][A-Za-z0-9_.-]{0,62})");

  static final Storage DEFAULT =
      new Storage(new StorePlace.SqlitePath(FILE), Path.of("data"), KEEP_SENT);

  static Storage read(Section storage) {
    Duration keepSent =
        storage.duration(
            "keep-sent",
            KEEP_SENT,
            LEAST,
            MOST,
            "how long deliveries that were made are remembered; findings and evidence always are");
    String url = storage.text("url", URL, EXPECTED);
    Optional<Path> folder = storage.optionalPath("folder", FOLDER);
    Optional<String> user =
        storage.optionalText("user", "PostgreSQL: the account, which owns the tables");
    Optional<Secret> password = storage.secret("password", "PostgreSQL: the account's password");
    StorePlace.Tls tls =
        storage.choice(
            "tls",
            StorePlace.Tls.class,
            StorePlace.Tls.VERIFY_FULL,
            "PostgreSQL: how far the server is checked");
    Optional<Path> authorities =
        storage.optionalPath(
            "ca-file",
            "PostgreSQL: PEM certificates of the only authorities that are trusted for the server");
    authorities.ifPresent(file -> readable(storage, "ca-file", file));
    Optional<StorePlace.Client> client = client(storage, tls, authorities);
    int connections =
        (int)
            storage.number(
                "connections",
                StorePlace.Server.CONNECTIONS,
                2,
                64,
                "PostgreSQL: connections that write, and as many again that read");
    Duration patience =
        storage.duration(
            "statement-timeout",
            StorePlace.Server.PATIENCE,
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            "PostgreSQL: the longest that one statement may take");
    if (url.startsWith(StorePlace.SQLITE)) {
      only(storage, user.isPresent(), "user");
      only(storage, password.isPresent(), "password");
      only(storage, authorities.isPresent(), "ca-file");
      only(storage, client.isPresent(), CERTIFICATE);
      return file(storage, url, folder, keepSent);
    }
    Matcher server = SERVER.matcher(url);
    if (!server.matches()) {
      // What stands there may hold a password.
      storage.problem("url", "not a known kind of database, or more than its address", EXPECTED);
      return DEFAULT;
    }
    if (user.isEmpty()) {
      storage.problem("user", "nothing", "the account of the PostgreSQL database");
    }
    return new Storage(
        new StorePlace.Server(
            server.group(1),
            server.group(2),
            user.orElse("sigwarden"),
            password,
            tls,
            authorities,
            connections,
            patience,
            client),
        folder.orElse(Path.of("data")),
        keepSent);
  }

  /// How the server is shown who we are, if it asks for that.
  private static Optional<StorePlace.Client> client(
      Section storage, StorePlace.Tls tls, Optional<Path> authorities) {
    Optional<Path> certificate =
        storage.optionalPath(
            CERTIFICATE,
            "PostgreSQL: the certificate, with its chain, that the server is shown; PEM");
    Optional<Path> key = storage.optionalPath(KEY, "PostgreSQL: its private key; " + KEY_FORM);
    if (certificate.isPresent() != key.isPresent()) {
      storage.problem(certificate.isPresent() ? KEY : CERTIFICATE, "nothing", "both or neither");
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    if (tls == StorePlace.Tls.OFF || authorities.isEmpty()) {
      storage.problem(CERTIFICATE, "without `ca-file` or TLS", "both, to know whom it is shown");
    }
    if (!key.get().toString().endsWith(".key") && !key.get().toString().endsWith(".pem")) {
      storage.problem(KEY, key.get().toString(), KEY_FORM);
    }
    readable(storage, CERTIFICATE, certificate.get());
    readable(storage, KEY, key.get());
    return Optional.of(new StorePlace.Client(certificate.get(), key.get()));
  }

  /// The driver reads it at each connection.
  private static void readable(Section storage, String key, Path file) {
    if (!Files.isReadable(file)) {
      storage.problem(key, "no file " + file, "a readable PEM file");
    }
  }

  /// What is kept beside the database, for those who may not have its password.
  static Path readFolder(Section storage) {
    storage.skip(
        "keep-sent",
        "user",
        "password",
        "password-file",
        "tls",
        "ca-file",
        CERTIFICATE,
        KEY,
        "connections",
        "statement-timeout");
    String url = storage.text("url", URL, EXPECTED);
    Optional<Path> folder = storage.optionalPath("folder", FOLDER);
    return url.startsWith(StorePlace.SQLITE)
        ? file(storage, url, folder, KEEP_SENT).folder()
        : folder.orElse(DEFAULT.folder());
  }

  private static void only(Section storage, boolean present, String key) {
    if (present) {
      storage.problem(key, "given for a file", "only with a `postgresql:` url");
    }
  }

  private static Storage file(
      Section storage, String url, Optional<Path> folder, Duration keepSent) {
    String text = url.substring(StorePlace.SQLITE.length());
    if (text.isBlank() || text.indexOf('?') >= 0 || text.indexOf('\0') >= 0) {
      storage.problem("url", "not a path after " + StorePlace.SQLITE, EXPECTED);
      return DEFAULT;
    }
    Path path = Path.of(text);
    Path parent = path.getParent();
    return new Storage(
        new StorePlace.SqlitePath(path),
        folder.orElse(parent == null ? Path.of("") : parent),
        keepSent);
  }

  /// The same with paths taken from the configuration file's folder.
  Storage from(Path file) {
    StorePlace based =
        switch (place) {
          case StorePlace.SqlitePath(Path path) -> new StorePlace.SqlitePath(from(file, path));
          case StorePlace.Server server -> server;
        };
    return new Storage(based, from(file, folder), keepSent);
  }

  /// A path taken from the configuration file's folder.
  static Path from(Path file, Path path) {
    Path parent = file.toAbsolutePath().getParent();
    return (parent == null ? Path.of("") : parent).resolve(path).normalize();
  }
}
