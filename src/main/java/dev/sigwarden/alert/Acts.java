package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.util.List;

/// Commands that act on a finding, as the program has them. What stands for words of the reader's
/// own is written in capitals.
final class Acts {
  private static final String REASON = " --reason 'WHY'";

  private Acts() {}

  /// For any finding: fetch what proves it, take it, end it.
  static List<String> of(String uid) {
    return of(uid, List.of(), "");
  }

  /// For all findings that were told in one message.
  static List<String> ofDigest(String uid) {
    return new Commands()
        .add("sigwarden findings ack %s" + REASON, uid)
        .add("sigwarden findings close %s --verdict VERDICT" + REASON, uid)
        .list();
  }

  /// The same for an entry that may have been meant.
  ///
  /// @param allowlists the lists that its watch goes by and that take lines through the API
  /// @param line the line that makes it expected, `sha256:HEX` or `tbs:HEX`; empty for none
  static List<String> of(String uid, List<String> allowlists, String line) {
    Commands acts =
        new Commands()
            .add("sigwarden findings show %s --evidence %s", uid, uid + ".zip")
            .add("sigwarden findings ack %s" + REASON, uid);
    if (!line.isEmpty()) {
      allowlists.stream()
          .limit(Sanitizer.MAX_ITEMS)
          .forEach(list -> acts.add("sigwarden allow add %s --digest %s" + REASON, list, line));
    }
    return acts.add("sigwarden findings close %s --verdict VERDICT" + REASON, uid).list();
  }
}
