package dev.sigwarden;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import java.util.Set;

/// Lets a fuzz test reach the server that it starts itself: Jazzer takes every other connection for
/// a finding.
public final class Loopback {
  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");

  private Loopback() {}

  /// Allows it until closed. Without `JAZZER_FUZZ` there is no Jazzer to ask.
  public static SilentCloseable allowed() {
    return System.getenv("JAZZER_FUZZ") == null
        ? () -> {}
        : BugDetectors.allowNetworkConnections((host, _) -> HOSTS.contains(host));
  }
}
