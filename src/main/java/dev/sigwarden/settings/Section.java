package dev.sigwarden.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// One mapping of the configuration file, read key by key. Every read names the key, what it means
/// and its bounds, so that the same reading code both validates a file and describes the schema.
///
/// Reads never throw: a problem is noted with its path and the read returns the default, or a
/// harmless sample for a required key, so that all problems of a file are found at once. When the
/// reader of a section returns, keys that were not read are problems too (unknown key, with the
/// nearest known one).
///
/// A reader cannot tell whether it reads a file or describes the schema, and must not care: it asks
/// for the same keys whatever it is told (only `variant` may depend on a value), survives `sample`
/// for any required text by noting a problem, and never answers null. When the schema is described,
/// everything optional is absent, lists and maps are empty, and readers of nested sections are
/// still run once. An `IllegalArgumentException` of a reader ends its section if a problem was
/// noted before, at the price of what it had not read yet; otherwise, and in a description, it is a
/// bug.
public interface Section {
  /// Where this section stands in its file: `logs.rekor-2025`.
  String path();

  /// The name that the operator gave in a map of named sections: the last part of `path()`, in a
  /// further file with that file's name and a slash before it.
  String name();

  /// A required text, not blank. A plain scalar is the text as written: `1.10` and `no` need no
  /// quotes. `${NAME}` is refused: only `secret` looks into the environment.
  String text(String key, String meaning);

  /// An optional text with its default.
  String text(String key, String defaultValue, String meaning);

  /// An optional text.
  Optional<String> optionalText(String key, String meaning);

  /// A required list of texts, or one text standing for a list of one.
  List<String> texts(String key, String meaning);

  /// An optional list of texts, empty when absent.
  List<String> optionalTexts(String key, String meaning);

  /// An optional map of texts, empty when absent.
  Map<String, String> textMap(String key, String meaning);

  /// A whole number in `[min, max]`.
  long number(String key, long defaultValue, long min, long max, String meaning);

  /// A yes or no, written `true` or `false`.
  boolean flag(String key, boolean defaultValue, String meaning);

  /// A duration in `[min, max]`, written `250ms`, `10s`, `5m`, `2h`, `7d`.
  Duration duration(String key, Duration defaultValue, Duration min, Duration max, String meaning);

  /// One of the constants of an enum, written in lowercase with hyphens.
  <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue, String meaning);

  /// An optional list of constants of an enum, or one, empty when absent.
  <E extends Enum<E>> List<E> choices(String key, Class<E> type, String meaning);

  /// A required absolute URL with one of the schemes (`file` needs no host), without user info or
  /// fragment.
  URI url(String key, List<String> schemes, String meaning);

  /// An optional URL of the same form.
  Optional<URI> optionalUrl(String key, List<String> schemes, String meaning);

  /// A path relative to the configuration file's folder, made absolute; need not exist.
  Optional<Path> optionalPath(String key, String meaning);

  /// Whether a path that this file may name still leads to where it may: for what is read again,
  /// when links may have been changed.
  Predicate<Path> reach();

  /// The content of a required small text file (64 KiB at most) named by the key, relative to the
  /// configuration file's folder.
  Optional<String> optionalFile(String key, String meaning);

  /// A secret: `key-file` names a file that is read again at each use (64 KiB at most, one trailing
  /// newline left out), `key` must be `${NAME}` of an environment variable. A file or variable that
  /// has no secret now is a problem, and the answer a secret that cannot be read, so that a reader
  /// does not take it for absent. A file that others may use is a warning.
  Optional<Secret> secret(String key, String meaning);

  /// An optional nested section.
  <T> Optional<T> section(String key, String meaning, Function<Section, T> reader);

  /// An optional map of named sections, in the file's order. A name is 1 to 64 letters, digits,
  /// dots, hyphens and underscores and starts with a letter or digit.
  <T> Map<String, T> sections(String key, String meaning, Function<Section, T> reader);

  /// What stands in the further files `FOLDER/NAME.yaml` beside the main file, by `NAME`; those
  /// with problems are left out. Others than the main file's owner may write them. So a further
  /// file is held to its own: names in its maps of named sections begin with `NAME/`; paths start
  /// from the folder `FOLDER/NAME` and must not lead out of it; secrets come from files alone.
  ///
  /// A reader without a file is a problem of `key`, and so is a file without a reader; what is
  /// hidden is passed over. For the main file's root only.
  ///
  /// @param readers by name, each a name that fits `sections`
  <T> Map<String, T> files(String key, String folder, Map<String, Function<Section, T>> readers);

  /// What tells one configuration from another: a SHA-256 in hex over the values of all files read
  /// so far and the small files that they name; comments and spaces count for nothing. Empty in a
  /// description. For the main file's root only.
  ///
  /// @param without keys of the main file that are left out
  String revision(String... without);

  /// An optional list of sections.
  <T> List<T> list(String key, String meaning, Function<Section, T> reader);

  /// A required text that says which of several readers reads the rest of this section. Empty when
  /// the value is none of them, which is a problem that names the nearest one.
  <T> Optional<T> variant(String key, String meaning, Map<String, Function<Section, T>> readers);

  /// Leaves keys unread that belong to this section and are no concern of this reader.
  void skip(String... keys);

  /// Leaves every key unread that this reader does not read.
  void skipOthers();

  /// Notes a problem with the value of `key` that this section's reader found. Nothing is noted of
  /// a sample: what was wrong with the value itself was told already.
  ///
  /// @param found what stands there; made safe to show here
  void problem(String key, String found, String expected);
}
