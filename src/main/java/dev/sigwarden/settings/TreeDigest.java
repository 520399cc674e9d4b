package dev.sigwarden.settings;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A SHA-256 over what the files of one configuration say: values in their order, and the small
/// files that they name. Comments, spaces and line breaks are not in it.
///
/// Every part is written with its kind and length, so that no two configurations are written alike.
final class TreeDigest {
  private final MessageDigest files = sha256();
  private final Map<String, String> keys = new LinkedHashMap<>();

  /// Adds the main file, key by key, so that `hex` may leave some out.
  void main(MappingNode root) {
    for (NodeTuple pair : root.getValue()) {
      if (pair.getKeyNode() instanceof ScalarNode key) {
        MessageDigest digest = sha256();
        add(digest, pair.getValueNode());
        keys.put(key.getValue(), HexFormat.of().formatHex(digest.digest()));
      }
    }
  }

  /// Adds a further file.
  void further(String name, MappingNode root) {
    part(files, 'f', name);
    add(files, root);
  }

  /// Adds the content of a file that a key names.
  void content(String text) {
    part(files, 'c', text);
  }

  /// The digest of all that was added but these keys of the main file.
  String hex(Set<String> without) {
    MessageDigest all = sha256();
    keys.forEach((key, digest) -> {
      if (!without.contains(key)) {
        part(all, 'k', key);
        part(all, 'v', digest);
      }
    });
    // A clone, so that the answer may be asked for again.
    try {
      all.update(((MessageDigest) files.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of the JDK can be cloned", e);
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private static void add(MessageDigest digest, Node node) {
    switch (node) {
      case MappingNode mapping -> {
        count(digest, 'm', mapping.getValue().size());
        mapping
            .getValue()
            .forEach(pair -> {
              add(digest, pair.getKeyNode());
              add(digest, pair.getValueNode());
            });
      }
      case SequenceNode sequence -> {
        count(digest, 'l', sequence.getValue().size());
        sequence.getValue().forEach(item -> add(digest, item));
      }
      // Quotes matter where nothing and the text "null" are two things.
      case ScalarNode scalar ->
          part(digest, scalar.getScalarStyle() == ScalarStyle.PLAIN ? 'p' : 'q', scalar.getValue());
      default -> throw new IllegalStateException("a node that is none of YAML's: " + node);
    }
  }

  private static void part(MessageDigest digest, char kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    count(digest, kind, bytes.length);
    digest.update(bytes);
  }

  private static void count(MessageDigest digest, char kind, int count) {
    digest.update(
        ByteBuffer.allocate(Character.BYTES + Integer.BYTES).putChar(kind).putInt(count).flip());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
