package dev.sigwarden.store;

import dev.sigwarden.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where state is kept.
public sealed interface StorePlace {
  /// A SQLite file, used by one process at a time.
  ///
  /// @param path the file; made if it is not there
  record SqlitePath(Path path) implements StorePlace {}

  /// A PostgreSQL database, shared by replicas.
  ///
  /// @param hosts `host`, `host:port`, or several of them with commas: the one that takes writes is
  ///   used
  /// @param database its name
  /// @param user the account, which owns the tables
  /// @param password the account's password, read at each connection; empty if the server asks for
  ///   none
  /// @param tls how far the server is checked
  /// @param authorities a PEM file of the only authorities that are trusted for it; empty for those
  ///   of the JDK
  /// @param connections that write at the same time, and as many again that read
  /// @param patience the longest that one statement may take
  /// @param client how this process proves who it is over TLS; empty if only by its account
  record Server(
      String hosts,
      String database,
      String user,
      Optional<Secret> password,
      Tls tls,
      Optional<Path> authorities,
      int connections,
      Duration patience,
      Optional<Client> client)
      implements StorePlace {
    /// A server that asks for no certificate.
    public Server(
        String hosts,
        String database,
        String user,
        Optional<Secret> password,
        Tls tls,
        Optional<Path> authorities,
        int connections,
        Duration patience) {
      this(
          hosts,
          database,
          user,
          password,
          tls,
          authorities,
          connections,
          patience,
          Optional.empty());
    }

    /// Enough for the logs of a replica and its receivers: most of them wait for the network.
    public static final int CONNECTIONS = 8;

    /// Longer than any statement takes in health, shorter than anybody waits.
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /// The place as people name it: without account and password.
    public String url() {
      return POSTGRESQL + "//" + hosts + "/" + database;
    }
  }

  /// A certificate that this process shows to the server. Both files are read at each connection.
  ///
  /// @param certificate the certificate and its chain, PEM
  /// @param key its private key, PKCS #8 in PEM
  record Client(Path certificate, Path key) {}

  /// How far the server's identity is checked.
  enum Tls {
    /// Encrypted, the certificate of a trusted authority, for this host.
    VERIFY_FULL,
    /// Encrypted, the certificate of a trusted authority, for whichever host.
    VERIFY_CA,
    /// Not encrypted.
    OFF
  }

  /// What a URL of a file begins with.
  String SQLITE = "sqlite:";

  /// What a URL of a server begins with.
  String POSTGRESQL = "postgresql:";

  /// The place as people name it; holds no secret.
  default String shown() {
    return switch (this) {
      case SqlitePath file -> SQLITE + file.path();
      case Server server -> server.url();
    };
  }
}
