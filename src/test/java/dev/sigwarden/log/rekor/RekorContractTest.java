package dev.sigwarden.log.rekor;

import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogProtocolContract;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.sim.SimulatedRekor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// The active shard behind another, so that no index over all shards is one of its own.
class RekorContractTest extends LogProtocolContract {
  /// Entries of the shard before.
  private static final int BEFORE = 13;

  @Override
  protected String name() {
    return "rekor";
  }

  @Override
  protected FamilySource.Trust trust(Served served) {
    return ((Instance) served).trust();
  }

  @Override
  protected Served serve(int size, Path folder) {
    SimulatedRekor simulated = new SimulatedRekor(Clock.systemUTC());
    for (int i = 0; i < BEFORE; i++) {
      simulated.rekor().append(("before " + i).getBytes(StandardCharsets.UTF_8));
    }
    simulated.rekor().rotate();
    for (int i = 0; i < size; i++) {
      simulated.rekor().append(GeneratedLog.leaf(i));
    }
    simulated.rekor().publish();
    return new Instance(simulated);
  }

  private record Instance(SimulatedRekor simulated) implements Served {
    FamilySource.Trust trust() {
      return new FamilySource.Trust(
          SimulatedRekor.HOSTNAME, List.of(simulated.rekor().verifierKey()), "");
    }

    @Override
    public String yaml() {
      return "url: " + simulated.url() + "\n";
    }

    @Override
    public byte[] checkpoint() {
      return simulated.rekor().note(1);
    }

    @Override
    public TreeHead head(int size) {
      return simulated.rekor().tree(1).headAt(size);
    }

    @Override
    public byte[] leaf(int index) {
      return GeneratedLog.leaf(index);
    }

    @Override
    public void goAway() {
      simulated.inject((_, _) -> Answer.of(401));
    }

    @Override
    public void cutLeaves() {
      RekorFault cut = RekorFault.body(body -> body.substring(0, body.length() - 9));
      simulated.inject(cut.on(path -> path.startsWith("/api/v1/log/entries")));
    }

    @Override
    public void close() {
      simulated.close();
    }
  }
}
