package dev.sigwarden.log;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.NoteSigner;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A log with known leaves, every node of its tree, and the tlog-tiles resources that an honest
/// server of it has. Written without any of the code that reads such resources.
public final class GeneratedLog {
  /// The origin and key name.
  public static final String ORIGIN = "generated.example/log";

  private final NoteSigner signer = NoteSigner.generate(ORIGIN);
  private final int size;
  private final List<List<Hash>> levels = new ArrayList<>();
  private final List<Hash> roots = new ArrayList<>();

  /// A log of `size` leaves.
  public GeneratedLog(int size) {
    this.size = size;
    List<Hash> leaves = new ArrayList<>();
    CompactRange range = CompactRange.empty();
    roots.add(range.root());
    for (int i = 0; i < size; i++) {
      leaves.add(Hash.ofLeaf(leaf(i)));
      range.append(leaves.get(i));
      roots.add(range.root());
    }
    levels.add(leaves);
    while (levels.getLast().size() > 1) {
      List<Hash> below = levels.getLast();
      List<Hash> level = new ArrayList<>();
      for (int i = 0; i + 1 < below.size(); i += 2) {
        level.add(Hash.ofChildren(below.get(i), below.get(i + 1)));
      }
      levels.add(level);
    }
  }

  /// The number of leaves.
  public int size() {
    return size;
  }

  /// Leaf number `index`: the empty one now and then, and lengths that differ.
  public static byte[] leaf(int index) {
    return index % 50 == 7
        ? new byte[0]
        : "leaf %d %s".formatted(index, "x".repeat(index % 13)).getBytes(StandardCharsets.US_ASCII);
  }

  /// The head of the tree of the first `size` leaves.
  public TreeHead head(int size) {
    return new TreeHead(size, roots.get(size));
  }

  /// The head of the whole tree.
  public TreeHead head() {
    return head(size);
  }

  /// The signed checkpoint of the first `size` leaves.
  public byte[] checkpoint(int size) {
    return signer.sign(new Checkpoint(ORIGIN, head(size), List.of()).toText());
  }

  /// The resource at a tlog-tiles path, as the server of the whole log has it: each partial tile
  /// that ever was is still there.
  public Optional<byte[]> resource(String path) {
    if (path.equals("checkpoint")) {
      return Optional.of(checkpoint(size));
    }
    String[] parts = path.split("/");
    if (parts.length < 3 || !parts[0].equals("tile")) {
      return Optional.empty();
    }
    int width = 256;
    long index = 0;
    for (int i = 2; i < parts.length; i++) {
      String group = parts[i].replace("x", "");
      if (group.endsWith(".p")) {
        width = Integer.parseInt(parts[i + 1]);
        index = index * 1000 + Integer.parseInt(group.substring(0, 3));
        break;
      }
      index = index * 1000 + Integer.parseInt(group);
    }
    int from = (int) index * 256;
    return parts[1].equals("entries")
        ? bundle(from, from + width)
        : hashes(8 * Integer.parseInt(parts[1]), from, from + width);
  }

  private Optional<byte[]> bundle(int from, int to) {
    if (to > size) {
      return Optional.empty();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      byte[] leaf = leaf(i);
      out.write(leaf.length >>> 8);
      out.write(leaf.length);
      out.writeBytes(leaf);
    }
    return Optional.of(out.toByteArray());
  }

  private Optional<byte[]> hashes(int level, int from, int to) {
    if (level >= levels.size() || to > levels.get(level).size()) {
      return Optional.empty();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    levels.get(level).subList(from, to).forEach(hash -> out.writeBytes(hash.toBytes()));
    return Optional.of(out.toByteArray());
  }
}
