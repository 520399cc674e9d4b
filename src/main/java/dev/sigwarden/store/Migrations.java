package dev.sigwarden.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/// The schema's versions, each a script in `db/migration` that runs once. One set of scripts serves
/// every database; placeholders stand for what differs. A new version is a new file and its line in
/// `SCRIPTS`; what only a server has is in `SERVER_SCRIPTS`.
///
/// Scripts are named here and not searched for: searching the class path works differently in a
/// jar, in Quarkus's class loader and in tests, and may load what somebody else put there.
final class Migrations {
  private static final String FOLDER = "/db/migration/";

  /// Oldest first. A script that was ever released is never changed: Flyway compares checksums.
  private static final List<String> SCRIPTS =
      List.of(
          "V1__first.sql",
          "V2__flood_and_retention.sql",
          "V3__families.sql",
          "V4__keys_of_members.sql",
          "V5__certificates.sql",
          "V6__lists_of_families.sql",
          "V7__ledgers.sql",
          "V8__lifecycle.sql",
          "V12__api.sql",
          "V13__scans.sql",
          "V14__coverage.sql",
          "V15__expected_entries.sql",
          "V16__drills.sql",
          "V17__feeds.sql",
          "V19__digests.sql");

  /// What a server has besides, which a file needs not.
  private static final List<String> SERVER_SCRIPTS =
      List.of("V10__replicas.sql", "V11__news.sql", "V14_1__revisions.sql");

  private Migrations() {}

  /// What differs between databases.
  enum Kind {
    /// A file of one process.
    SQLITE("BLOB"),
    /// A server that replicas share.
    POSTGRESQL("BYTEA");

    /// The type of a byte string.
    private final String bytes;

    Kind(String bytes) {
      this.bytes = bytes;
    }

    private List<String> scripts() {
      return switch (this) {
        case SQLITE -> SCRIPTS;
        case POSTGRESQL -> Stream.concat(SCRIPTS.stream(), SERVER_SCRIPTS.stream()).toList();
      };
    }
  }

  /// Brings the database to the newest version. Of several processes that do so at the same time
  /// one does, and the others wait.
  ///
  /// @throws StoreException if a script fails, was changed, or is not known because a later
  ///   Sigwarden wrote this database
  static void run(DataSource database, Kind kind) {
    run(database, kind, "latest");
  }

  /// The same up to the version `target`.
  static void run(DataSource database, Kind kind, String target) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(database)
          .resourceProvider(new Scripts(kind.scripts()))
          .javaMigrationClassProvider(List::of)
          .placeholders(Map.of("bytes", kind.bytes))
          .target(target)
          .ignoreMigrationPatterns(new String[0])
          .load()
          .migrate();
    } catch (FlywayException e) {
      String why = refusal(e).orElseGet(() -> "was it written by a later one? " + e.getMessage());
      throw new StoreException(
          "the database's schema could not be brought to this version: " + why, e);
    }
  }

  /// What the database itself said, a full disk for one; empty if it was not the database's no.
  private static Optional<String> refusal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException) {
        return Optional.ofNullable(cause.getMessage());
      }
    }
    return Optional.empty();
  }

  private static final class Scripts implements ResourceProvider {
    private final List<String> scripts;

    Scripts(List<String> scripts) {
      this.scripts = scripts;
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
      String file = name.substring(name.lastIndexOf('/') + 1);
      return scripts.contains(file) ? new Script(file) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return scripts.stream()
          .filter(name -> name.startsWith(prefix))
          .filter(name -> Arrays.stream(suffixes).anyMatch(name::endsWith))
          .<LoadableResource>map(Script::new)
          .toList();
    }
  }

  private static final class Script extends LoadableResource {
    private final String name;

    Script(String name) {
      this.name = name;
    }

    @Override
    public Reader read() {
      try (InputStream in = Migrations.class.getResourceAsStream(FOLDER + name)) {
        if (in == null) {
          throw new IllegalStateException(FOLDER + name + " is missing from this build");
        }
        return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(FOLDER + name, e);
      }
    }

    @Override
    public String getAbsolutePath() {
      return FOLDER + name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return FOLDER + name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
