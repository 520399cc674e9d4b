package dev.sigwarden.sim;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Something that a Rekor v1 instance does wrong: turns the honest answer to a request into
/// another.
@FunctionalInterface
public interface RekorFault {
  /// The answer to send.
  ///
  /// @param honest what would be sent without this fault
  Answer apply(Request request, Answer honest);

  /// This fault for requests to those paths, their queries included.
  default RekorFault on(Predicate<String> paths) {
    return (request, honest) -> paths.test(request.path()) ? apply(request, honest) : honest;
  }

  /// This fault for the next `times` requests that reach it, then none.
  default RekorFault times(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return (request, honest) -> left.getAndDecrement() > 0 ? apply(request, honest) : honest;
  }

  /// Another body where the honest answer is one of status 200.
  static RekorFault body(UnaryOperator<String> change) {
    return (_, honest) ->
        honest.status() == 200
            ? honest.withBody(
                change
                    .apply(new String(honest.body(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8))
            : honest;
  }

  /// `GET /api/v1/log`.
  static boolean logInfo(String path) {
    return path.equals("/api/v1/log");
  }

  /// `GET /api/v1/log/proof`.
  static boolean proofs(String path) {
    return path.startsWith("/api/v1/log/proof");
  }

  /// `POST /api/v1/log/entries/retrieve`.
  static boolean retrieves(String path) {
    return path.equals("/api/v1/log/entries/retrieve");
  }

  /// `GET /api/v1/log/entries`.
  static boolean entries(String path) {
    return path.startsWith("/api/v1/log/entries?");
  }
}
