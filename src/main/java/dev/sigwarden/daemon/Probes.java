package dev.sigwarden.daemon;

import dev.sigwarden.settings.Section;
import java.net.InetAddress;

/// Where those look who cannot reach the loopback address: a cluster's node agent and Prometheus.
/// They are told whether the daemon is alive and ready, without the reasons, and the numbers.
///
/// @param host an address of this machine, or one that stands for all of them
/// @param port `[0, 65535]`, 0 for a free one
public record Probes(String host, int port) {
  private static final String EXPECTED = "an IP address of this machine; 0.0.0.0 is all of them";

  static Probes read(Section probes) {
    String host = probes.text("host", "0.0.0.0", EXPECTED);
    try {
      var _ = InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      probes.problem("host", host, EXPECTED);
    }
    return new Probes(host, (int) probes.number("port", 8322, 0, 65_535, "the TCP port"));
  }
}
