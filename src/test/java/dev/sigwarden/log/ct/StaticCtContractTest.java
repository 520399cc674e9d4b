package dev.sigwarden.log.ct;

import dev.sigwarden.sim.SimulatedCt;

class StaticCtContractTest extends CtContract {
  @Override
  protected String name() {
    return "static-ct";
  }

  @Override
  byte[] head(SimulatedCt log) {
    return log.checkpoint();
  }
}
