package dev.sigwarden.sim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Something that a log does wrong: turns the honest answer to a request into another.
@FunctionalInterface
public interface Fault {
  /// The answer to send.
  ///
  /// @param path what was asked for, relative to the log's address: `checkpoint`, `tile/0/000`
  /// @param honest what would be sent without this fault
  Answer apply(String path, Answer honest);

  /// This fault for those paths only.
  default Fault on(Predicate<String> paths) {
    return (path, honest) -> paths.test(path) ? apply(path, honest) : honest;
  }

  /// This fault for the next `times` requests that reach it, then none. `a.times(2).on(p)` counts
  /// requests for `p`; `a.on(p).times(2)` counts all.
  default Fault times(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return (path, honest) -> left.getAndDecrement() > 0 ? apply(path, honest) : honest;
  }

  /// The path of the checkpoint.
  static boolean checkpoint(String path) {
    return path.equals("checkpoint");
  }

  /// Paths of entry bundles.
  static boolean bundles(String path) {
    return path.startsWith("tile/entries/");
  }

  /// Paths of hash tiles.
  static boolean tiles(String path) {
    return path.startsWith("tile/") && !bundles(path);
  }

  /// Paths of tiles and bundles that are not full.
  static boolean partials(String path) {
    return path.contains(".p/");
  }
}
