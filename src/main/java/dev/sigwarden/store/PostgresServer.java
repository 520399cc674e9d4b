package dev.sigwarden.store;

import dev.sigwarden.settings.Secret;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration.TransactionIsolation;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ExceptionSorter;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.AgroalSecurityProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/// A PostgreSQL database that this process may share with others: all that is particular to
/// PostgreSQL is here. Loaded only if it is chosen.
final class PostgresServer {
  /// The oldest release that can be asked what became of a transaction by its 64-bit id.
  private static final int OLDEST = 13;

  /// How long to wait for a connection to be made, in seconds.
  private static final int CONNECT_SECONDS = 10;

  /// How much longer than a statement an answer may take, in seconds: then the network is gone.
  private static final int NETWORK_SECONDS = 5;

  /// How long the server lets a transaction idle: what stops in the middle of one holds its locks
  /// no longer than its tasks, so that whoever takes these over does not wait.
  private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(10);

  /// How long a connection may idle before it is looked at when taken again.
  private static final Duration IDLE = Duration.ofSeconds(5);

  /// How long a connection lives, so that the load follows a server that moved.
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  private final StorePlace.Server place;

  PostgresServer(StorePlace.Server place) {
    this.place = place;
  }

  /// Connects, checks and migrates the database.
  ServerDatabase open() {
    AgroalDataSource writers = null;
    AgroalDataSource readers = null;
    boolean good = false;
    try {
      writers = pool(false);
      readers = pool(true);
      check(readers);
      try (AgroalDataSource plain = plain()) {
        Migrations.run(plain, Migrations.Kind.POSTGRESQL);
      }
      ServerDatabase database = new ServerDatabase(writers, readers, place.connections());
      good = true;
      return database;
    } catch (SQLException e) {
      throw new StoreException(
          "database %s cannot be opened: %s".formatted(place.url(), reason(e)), e);
    } finally {
      if (!good) {
        close(writers);
        close(readers);
      }
    }
  }

  /// What the driver says, and what is behind it: of a host without address, of a file that is not
  /// there it says no more than that no connection came about.
  private static String reason(SQLException failure) {
    String said = String.valueOf(failure.getMessage());
    Throwable cause = failure.getCause();
    String behind = cause == null ? "" : Objects.requireNonNullElse(cause.getMessage(), "");
    return cause == null || said.contains(behind)
        ? said
        : "%s (%s: %s)".formatted(said, cause.getClass().getSimpleName(), behind);
  }

  private static void close(@Nullable AgroalDataSource pool) {
    if (pool != null) {
      pool.close();
    }
  }

  private void check(AgroalDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      if (major < OLDEST) {
        throw new StoreException(
            "database %s is PostgreSQL %d (expected: %d or newer)"
                .formatted(place.url(), major, OLDEST));
      }
      String encoding =
          Sql.all(connection, row -> row.getString(1), "SHOW server_encoding").getFirst();
      if (!encoding.equals("UTF8")) {
        throw new StoreException(
            "database %s keeps text as %s (expected: UTF8)".formatted(place.url(), encoding));
      }
    }
  }

  /// Connections for the pool.
  ///
  /// @param readOnly whether they only read, each statement for itself
  private AgroalDataSource pool(boolean readOnly) throws SQLException {
    String settings =
        "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d;"
                .formatted(place.patience().toMillis(), IDLE_IN_TRANSACTION.toMillis())
            // An index says more exactly than a whole table what a transaction has read, and so
            // which others were in its way.
            + (readOnly ? "SET default_transaction_read_only = on" : "SET enable_seqscan = off;")
            // What was committed survives a power cut, whatever the server's default is.
            + (readOnly
                ? ""
                : "SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') = 'off';"
                    // The pool asks in a transaction, and one that is rolled back sets nothing.
                    + "END");
    return AgroalDataSource.from(
        configured(place.connections(), settings, place.patience())
            .connectionPoolConfiguration(pool ->
                pool.connectionFactoryConfiguration(factory ->
                    factory
                        .autoCommit(readOnly)
                        .jdbcTransactionIsolation(
                            readOnly
                                ? TransactionIsolation.READ_COMMITTED
                                : TransactionIsolation.SERIALIZABLE))));
  }

  /// Connections for whoever sees to transactions itself, and may take long.
  AgroalDataSource plain() throws SQLException {
    return AgroalDataSource.from(configured(2, "SET statement_timeout = 0", Duration.ZERO));
  }

  /// The same, where a failure is told at once.
  AgroalDataSource once() {
    try {
      return plain();
    } catch (SQLException e) {
      throw new StoreException(
          "database %s cannot be opened: %s".formatted(place.url(), reason(e)), e);
    }
  }

  private AgroalDataSourceConfigurationSupplier configured(
      int connections, String settings, Duration patience) throws SQLException {
    Map<String, String> properties = properties(patience);
    return new AgroalDataSourceConfigurationSupplier()
        .metricsEnabled(false)
        .connectionPoolConfiguration(pool ->
            pool.maxSize(connections)
                .acquisitionTimeout(Duration.ofSeconds(CONNECT_SECONDS).plus(place.patience()))
                .maxLifetime(LIFETIME)
                .idleValidationTimeout(IDLE)
                .connectionValidator(
                    ConnectionValidator.defaultValidatorWithTimeout(CONNECT_SECONDS))
                .exceptionSorter(new Broken())
                .connectionFactoryConfiguration(factory -> {
                  factory
                      .connectionProviderClass(Driver.class)
                      .jdbcUrl("jdbc:" + place.url())
                      .initialSql(settings)
                      .credential(new Account(place.user(), place.password()))
                      .addSecurityProvider(new Accounts());
                  properties.forEach(factory::jdbcProperty);
                  return factory;
                }));
  }

  private Map<String, String> properties(Duration patience) throws SQLException {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("ApplicationName", "sigwarden");
    properties.put("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.put("loginTimeout", Integer.toString(2 * CONNECT_SECONDS));
    properties.put("tcpKeepAlive", "true");
    // Of several hosts, the one that takes writes.
    properties.put("targetServerType", "primary");
    if (patience.isPositive()) {
      properties.put("socketTimeout", Long.toString(patience.toSeconds() + NETWORK_SECONDS));
    }
    switch (place.tls()) {
      case OFF -> properties.put("sslmode", "disable");
      case VERIFY_CA -> properties.put("sslmode", "verify-ca");
      case VERIFY_FULL -> properties.put("sslmode", "verify-full");
    }
    if (place.tls() != StorePlace.Tls.OFF) {
      place
          .authorities()
          .ifPresentOrElse(
              file -> properties.put("sslrootcert", file.toString()),
              () -> properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"));
    }
    if (place.client().isPresent()) {
      StorePlace.Client client = place.client().get();
      properties.put("sslcert", client.certificate().toString());
      properties.put("sslkey", client.key().toString());
      properties.put("pemKeyAlgorithm", algorithm(client.key()));
    }
    return properties;
  }

  /// The algorithm of a key, as the identifier by which the JDK finds it: the driver asks for it.
  private static String algorithm(Path key) throws SQLException {
    String what = "client-key-file " + key;
    try (PEMParser pem = new PEMParser(Files.newBufferedReader(key))) {
      if (pem.readObject() instanceof PrivateKeyInfo info) {
        return info.getPrivateKeyAlgorithm().getAlgorithm().getId();
      }
    } catch (IOException e) {
      throw new SQLException(what + " cannot be read: " + e.getMessage(), e);
    }
    throw new SQLException(what + ": not a key (expected: PKCS #8 in PEM, without a password)");
  }

  /// Whose connections they are; the password is read at each one, so that a new one counts.
  private record Account(String user, Optional<Secret> password) {}

  private static final class Accounts implements AgroalSecurityProvider {
    @Override
    public @Nullable Properties getSecurityProperties(Object security) {
      if (!(security instanceof Account(String user, Optional<Secret> password))) {
        return null;
      }
      Properties properties = new Properties();
      properties.setProperty("user", user);
      if (password.isPresent()) {
        try {
          properties.setProperty("password", password.get().read());
        } catch (IOException e) {
          throw new StoreException("the database's password: " + e.getMessage(), e);
        }
      }
      return properties;
    }
  }

  /// Which errors mean that a connection is of no more use.
  private static final class Broken implements ExceptionSorter {
    @Override
    public boolean isFatal(SQLException e) {
      return Lost.of(e) == Lost.CONNECTION;
    }
  }
}
