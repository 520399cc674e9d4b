package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.SimulatedCt;
import java.nio.file.Path;
import java.time.Duration;

/// The whole program with a Certificate Transparency log as its one log, followed through either
/// protocol.
final class CtProgram implements AutoCloseable {
  private final WholeProgram program;
  private final SimulatedCt simulated;

  /// A stopped program; the log is empty.
  ///
  /// @param protocol `ct` or `static-ct`
  CtProgram(Path folder, String protocol) {
    program = new WholeProgram(folder);
    simulated = new SimulatedCt(program.clock());
    program
        .config()
        .log("protocol", protocol)
        .log("url", simulated.url().toString())
        .log("origin", SimulatedCt.ORIGIN)
        .log("public-key", simulated.log().publicKey())
        .log("entries", "raw")
        .without("key");
  }

  WholeProgram program() {
    return program;
  }

  SimulatedCt simulated() {
    return simulated;
  }

  /// Appends an entry with words that are watched, and returns its index; published by `others`.
  long watched(String words) {
    return simulated.log().append(SimulatedCt.entry("stolen words " + words));
  }

  /// Publishes other people's entries until the log has `size`.
  CtProgram others(long size) {
    simulated.growTo(size);
    return this;
  }

  /// Starts at `size` entries and waits until they are judged.
  CtProgram startedAt(long size) {
    others(size);
    program.start().awaitPosition(size);
    return this;
  }

  /// Waits until the log was asked for its head that many times more.
  void awaitTurns(int turns) {
    long end = simulated.requests(SimulatedCt::heads) + turns + 1;
    program.until(turns + " turns", () -> simulated.requests(SimulatedCt::heads) >= end);
  }

  /// Trouble that proves nothing: told as an outage once it lasts, and never as a lie.
  void assertToldAsOutage(String what) {
    program.until("a failed turn: " + what, () -> program.status().error().contains(what));
    awaitTurns(4);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));
    Alert outage = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(outage.what(), "last-error")).contains(what);
    assertThat(program.findings()).isEmpty();
  }

  /// After the trouble all is read, and nothing was told but what is true.
  void assertHeals(long size) {
    simulated.heal();
    program.awaitPosition(size);
    program.awaitOver(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
  }

  @Override
  public void close() {
    program.close();
    simulated.close();
  }
}
