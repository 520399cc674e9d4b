package dev.sigwarden.store;

import dev.sigwarden.access.Grant;
import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Submission;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What people and pipelines ask of the database and change in it. Every change is written together
/// with its line in the audit log. Thread-safe; every method throws `StoreException` if the
/// database fails.
public final class Desk {
  /// Tokens of one installation: people have their own identities.
  public static final int MAX_TOKENS = 1_000;

  private final Database database;
  private final Clock clock;

  Desk(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Ranges of logs that are judged once.
  public ScanBook scans() {
    return new ScanBook(database, clock);
  }

  /// What is kept of the token with that hash.
  public Optional<Grant> grant(Hash token) {
    return database.read("token", c -> Tokens.find(c, token));
  }

  /// What is kept of all tokens, by name.
  public List<Grant> grants() {
    return database.read("tokens", c -> Tokens.all(c, MAX_TOKENS));
  }

  /// Keeps a new token; false if there is one of that name, or there are too many.
  public boolean addToken(Grant grant, Hash token, Deed deed) {
    return database.update(
        "token",
        c -> {
          boolean added =
              Tokens.all(c, MAX_TOKENS).size() < MAX_TOKENS && Tokens.add(c, grant, token);
          return added && audited(c, deed);
        });
  }

  /// Revokes the token of that name; false if there is none.
  public boolean removeToken(String name, Deed deed) {
    return database.update("token", c -> Tokens.remove(c, name) && audited(c, deed));
  }

  /// Writes that something was done which the database does not know of, or was refused.
  public void audit(Deed deed) {
    var _ = database.update("audit log", c -> audited(c, deed));
  }

  /// The same, and files findings that tell of it.
  public void note(Deed deed, List<Filing> announcements) {
    var _ =
        database.update(
            "audit log",
            c -> {
              Findings.file(c, announcements, clock.instant());
              return audited(c, deed);
            });
  }

  /// The audit log, newest first, at most `limit`.
  ///
  /// @param subject only of this; empty for all
  /// @param below only ids below this one
  public List<AuditEntry> audit(String subject, long below, int limit) {
    return database.read("audit log", c -> Audit.page(c, subject, below, limit));
  }

  /// Adds lines to an allowlist.
  ///
  /// @param lines each in its one form, with what stood behind it
  /// @param again whether lines that were revoked may be added again; else they are left alone
  /// @param announcements findings that tell of it; filed if a line was added
  /// @return how many were added; the others were there, or may not be
  public int allow(
      String list,
      Map<String, String> lines,
      Deed deed,
      boolean again,
      List<Filing> announcements) {
    return allow(list, new Submission(lines, List.of()), deed, again, announcements);
  }

  /// Adds what was handed in to an allowlist, with what of it must appear in logs.
  ///
  /// @return how many lines were added; the others were there, or may not be
  public int allow(
      String list, Submission handed, Deed deed, boolean again, List<Filing> announcements) {
    return database.update(
        "allowlist " + list,
        c -> {
          Map<String, String> lines = handed.lines();
          int added = AllowlistLines.add(c, list, lines, deed, again, clock.instant());
          List<String> due = handed.expected().stream().map(ExpectedEntry::line).toList();
          Map<String, AllowedLine> allowed = AllowlistLines.known(c, list, due);
          allowed.values().removeIf(line -> !line.allowed());
          ExpectedEntries.add(c, list, handed.expected(), allowed.keySet(), clock.instant());
          audited(c, deed.withDetail("%d added: %s".formatted(added, deed.detail())));
          Findings.file(c, added > 0 ? announcements : List.of(), clock.instant());
          return added;
        });
  }

  /// Takes lines off an allowlist; returns how many were on it.
  ///
  /// @param announcements findings that tell of it; filed if a line was on it
  public int revoke(String list, Collection<String> lines, Deed deed, List<Filing> announcements) {
    return database.update(
        "allowlist " + list,
        c -> {
          int revoked = AllowlistLines.revoke(c, list, lines, deed, clock.instant());
          audited(c, deed.withDetail("%d revoked: %s".formatted(revoked, deed.detail())));
          Findings.file(c, revoked > 0 ? announcements : List.of(), clock.instant());
          return revoked;
        });
  }

  /// What lines of allowlists say must appear in logs.
  public ExpectedEntries expected() {
    return new ExpectedEntries(database, clock);
  }

  /// Lines of an allowlist behind `after` in their order, revoked ones too, at most `limit`.
  public List<AllowedLine> allowed(String list, String after, int limit) {
    return database.read("allowlist " + list, c -> AllowlistLines.page(c, list, after, limit));
  }

  /// The line of a list, revoked or not.
  public Optional<AllowedLine> allowedLine(String list, String line) {
    return database.read("allowlist " + list, c -> AllowlistLines.find(c, list, line));
  }

  /// One of these lines that was taken off the list; empty if none was.
  public Optional<String> revoked(String list, Collection<String> lines) {
    return database.read("allowlist " + list, c -> AllowlistLines.revoked(c, list, lines));
  }

  /// What lists say of a line, at most `limit`.
  public List<AllowedLine> allowedAnywhere(String line, int limit) {
    return database.read("allowlists", c -> AllowlistLines.everywhere(c, line, limit));
  }

  /// Lines changed after this one in the order of changes, at most `limit`.
  ///
  /// @param revision with `list` and `line` the last one of the page before
  public List<AllowedLine> changes(long revision, String list, String line, int limit) {
    return database.read("allowlists", c -> AllowlistLines.changes(c, revision, list, line, limit));
  }

  /// The revision of the newest change of any allowlist; 0 before the first.
  public long allowlistRevision() {
    return database.read("allowlists", AllowlistLines::revision);
  }

  /// Moves a finding or comments on it; moves every finding of a digest that can be moved so.
  public Change act(String uid, Act act, Deed deed) {
    return new Lifecycle(database, clock).act(uid, act, Optional.of(deed));
  }

  /// Makes a silence; empty if there are too many already.
  public Optional<HeldSilence> silence(Silence silence, Deed deed) {
    return database.update(
        "silence",
        c -> {
          Optional<HeldSilence> made = Silences.add(c, silence, clock.instant());
          if (made.isPresent()) {
            audited(c, deed.about(made.get().id()));
          }
          return made;
        });
  }

  /// Ends a silence now; empty if it is not known or over.
  public Optional<HeldSilence> endSilence(String id, Deed deed) {
    return database.update(
        "silence " + id,
        c -> {
          Optional<HeldSilence> ended = Silences.end(c, id, deed.who(), clock.instant());
          if (ended.isPresent()) {
            audited(c, deed);
          }
          return ended;
        });
  }

  /// Deliveries, newest first, at most `limit`.
  ///
  /// @param state a state in capitals; empty for all
  /// @param receiver the receiver's name; empty for all
  /// @param at with `id` the time and id of the last one of the page before
  public List<DeliveryRow> deliveries(
      String state, String receiver, Instant at, String id, int limit) {
    return database.read("outbox", c -> Pages.deliveries(c, state, receiver, at, id, limit));
  }

  /// Makes a delivery due now that was given up, or waits for its next attempt; false if it is
  /// neither.
  public boolean retry(String id, Deed deed) {
    return database.update("outbox", c -> Pages.retry(c, id, clock.instant()) && audited(c, deed));
  }

  /// Entries that a watch selected and that name an artifact, at most `limit`.
  ///
  /// @param digest the algorithm, a colon, and lowercase hex
  public List<Sighting> sightings(String digest, int limit) {
    return database.read("artifact", c -> Pages.sightings(c, digest, limit));
  }

  private boolean audited(Connection c, Deed deed) throws SQLException {
    Audit.add(c, deed, clock.instant());
    return true;
  }
}
