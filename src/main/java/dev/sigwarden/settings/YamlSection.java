package dev.sigwarden.settings;

import dev.sigwarden.settings.YamlMapping.Item;
import dev.sigwarden.text.Sanitizer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A section of a real file. A scalar is read by what its key asks for and never by its looks: for
/// a text key `no`, `1.10` and `0x1F` are the texts written there; a number or flag has one written
/// form and no quotes.
final class YamlSection implements Section {
  /// What a required text is when a problem was noted instead.
  static final String SAMPLE_TEXT = "sample";

  /// What a required URL is when a problem was noted instead; the domain is reserved by RFC 2606.
  static final URI SAMPLE_URL = URI.create("https://sample.invalid");

  private final Reading reading;
  private final YamlMapping mapping;
  private final YamlFiles files;
  private final String name;

  /// The keys that a sample was answered for, with a problem noted.
  private final Set<String> sampled = new HashSet<>();

  private boolean readerUnknown;
  private boolean othersSkipped;

  private YamlSection(Reading reading, YamlMapping mapping, String name) {
    this.reading = reading;
    this.mapping = mapping;
    this.files = new YamlFiles(reading, mapping);
    this.name = name;
  }

  /// Reads the mapping whole: what the reader makes of it, and a problem for each key left over.
  /// Empty if a problem was noted and the reader could not go on with what it was told instead.
  static <T> Optional<T> read(
      Reading reading, String path, String name, MappingNode node, Function<Section, T> reader) {
    YamlMapping mapping = new YamlMapping(reading, path, node);
    YamlSection section = new YamlSection(reading, mapping, name);
    Optional<T> value = section.readAll(reader);
    if (value.isPresent() && !section.readerUnknown && !section.othersSkipped) {
      mapping.refuseUnknown();
    }
    mapping.refuseAbsent();
    return value;
  }

  private <T> Optional<T> readAll(Function<Section, T> reader) {
    try {
      return Optional.of(reader.apply(this));
    } catch (IllegalArgumentException refused) {
      // A record that refuses a sample in place of a wrong value. Without a problem it is a bug.
      if (mapping.failed()) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  @Override
  public String path() {
    return mapping.path();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void skip(String... keys) {
    for (String key : keys) {
      var _ = mapping.item(key);
    }
  }

  @Override
  public void skipOthers() {
    othersSkipped = true;
  }

  @Override
  public void problem(String key, String found, String expected) {
    if (!sampled.contains(key)) {
      mapping.problem(key, Sanitizer.clean(found), expected);
    }
  }

  private Optional<Item> required(String key, String meaning) {
    Optional<Item> item = mapping.item(key);
    if (item.isEmpty()) {
      problem(key, "missing", meaning);
    }
    return item;
  }

  /// What is answered in place of a required value with a problem.
  private <T> T sample(String key, T sample) {
    sampled.add(key);
    return sample;
  }

  @Override
  public String text(String key, String meaning) {
    return required(key, meaning).flatMap(mapping::text).orElseGet(() -> sample(key, SAMPLE_TEXT));
  }

  @Override
  public String text(String key, String defaultValue, String meaning) {
    return optionalText(key, meaning).orElse(defaultValue);
  }

  @Override
  public Optional<String> optionalText(String key, String meaning) {
    return mapping.item(key).flatMap(mapping::text);
  }

  @Override
  public List<String> texts(String key, String meaning) {
    Optional<Item> item = required(key, meaning);
    if (item.isPresent() && mapping.items(key).isEmpty()) {
      problem(key, "an empty list", meaning);
    }
    List<String> texts = optionalTexts(key, meaning);
    return texts.isEmpty() ? sample(key, List.of(SAMPLE_TEXT)) : texts;
  }

  @Override
  public List<String> optionalTexts(String key, String meaning) {
    return mapping.items(key).stream().flatMap(item -> mapping.text(item).stream()).toList();
  }

  @Override
  public Map<String, String> textMap(String key, String meaning) {
    Map<String, String> texts = new LinkedHashMap<>();
    children(key)
        .forEach((name, item) -> mapping.text(item).ifPresent(text -> texts.put(name, text)));
    return texts;
  }

  /// The values of the mapping that is the value of a key, by name.
  private Map<String, Item> children(String key) {
    return mapping
        .item(key)
        .flatMap(mapping::mapping)
        .map(node -> new YamlMapping(reading, mapping.path(key), node).all())
        .orElse(Map.of());
  }

  @Override
  public long number(String key, long defaultValue, long min, long max, String meaning) {
    String expected = "a whole number from " + min + " to " + max;
    return mapping
        .item(key)
        .flatMap(item -> mapping.bare(item, expected, text -> Scalars.number(text, min, max)))
        .orElse(defaultValue);
  }

  @Override
  public boolean flag(String key, boolean defaultValue, String meaning) {
    return mapping
        .item(key)
        .flatMap(item -> mapping.bare(item, "true or false", Scalars::flag))
        .orElse(defaultValue);
  }

  @Override
  public Duration duration(
      String key, Duration defaultValue, Duration min, Duration max, String meaning) {
    String expected =
        "a duration from %s to %s, such as 250ms, 10s, 5m, 2h, 7d"
            .formatted(Scalars.write(min), Scalars.write(max));
    return mapping
        .item(key)
        .flatMap(item -> mapping.parsed(item, expected, text -> Scalars.duration(text, min, max)))
        .orElse(defaultValue);
  }

  @Override
  public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue, String meaning) {
    return mapping.item(key).flatMap(item -> constant(item, type)).orElse(defaultValue);
  }

  @Override
  public <E extends Enum<E>> List<E> choices(String key, Class<E> type, String meaning) {
    return mapping.items(key).stream()
        .flatMap(item -> constant(item, type).stream())
        .distinct()
        .toList();
  }

  private <E extends Enum<E>> Optional<E> constant(Item item, Class<E> type) {
    Optional<E> constant =
        item.node() instanceof ScalarNode scalar
            ? Scalars.constant(scalar.getValue(), type)
            : Optional.empty();
    if (constant.isEmpty()) {
      mapping.notOneOf(item, Scalars.names(type));
    }
    return constant;
  }

  @Override
  public URI url(String key, List<String> schemes, String meaning) {
    return required(key, meaning)
        .flatMap(item -> url(item, schemes))
        .orElseGet(() -> sample(key, SAMPLE_URL));
  }

  @Override
  public Optional<URI> optionalUrl(String key, List<String> schemes, String meaning) {
    return mapping.item(key).flatMap(item -> url(item, schemes));
  }

  private Optional<URI> url(Item item, List<String> schemes) {
    String written = item.node() instanceof ScalarNode scalar ? scalar.getValue() : "";
    Optional<URI> url = Scalars.url(written, schemes);
    if (url.isEmpty()) {
      String starts = String.join(":// or ", schemes);
      String expected =
          "an absolute URL that starts with " + starts + "://, without user info and fragment";
      if (written.contains("@")) {
        // What stands before an @ may be a password.
        mapping.wrong(item, "a URL with an @ in it", expected);
      } else {
        mapping.wrong(item, expected);
      }
    }
    return url;
  }

  @Override
  public Optional<Path> optionalPath(String key, String meaning) {
    return files.path(key);
  }

  @Override
  public Predicate<Path> reach() {
    Optional<Path> within = reading.confinement();
    return path -> within.isEmpty() || !YamlFiles.leavesFolder(path, within.get());
  }

  @Override
  public Optional<String> optionalFile(String key, String meaning) {
    return files.content(key, meaning);
  }

  @Override
  public Optional<Secret> secret(String key, String meaning) {
    return files.secret(key);
  }

  @Override
  public <T> Optional<T> section(String key, String meaning, Function<Section, T> reader) {
    return mapping.item(key).flatMap(item -> child(key, item, reader));
  }

  private <T> Optional<T> child(String childName, Item item, Function<Section, T> reader) {
    return mapping
        .mapping(item)
        .flatMap(node -> read(reading, item.path(), childName, node, reader));
  }

  @Override
  public <T> Map<String, T> sections(String key, String meaning, Function<Section, T> reader) {
    Map<String, T> values = new LinkedHashMap<>();
    children(key)
        .forEach((childName, item) -> {
          if (Scalars.NAME.matcher(childName).matches()) {
            String whole = reading.prefix() + childName;
            child(whole, item, reader).ifPresent(value -> values.put(whole, value));
          } else {
            String expected = "1 to 64 letters, digits, dots, hyphens and underscores";
            mapping.wrong(item, "the name " + Printable.quoted(childName), expected);
          }
        });
    return values;
  }

  @Override
  public <T> Map<String, T> files(
      String key, String folderName, Map<String, Function<Section, T>> readers) {
    return new FurtherFiles(reading, mapping, key, folderName).read(readers);
  }

  @Override
  public String revision(String... without) {
    return reading.revision().hex(Set.of(without));
  }

  @Override
  public <T> List<T> list(String key, String meaning, Function<Section, T> reader) {
    Optional<Item> whole = mapping.item(key);
    if (whole.isPresent() && !(whole.get().node() instanceof SequenceNode)) {
      mapping.wrong(whole.get(), "a list of mappings");
      return List.of();
    }
    List<T> values = new ArrayList<>();
    for (Item item : mapping.items(key)) {
      String last = item.path().substring(item.path().lastIndexOf(key));
      child(last, item, reader).ifPresent(values::add);
    }
    return values;
  }

  @Override
  public <T> Optional<T> variant(
      String key, String meaning, Map<String, Function<Section, T>> readers) {
    TreeSet<String> names = new TreeSet<>(readers.keySet());
    Optional<Item> item = mapping.item(key);
    Optional<Function<Section, T>> reader =
        item.map(Item::node)
            .filter(ScalarNode.class::isInstance)
            .map(node -> readers.get(((ScalarNode) node).getValue()));
    if (reader.isPresent()) {
      return Optional.of(reader.get().apply(this));
    }
    if (item.isPresent()) {
      mapping.notOneOf(item.get(), names);
    } else {
      problem(key, "missing", meaning + ", one of " + YamlMapping.listed(names));
    }
    // Which keys are known depends on the answer.
    readerUnknown = true;
    return Optional.empty();
  }
}
