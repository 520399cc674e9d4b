package dev.sigwarden.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One reading of one file of a configuration: what every section of it shares. Used by one thread.
///
/// The files of one configuration share their problems, their budget and their revision; where a
/// further file may reach is its own.
final class Reading {
  /// Problems kept: beyond that a person starts with the first ones anyway.
  private static final int MAX_PROBLEMS = 200;

  private final String file;
  private final Path folder;
  private final Optional<Map<String, String>> environment;
  private final String prefix;
  private final Whole whole;

  /// What all files of one configuration share.
  private static final class Whole {
    private final List<String> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final TreeDigest revision = new TreeDigest();
    private int dropped;
    private int bytes;
    private int events;
    private int values;
  }

  /// @param file the name shown in problems
  /// @param folder the absolute folder that relative paths start from
  Reading(String file, Path folder, Map<String, String> environment) {
    this(file, folder, Optional.of(Map.copyOf(environment)), "", new Whole());
  }

  private Reading(
      String file,
      Path folder,
      Optional<Map<String, String>> environment,
      String prefix,
      Whole whole) {
    this.file = file;
    this.folder = folder;
    this.environment = environment;
    this.prefix = prefix;
    this.whole = whole;
    whole.files.add(file);
  }

  /// A further file of the same configuration, whose named sections have names that begin with
  /// `prefix`. It names files below `folder` only, and nothing of the environment.
  Reading further(String file, Path folder, String prefix) {
    return new Reading(file, folder, Optional.empty(), prefix, whole);
  }

  /// The name shown in problems.
  String file() {
    return file;
  }

  Path folder() {
    return folder;
  }

  /// The folder that paths must not lead out of; empty if they may lead anywhere.
  Optional<Path> confinement() {
    return prefix.isEmpty() ? Optional.empty() : Optional.of(folder);
  }

  /// The variables that secrets are taken from; empty if they may not be taken from any.
  Optional<Map<String, String>> environment() {
    return environment;
  }

  /// What the names of named sections begin with; empty in the main file.
  String prefix() {
    return prefix;
  }

  /// What tells this configuration from another.
  TreeDigest revision() {
    return whole.revision;
  }

  /// How many bytes of all files may still be read.
  int bytesLeft() {
    return YamlText.MAX_BYTES - whole.bytes;
  }

  void readBytes(int count) {
    whole.bytes += count;
  }

  /// Counts an event of a parser; whether all files may have so many.
  boolean mayParse() {
    return ++whole.events <= YamlText.MAX_EVENTS;
  }

  /// Counts a value, aliases followed; whether all files may have so many.
  boolean mayHold() {
    return ++whole.values <= YamlText.MAX_EVENTS;
  }

  void problem(int line, String path, String found, String expected) {
    add(new Problem(file, line, path, found, expected));
  }

  void warning(int line, String path, String found, String expected) {
    add(new Problem(file, line, path, found, expected, true));
  }

  private void add(Problem problem) {
    // A reader may ask for a value twice, as two things.
    if (whole.problems.contains(problem)) {
      return;
    }
    if (whole.problems.size() < MAX_PROBLEMS) {
      whole.problems.add(problem);
    } else {
      whole.dropped++;
    }
  }

  /// Whether the configuration cannot be used any more.
  boolean failed() {
    return whole.dropped > 0 || whole.problems.stream().anyMatch(problem -> !problem.warning());
  }

  /// All problems of all files by file and line, and within a line in the order in which they were
  /// found.
  List<Problem> problems() {
    List<Problem> sorted = new ArrayList<>(whole.problems);
    sorted.sort(
        Comparator.<Problem>comparingInt(problem -> whole.files.indexOf(problem.file()))
            .thenComparingInt(Problem::line));
    if (whole.dropped > 0) {
      sorted.add(new Problem(file, 0, "", "and " + whole.dropped + " more problems", ""));
    }
    return List.copyOf(sorted);
  }
}
