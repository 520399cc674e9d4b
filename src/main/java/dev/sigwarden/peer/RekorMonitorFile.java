package dev.sigwarden.peer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// A configuration file of rekor-monitor as it reads it: YAML 1.1 with aliases and merge keys, in
/// which a value of any look is text and a key that nobody knows means nothing.
/// sigstore/rekor-monitor pkg/notifications/notifications.go, `IdentityMonitorConfiguration`.
///
/// @param values the mapping at the top
record RekorMonitorFile(Map<?, ?> values) {
  /// Bytes of a file: thousands of identities stay far below.
  static final int MAX_BYTES = 1 << 20;

  /// Aliases that stand for lists and mappings; real files have a handful.
  private static final int MAX_ALIASES = 200;

  /// Levels of nesting, real files have six.
  private static final int MAX_DEPTH = 20;

  /// Items of one list that are read.
  static final int MAX_ITEMS = 10_000;

  // The library documents YAMLException, yet lets others through for some inputs; whatever it
  // throws, the file is at fault.
  static RekorMonitorFile parse(byte[] bytes) throws MalformedPeerFileException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedPeerFileException("over %d bytes".formatted(MAX_BYTES));
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowRecursiveKeys(false);
    DumperOptions dumping = new DumperOptions();
    Yaml yaml =
        new Yaml(
            new SafeConstructor(options),
            new Representer(dumping),
            dumping,
            options,
            new TextOnly());
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      Object top = yaml.load(text);
      if (top instanceof Map<?, ?> values) {
        return new RekorMonitorFile(values);
      }
      throw new MalformedPeerFileException("no mapping at the top");
    } catch (CharacterCodingException _) {
      throw new MalformedPeerFileException("not UTF-8");
    } catch (RuntimeException e) {
      throw new MalformedPeerFileException(
          "no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /// Takes every scalar for text, as decoding into a Go string does; merge keys and nothing are
  /// known.
  private static final class TextOnly extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }

  /// The value of a key as a mapping; an empty one if it is none.
  static Map<?, ?> map(Map<?, ?> of, String key) {
    return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  /// The items of a list, those that are nothing left out; none if the value is no list.
  static List<Object> items(Map<?, ?> of, String key) throws MalformedPeerFileException {
    List<Object> items = new ArrayList<>();
    if (of.get(key) instanceof List<?> list) {
      if (list.size() > MAX_ITEMS) {
        throw new MalformedPeerFileException(
            "%s: %d items (expected: <= %d; split the file)"
                .formatted(key, list.size(), MAX_ITEMS));
      }
      for (Object item : list) {
        if (item != null) {
          items.add(item);
        }
      }
    }
    return items;
  }
}
