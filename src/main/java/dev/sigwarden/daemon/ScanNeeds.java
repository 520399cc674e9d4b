package dev.sigwarden.daemon;

import dev.sigwarden.store.Scan;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.Tail;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.watch.Watches;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// What scans need of the configuration in force: their logs, the very same, and their watches.
/// Thread-safe, but for `tell`.
final class ScanNeeds {
  private static final Logger LOG = Logger.getLogger(ScanNeeds.class);

  private final TailTools tools;
  private final Supplier<Map<String, Tail>> tails;

  /// What scans lack, by their ids, as it was told. Owned by the task that looks.
  private Map<String, String> told = Map.of();

  /// @param tails the logs that are followed, by the operator's name
  ScanNeeds(TailTools tools, Supplier<Map<String, Tail>> tails) {
    this.tools = tools;
    this.tails = tails;
  }

  /// The log of a scan, if it can be judged now.
  Optional<LogSettings> log(Scan scan) {
    return followed(scan).filter(log -> tools.ready(log.trust()));
  }

  /// The log of a scan, if this configuration has it and it is still the same log.
  private Optional<LogSettings> followed(Scan scan) {
    return Optional.ofNullable(tails.get().get(scan.log()))
        .map(Tail::settings)
        .filter(LogSettings.class::isInstance)
        .map(LogSettings.class::cast)
        .filter(log -> log.trusted().identity().equals(scan.identity()));
  }

  /// The watches of a scan, if this configuration has them.
  Optional<Watches> watches(Scan scan) {
    Watches all = tools.watches().get();
    if (scan.watches().isEmpty()) {
      return Optional.of(all);
    }
    Watches asked = all.only(scan.watches());
    return Optional.of(asked).filter(it -> it.all().size() == scan.watches().size());
  }

  /// What a scan waits for; empty if it can be judged.
  Optional<String> lacks(Scan scan) {
    Optional<LogSettings> log = followed(scan);
    if (log.isEmpty()) {
      return Optional.of(
          tails.get().containsKey(scan.log())
              ? "log %s as it was: by that name another is followed now".formatted(scan.log())
              : "log %s, which is not followed".formatted(scan.log()));
    }
    if (!tools.ready(log.get().trust())) {
      return Optional.of("the trusted root of log %s, which was not had yet".formatted(scan.log()));
    }
    Watches all = tools.watches().get();
    String missing =
        scan.watches().stream()
            .filter(watch -> all.named(watch).isEmpty())
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("watches that are not configured: " + missing);
  }

  /// Writes to the log what scans lack, once for each.
  void tell(List<Scan> running) {
    Map<String, String> now = new HashMap<>();
    for (Scan scan : running) {
      lacks(scan).ifPresent(what -> now.put(scan.id(), what));
    }
    now.forEach((scan, what) -> {
      if (!what.equals(told.get(scan))) {
        LOG.warnf("scan %s waits for %s", scan, what);
      }
    });
    told = now;
  }
}
