package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.sim.SimulatedRekor;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.LogStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// The whole program with a Rekor v1 instance as its one section of logs.
final class RekorProgram implements AutoCloseable {
  private final WholeProgram program;
  private final SimulatedRekor simulated;

  /// A stopped program; the instance has one empty shard.
  RekorProgram(Path folder) {
    program = new WholeProgram(folder);
    simulated = new SimulatedRekor(program.clock());
    program
        .config()
        .log("protocol", "rekor")
        .log("url", simulated.url().toString())
        .log("key", simulated.vkey());
  }

  WholeProgram program() {
    return program;
  }

  SimulatedRekor simulated() {
    return simulated;
  }

  /// Publishes other people's entries until the active shard has `size`.
  RekorProgram others(long size) {
    int active = simulated.rekor().shards() - 1;
    while (simulated.rekor().tree(active).size() < size) {
      simulated.rekor().append(Entries.other(simulated.rekor().tree(active).size()));
    }
    simulated.rekor().publish();
    return this;
  }

  /// Appends an entry in which the watched identity signs, and returns its index in the shard.
  long watched(String artifact) {
    return simulated.rekor().append(Entries.watched(artifact));
  }

  /// What a shard is called.
  String name(int shard) {
    return ConfigFile.LOG + "/" + simulated.rekor().treeId(shard);
  }

  /// The views of a shard.
  List<View> views(int shard) {
    return program.daemon().store().views(name(shard));
  }

  /// Entries of a shard that were judged; -1 before the first head.
  long position(int shard) {
    List<View> views = views(shard);
    return views.isEmpty() ? -1 : views.getFirst().position().head().size();
  }

  void awaitPosition(int shard, long size) {
    program.until("shard %d at %d".formatted(shard, size), () -> position(shard) == size);
  }

  /// Waits until all that the active shard shows is judged.
  RekorProgram awaitJudged() {
    int active = simulated.rekor().shards() - 1;
    awaitPosition(active, simulated.rekor().head(active).size());
    return this;
  }

  /// What the logs' last turns met, all in one line.
  String errors() {
    return program.daemon().logs().stream().map(LogStatus::error).collect(Collectors.joining());
  }

  /// Waits until the instance was asked for its shards that many times more.
  void awaitLooks(int looks) {
    long end = simulated.requests(RekorFault::logInfo) + looks;
    program.until(looks + " looks", () -> simulated.requests(RekorFault::logInfo) >= end);
  }

  /// The indexes of unexpected signatures in a shard.
  List<Long> unexpected(int shard) {
    return program.findings(Kind.UNEXPECTED_SIGNATURE).stream()
        .filter(finding -> finding.alert().log().equals(name(shard)))
        .map(Finding::index)
        .toList();
  }

  /// Trouble that proves nothing: told as an outage once it lasts, and never as a lie.
  void assertToldAsOutage(String what) {
    program.until("a failed turn", () -> errors().contains(what));
    awaitLooks(4);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));
    Alert outage = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(outage.what(), "last-error")).contains(what);
    assertThat(program.findings()).isEmpty();
  }

  @Override
  public void close() {
    program.close();
    simulated.close();
  }
}
