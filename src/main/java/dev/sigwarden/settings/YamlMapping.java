package dev.sigwarden.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// One YAML mapping, the keys that were asked of it, and the words in which it complains.
final class YamlMapping {
  /// Known names listed in a problem.
  private static final int MAX_LISTED = 30;

  /// A node and where it stands.
  record Item(Node node, String path) {}

  private final Reading reading;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> pairs = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();
  private final List<Absent> absent = new ArrayList<>();

  /// A problem with a key that is not there.
  private record Absent(String key, String found, String expected) {}

  YamlMapping(Reading reading, String path, MappingNode node) {
    this.reading = reading;
    this.path = path;
    this.line = YamlText.line(node);
    for (NodeTuple pair : node.getValue()) {
      add(pair);
    }
  }

  private void add(NodeTuple pair) {
    int at = YamlText.line(pair.getKeyNode());
    if (!(pair.getKeyNode() instanceof ScalarNode key) || nothing(key)) {
      reading.problem(at, path, "a key that is not a text", "key: value");
      return;
    }
    NodeTuple first = pairs.putIfAbsent(key.getValue(), pair);
    if (first != null) {
      String where = "the same key as on line " + YamlText.line(first.getKeyNode());
      reading.problem(at, path(key.getValue()), where, "each key once");
    }
  }

  /// Notes a problem for each key that was never asked for. What is wrong with a key that stands
  /// there misspelt, as far as one can guess, is told with that one alone.
  void refuseUnknown() {
    Set<String> meant = new HashSet<>();
    pairs.forEach((key, pair) -> {
      if (!known.contains(key)) {
        int at = YamlText.line(pair.getKeyNode());
        String expected = known.isEmpty() ? "no keys" : "one of " + listed(known);
        reading.problem(at, path(key), "unknown key" + Nearest.hint(key, known), expected);
        Nearest.of(key, known).ifPresent(meant::add);
      }
    });
    absent.removeIf(problem -> meant.contains(problem.key()));
  }

  /// Notes the problems with keys that are not there. To be called once, at the end.
  void refuseAbsent() {
    absent.forEach(
        problem -> reading.problem(line, path(problem.key()), problem.found(), problem.expected()));
  }

  /// Whether a problem of the whole file was noted, or one with a key that is not there.
  boolean failed() {
    return reading.failed() || !absent.isEmpty();
  }

  /// The names with commas between, the first ones of many.
  static String listed(Iterable<String> names) {
    List<String> shown = new ArrayList<>();
    for (String one : names) {
      if (shown.size() == MAX_LISTED) {
        shown.add("…");
        break;
      }
      shown.add(one);
    }
    return String.join(", ", shown);
  }

  String path() {
    return path;
  }

  String path(String key) {
    return path.isEmpty() ? Printable.bare(key) : path + '.' + Printable.bare(key);
  }

  /// All keys with their values, in the file's order.
  Map<String, Item> all() {
    Map<String, Item> items = new LinkedHashMap<>();
    pairs.forEach((key, pair) -> items.put(key, new Item(pair.getValueNode(), path(key))));
    return items;
  }

  /// The value of a key, which is known from now on.
  Optional<Item> item(String key) {
    known.add(key);
    return Optional.ofNullable(pairs.get(key))
        .map(pair -> new Item(pair.getValueNode(), path(key)));
  }

  /// The items of a list, or one value standing for a list of one.
  List<Item> items(String key) {
    Optional<Item> value = item(key);
    if (value.isEmpty() || !(value.get().node() instanceof SequenceNode list)) {
      return value.stream().toList();
    }
    List<Item> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      items.add(new Item(item, path(key) + '[' + items.size() + ']'));
    }
    return items;
  }

  Optional<MappingNode> mapping(Item item) {
    if (item.node() instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    wrong(item, "a mapping");
    return Optional.empty();
  }

  /// Notes a problem with a key, on its line or, if it is absent, on the mapping's.
  void problem(String key, String found, String expected) {
    if (pairs.containsKey(key)) {
      reading.problem(line(key), path(key), found, expected);
    } else {
      absent.add(new Absent(key, found, expected));
    }
  }

  void warning(String key, String found, String expected) {
    reading.warning(line(key), path(key), found, expected);
  }

  private int line(String key) {
    NodeTuple pair = pairs.get(key);
    return pair == null ? line : YamlText.line(pair.getKeyNode());
  }

  /// Notes that an item is not what was expected.
  void wrong(Item item, String expected) {
    wrong(item, found(item.node()), expected);
  }

  void wrong(Item item, String found, String expected) {
    reading.problem(YamlText.line(item.node()), item.path(), found, expected);
  }

  /// Notes that an item is none of the names, with the nearest one.
  void notOneOf(Item item, Collection<String> names) {
    String hint =
        item.node() instanceof ScalarNode scalar ? Nearest.hint(scalar.getValue(), names) : "";
    wrong(item, found(item.node()) + hint, "one of " + listed(names));
  }

  private static String found(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar when nothing(scalar) -> "nothing";
      case ScalarNode scalar when plain(scalar) -> Printable.bare(scalar.getValue());
      case ScalarNode scalar -> Printable.quoted(scalar.getValue());
      default -> "something else";
    };
  }

  private static boolean nothing(ScalarNode node) {
    return plain(node) && Scalars.isNull(node.getValue());
  }

  private static boolean plain(ScalarNode node) {
    return node.getScalarStyle() == ScalarStyle.PLAIN;
  }

  /// The text of one item, or empty after a problem.
  Optional<String> text(Item item) {
    if (!(item.node() instanceof ScalarNode scalar) || nothing(scalar)) {
      wrong(item, "a text");
      return Optional.empty();
    }
    String text = scalar.getValue();
    if (text.isBlank()) {
      wrong(item, "a text that is not blank");
    } else if (text.length() > Scalars.MAX_TEXT) {
      wrong(item, "a text too long", "at most " + Scalars.MAX_TEXT + " characters");
    } else if (Scalars.ENVIRONMENT.matcher(text).matches()) {
      wrong(item, "the text itself: only secrets are taken from the environment");
    } else {
      return Optional.of(text);
    }
    return Optional.empty();
  }

  /// The value of one item written as a text, with quotes or without; empty after a problem.
  <V> Optional<V> parsed(Item item, String expected, Function<String, Optional<V>> parse) {
    Optional<V> value =
        item.node() instanceof ScalarNode scalar && !nothing(scalar)
            ? parse.apply(scalar.getValue())
            : Optional.empty();
    if (value.isEmpty()) {
      wrong(item, expected);
    }
    return value;
  }

  /// The value of one item that YAML knows as a number or flag; empty after a problem.
  <V> Optional<V> bare(Item item, String expected, Function<String, Optional<V>> parse) {
    boolean quoted = item.node() instanceof ScalarNode scalar && !plain(scalar);
    String wanted = quoted ? expected + ", without quotes" : expected;
    return parsed(item, wanted, text -> quoted ? Optional.empty() : parse.apply(text));
  }
}
