package dev.sigwarden.sim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Something that a transparency service on a CCF ledger does wrong: turns the honest answer to a
/// request into another. `LedgerFaults` has those that there are names for.
@FunctionalInterface
public interface LedgerFault {
  /// The answer to send.
  ///
  /// @param honest what would be sent without this fault
  Answer apply(Request request, Answer honest);

  /// This fault for requests to those paths, their queries included.
  default LedgerFault on(Predicate<String> paths) {
    return (request, honest) -> paths.test(request.path()) ? apply(request, honest) : honest;
  }

  /// This fault for the next `times` requests that reach it, then none.
  default LedgerFault times(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return (request, honest) -> left.getAndDecrement() > 0 ? apply(request, honest) : honest;
  }

  /// A fault of the wire: `WireFaults.silence()` and its like.
  static LedgerFault wire(Fault fault) {
    return (request, honest) -> fault.apply(request.path(), honest);
  }

  /// `GET /entries/txIds`.
  static boolean lists(String path) {
    return path.startsWith("/entries/txIds");
  }

  /// `GET /entries/{txid}` and `GET /entries/{txid}/statement`.
  static boolean entries(String path) {
    return path.startsWith("/entries/") && !lists(path);
  }

  /// The services' keys, in both forms.
  static boolean keys(String path) {
    return path.startsWith("/jwks") || path.startsWith("/.well-known/scitt-keys");
  }

  /// The ledger's files, at the service and at the public copy; no lists of them.
  static boolean files(String path) {
    return path.startsWith("/node/ledger-chunk/ledger_") || path.startsWith("/ledger/ledger_");
  }

  /// The list of the public copy's files.
  static boolean index(String path) {
    return path.equals("/ledger/");
  }

  /// Both forms of one entry.
  static Predicate<String> entry(Object txid) {
    String path = "/entries/" + txid;
    return requested -> {
      String bare = requested.replaceFirst("\\?.*", "");
      return bare.equals(path) || bare.equals(path + "/statement");
    };
  }
}
