package dev.sigwarden.cli;

import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.RootLog;
import dev.sigwarden.log.RootLogs;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.trust.Trust;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.trust.Trusts;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a command learns of the logs that trusted roots name. It leaves nothing behind: what the
/// daemon keeps is the daemon's.
///
/// @param settings all trusted roots
/// @param anew whether repositories are asked though the daemon has verified what they say
/// @param http to ask them with
record AskedRoots(Collection<TrustSettings> settings, boolean anew, PoliteHttp http)
    implements RootLogs {
  @Override
  public List<RootLog> of(String root) throws LogUnavailableException {
    Trusts kept = Trusts.open(settings, http, Clock.systemUTC());
    if (!anew && kept.inForce(root).isPresent()) {
      return kept.logs(root);
    }
    List<TrustSettings> named = settings.stream().filter(it -> it.name().equals(root)).toList();
    try (Scratch scratch = Scratch.create("trust")) {
      Trusts asked =
          Trusts.open(
              named.stream().map(it -> it.keptIn(scratch.folder())).toList(),
              http,
              Clock.systemUTC());
      for (Trust trust : asked.all()) {
        Optional<Trust.Trouble> trouble = trust.refresh();
        if (trouble.isPresent()) {
          throw new LogUnavailableException(
              "trusted root %s: %s".formatted(root, trouble.get().why()));
        }
      }
      return asked.logs(root);
    } catch (IOException e) {
      throw new LogUnavailableException("a folder for temporary files", e);
    }
  }
}
