package dev.sigwarden.log.ct;

import dev.sigwarden.log.LogProtocolContract;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.SimulatedCt;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/// One simulated log, for both protocols of Certificate Transparency.
abstract class CtContract extends LogProtocolContract {
  @Override
  protected Served serve(int size, Path folder) {
    // The head's signature is made once, so that what is served can be compared.
    Clock clock = Clock.fixed(Instant.parse("2026-11-23T00:00:00Z"), ZoneOffset.UTC);
    return new Front(new SimulatedCt(clock).growTo(size), this);
  }

  /// What `head()` is expected to return.
  abstract byte[] head(SimulatedCt log);

  private record Front(SimulatedCt simulated, CtContract protocol) implements Served {
    @Override
    public String yaml() {
      return "url: %s\norigin: %s\npublic-key: %s\n"
          .formatted(simulated.url(), SimulatedCt.ORIGIN, simulated.log().publicKey());
    }

    @Override
    public byte[] checkpoint() {
      return protocol.head(simulated);
    }

    @Override
    public TreeHead head(int size) {
      return simulated.log().treeAt(size);
    }

    @Override
    public byte[] leaf(int index) {
      return simulated.log().leaf(index);
    }

    @Override
    public void goAway() {
      simulated.inject((_, _) -> Answer.of(401));
    }

    @Override
    public void cutLeaves() {
      simulated.inject((path, honest) ->
          SimulatedCt.leaves(path) ? honest.withBody(Arrays.copyOf(honest.body(), 9)) : honest);
    }

    @Override
    public void close() {
      simulated.close();
    }
  }
}
