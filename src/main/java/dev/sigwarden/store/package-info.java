/// The only SQL. One transaction writes the position of a log together with the observations,
/// findings, evidence and pending deliveries of the entries it moved over.
///
/// `Store` is the whole of it from outside. Behind it: a class of statements per group of tables
/// (`Views`, `Observations`, `Findings`, `Conditions`, `Deliveries`), what is still to be told
/// (`Duties` writes it down, `Tellings` turns it into deliveries when its time has come, `Holds` is
/// asked before), what people do (`Lifecycle`, `Silences`), `Database` for transactions, and what
/// is each database's own. `SqliteFile` with `FileDatabase`: pragmas, the owner's lock, one writer.
/// `PostgresServer` with `ServerDatabase`: pools, TLS, serializable transactions that are repeated,
/// and the answer to what became of a commit whose answer was lost; `Replicas` for the processes
/// that share it, all by the database's time (`SharedClock`). `StoreContract`, `OutboxContract`,
/// `ObservationsContract`, `LifecycleContract` and `TellingsContract` say what either must do. The
/// schema is `db/migration`, see `Migrations`; `StoreCopy` moves all of it from one to the other.
///
/// What replaces known state names that state (`WHERE … size = ? AND root = ?`): of two writers
/// that started from the same state one wins, and the other gets a `StaleStateException` and has
/// changed nothing.
///
/// May import the records it keeps (`merkle`, `entry`, `watch`, `alert`), and `settings` for a
/// secret.
@NullMarked
package dev.sigwarden.store;

import org.jspecify.annotations.NullMarked;
