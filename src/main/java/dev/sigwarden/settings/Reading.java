package dev.sigwarden.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// One reading of one configuration file: what every section of it shares. Used by one thread.
final class Reading {
  /// Problems kept: beyond that a person starts with the first ones anyway.
  private static final int MAX_PROBLEMS = 200;

  private final String file;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private int dropped;

  /// @param file the name shown in problems
  /// @param folder the absolute folder that relative paths start from
  Reading(String file, Path folder, Map<String, String> environment) {
    this.file = file;
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  Path folder() {
    return folder;
  }

  Map<String, String> environment() {
    return environment;
  }

  void problem(int line, String path, String found, String expected) {
    add(new Problem(file, line, path, found, expected));
  }

  void warning(int line, String path, String found, String expected) {
    add(new Problem(file, line, path, found, expected, true));
  }

  private void add(Problem problem) {
    // A reader may ask for a value twice, as two things.
    if (problems.contains(problem)) {
      return;
    }
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem);
    } else {
      dropped++;
    }
  }

  /// Whether the configuration cannot be used any more.
  boolean failed() {
    return dropped > 0 || problems.stream().anyMatch(problem -> !problem.warning());
  }

  /// All problems by line, and within a line in the order in which they were found.
  List<Problem> problems() {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(Comparator.comparingInt(Problem::line));
    if (dropped > 0) {
      sorted.add(new Problem(file, 0, "", "and " + dropped + " more problems", ""));
    }
    return List.copyOf(sorted);
  }
}
