package dev.sigwarden.note;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.List;

/// A log's statement of its tree: c2sp.org/tlog-checkpoint.
///
/// @param origin the log's name, not empty
/// @param head the tree's size and root
/// @param extensions further lines, in order; not authenticated by signatures of type 0x06
public record Checkpoint(String origin, TreeHead head, List<String> extensions) {
  /// The longest checkpoint text read, in characters: a real one has three or four lines.
  public static final int MAX_CHARS = 65_536;

  /// The most extension lines read.
  public static final int MAX_EXTENSIONS = 100;

  private static final int FIXED_LINES = 3;

  /// A checkpoint of these lines.
  ///
  /// @throws IllegalArgumentException if the origin or an extension is empty or has a newline
  public Checkpoint {
    extensions = List.copyOf(extensions);
    requireLine("origin", origin);
    extensions.forEach(line -> requireLine("extension", line));
  }

  private static void requireLine(String what, String line) {
    if (line.isEmpty() || line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          what + ": " + Strict.excerpt(line) + " (expected: one line, not empty)");
    }
  }

  /// Reads the text of a checkpoint's note strictly.
  public static Checkpoint parse(String text) throws MalformedNoteException {
    if (text.length() > MAX_CHARS) {
      throw new MalformedNoteException(
          "checkpoint: %d characters (expected: at most %d)".formatted(text.length(), MAX_CHARS));
    }
    Strict.requireNoteText(text);
    if (!text.endsWith("\n")) {
      throw new MalformedNoteException("checkpoint does not end in a newline");
    }
    List<String> lines = text.lines().limit(FIXED_LINES + MAX_EXTENSIONS + 1L).toList();
    if (lines.size() < FIXED_LINES || lines.size() > FIXED_LINES + MAX_EXTENSIONS) {
      throw new MalformedNoteException(
          "checkpoint: %d lines (expected: %d to %d)"
              .formatted(lines.size(), FIXED_LINES, FIXED_LINES + MAX_EXTENSIONS));
    }
    if (lines.contains("")) {
      throw new MalformedNoteException("checkpoint with an empty line");
    }
    long size = Strict.decimal(lines.get(1));
    byte[] root = Strict.base64(lines.get(2));
    if (root.length != Hash.LENGTH) {
      throw new MalformedNoteException("root hash: " + root.length + " bytes (expected: 32)");
    }
    return new Checkpoint(
        lines.get(0), new TreeHead(size, Hash.of(root)), lines.subList(FIXED_LINES, lines.size()));
  }

  /// The note text: origin, size, root and extensions, each line ended.
  public String toText() {
    StringBuilder text = new StringBuilder(origin).append('\n');
    text.append(head.size()).append('\n').append(head.root().toBase64()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
