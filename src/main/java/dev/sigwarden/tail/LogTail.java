package dev.sigwarden.tail;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.View;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One log being followed: its client, its turns, its status.
public final class LogTail implements Tail {
  private final LogSettings log;
  private final LogClient client;
  private final Reports reports;
  private final Vitals vitals;
  private final LogTurn turn;

  /// Opens the log; fetches nothing yet.
  public LogTail(LogSettings log, TailTools tools) {
    this(log, tools, Optional.empty());
  }

  /// The same for a log that is only practised on.
  ///
  /// @param drill what is filed in place of each finding; nothing else of an entry is kept. Empty
  ///   for a log that counts
  public LogTail(LogSettings log, TailTools tools, Optional<UnaryOperator<Filing>> drill) {
    this.log = log;
    this.client = log.source().open(tools.log());
    this.reports = new Reports(log, client, tools, drill);
    Patience patience = new Patience(log.trusted().name(), tools.store(), tools.clock());
    this.vitals =
        new Vitals(
            Vitals.Subject.of(log),
            tools.tenant(),
            tools.conditions(),
            tools.board(),
            patience,
            tools.clock());
    this.turn =
        new LogTurn(
            log,
            client,
            tools.store(),
            new ChunkJudge(
                tools.decoders().forFormat(log.entryFormat()),
                tools.watches(),
                signer -> tools.trusts().check(log.trust(), signer),
                tools.clock()),
            reports,
            vitals,
            new Flood(log.trusted().name(), tools),
            patience,
            tools.wake(),
            tools.stopping(),
            tools.clock());
  }

  @Override
  public LogSettings settings() {
    return log;
  }

  @Override
  public String identity() {
    return log.trusted().identity();
  }

  @Override
  public String trust() {
    return log.trust();
  }

  @Override
  public boolean run() {
    return turn.run();
  }

  @Override
  public LogStatus status() {
    return vitals.status();
  }

  @Override
  public WhereSeen where(View view, Observation entry) {
    WhereSeen whole = reports.log(view.branch());
    long size = view.head().head().size();
    return new WhereSeen(
        whole.log(),
        whole.protocol(),
        whole.origin(),
        whole.keyId(),
        view.branch(),
        entry.index(),
        entry.leaf().toHex(),
        size,
        client.leafAddress(entry.index(), size),
        entry.loggedAt());
  }

  @Override
  public List<Evidence> evidence(View view, Observation entry) {
    // Evidence is the same whatever was judged of an entry.
    Judgement bare =
        new Judgement.Undecodable(
            entry.index(), entry.leaf(), entry.entry(), Optional.empty(), "", List.of());
    return reports.evidence(view, bare, Optional.empty());
  }

  @Override
  public void close() {
    client.close();
  }
}
