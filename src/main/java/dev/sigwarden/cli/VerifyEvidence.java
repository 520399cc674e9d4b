package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.SplitView;
import dev.sigwarden.verify.SplitViewJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks evidence that a log misbehaved, offline: two heads that it signed and that no one history
/// has.
final class VerifyEvidence {
  private VerifyEvidence() {}

  /// Prints what the evidence is worth, as JSON.
  ///
  /// @param vkey the key that the log is known by; null for whatever key the evidence names
  /// @return the exit code
  static int verify(byte[] bytes, @Nullable String vkey) throws CommandFailure {
    ObjectNode answer = EventJson.JSON.createObjectNode();
    boolean proven = verify(answer, bytes, vkey);
    System.out.println(answer.toPrettyString());
    return proven ? Exit.OK : Exit.FINDINGS;
  }

  private static boolean verify(ObjectNode answer, byte[] bytes, @Nullable String vkey)
      throws CommandFailure {
    SplitView view;
    try {
      view = SplitViewJson.parse(bytes);
    } catch (MalformedNoteException e) {
      return refused(answer, e.getMessage());
    }
    SplitView checked =
        new SplitView(
            view.origin(),
            keys(view, vkey),
            view.known(),
            view.shown(),
            view.consistency(),
            view.parting());
    answer.put("log", Sanitizer.clean(view.origin()));
    var named = answer.putArray("keys");
    checked
        .keys()
        .forEach(key -> named.add(Sanitizer.clean(key.toString(), VerifierKey.MAX_CHARS)));
    return switch (checked.check()) {
      case SplitView.Answer.Refused(String why) -> refused(answer, why);
      case SplitView.Answer.WentBack(TreeHead known, TreeHead shown) -> {
        heads(answer, "went-back", known, shown);
        yield true;
      }
      case SplitView.Answer.Proven(TreeHead known, TreeHead shown, var parts) -> {
        heads(answer, "split-view", known, shown);
        parts.ifPresent(range -> parts(answer, range));
        yield true;
      }
    };
  }

  private static List<VerifierKey> keys(SplitView view, @Nullable String vkey)
      throws CommandFailure {
    if (vkey == null) {
      System.err.println(
          "sigwarden: no --key: the evidence itself says which key is the log's; compare it");
      return view.keys();
    }
    try {
      return List.of(VerifierKey.parse(vkey));
    } catch (MalformedNoteException e) {
      throw new CommandFailure(Exit.USAGE, "--key: " + e.getMessage());
    }
  }

  private static boolean refused(ObjectNode answer, String why) {
    answer.put("verdict", "refused");
    answer.putArray("because").add(Sanitizer.clean(why, EventJson.MAX_WHY));
    return false;
  }

  private static void heads(ObjectNode answer, String what, TreeHead known, TreeHead shown) {
    answer.put("verdict", "proven");
    answer.put("misbehaviour", what);
    head(answer.putObject("known"), known);
    head(answer.putObject("shown"), shown);
  }

  private static void head(ObjectNode node, TreeHead head) {
    node.put("size", Long.toString(head.size()));
    node.put("root", head.root().toHex());
  }

  private static void parts(ObjectNode answer, SplitView.Range range) {
    if (range.to() - range.from() == 1) {
      answer.put("firstDivergentEntry", Long.toString(range.from()));
    } else {
      answer.put("firstDivergentEntryFrom", Long.toString(range.from()));
      answer.put("firstDivergentEntryBefore", Long.toString(range.to()));
    }
  }
}
