package dev.sigwarden.peer;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The outcome of an import.
///
/// @param watches selectors by the name of their watch, in the file's order
/// @param remarks what to know of them, in the file's order
/// @param allowed lines of an allowlist for all of the watches
public record Imported(
    Map<String, List<Map<String, Object>>> watches, List<Remark> remarks, List<String> allowed) {
  /// The paths under which files say what is watched.
  private static final List<String> SELECTING = List.of("monitoredValues", "watchlist");

  /// Watches that report every use.
  public Imported(Map<String, List<Map<String, Object>>> watches, List<Remark> remarks) {
    this(watches, remarks, List.of());
  }

  public Imported {
    allowed = List.copyOf(allowed);
    watches = Collections.unmodifiableMap(new LinkedHashMap<>(watches));
    remarks = List.copyOf(remarks);
  }

  /// Whether everything that selects entries was carried over.
  public boolean isComplete() {
    return remarks.stream()
        .noneMatch(remark ->
            remark.level() == Remark.Level.NOT_CARRIED_OVER
                && SELECTING.stream().anyMatch(remark.path()::startsWith));
  }

  /// A configuration file with these watches.
  ///
  /// @param from the monitor that they are from
  /// @param contact an e-mail address or URL
  public String toYaml(String from, String contact) {
    return toYaml(from, contact, Optional.empty());
  }

  /// The same with an allowlist of its own.
  ///
  /// @param allowlist the file that has the lines of `allowed`; empty if they are not used
  public String toYaml(String from, String contact, Optional<Path> allowlist) {
    StringBuilder yaml =
        new StringBuilder(
            """
            # Watches imported from %s. Each use of these identities is reported; add expect to a
            # watch to say what is meant to happen. Logs and receivers are to be added.

            # Goes to the operators of logs with each request: put an address of yours here.
            contact: %s

            """
                .formatted(from, quoted(contact)));
    yaml.append(watches.isEmpty() ? "watches: {}\n" : "watches:\n");
    watches.forEach((name, selectors) -> {
      watch(yaml, name, selectors);
      allowlist.ifPresent(
          _ -> yaml.append("    expect: {allowlists: [%s]}\n".formatted(quoted(from))));
    });
    allowlist.ifPresent(file ->
        yaml.append("\nallowlists:\n  %s: {file: %s}\n".formatted(from, quoted(file.toString()))));
    return yaml.toString();
  }

  /// One watch, as it stands below `watches`.
  static void watch(StringBuilder yaml, String name, List<Map<String, Object>> selectors) {
    yaml.append("  ").append(name).append(":\n    identities:\n");
    for (Map<String, Object> selector : selectors) {
      String indent = "      - ";
      for (Map.Entry<String, Object> one : selector.entrySet()) {
        yaml.append(indent).append(one.getKey()).append(": ");
        if (one.getValue() instanceof Map<?, ?> values) {
          yaml.append('{');
          String comma = "";
          for (Map.Entry<?, ?> value : values.entrySet()) {
            yaml.append(comma).append(quoted(String.valueOf(value.getKey())));
            yaml.append(": ").append(quoted(String.valueOf(value.getValue())));
            comma = ", ";
          }
          yaml.append("}\n");
        } else {
          yaml.append(quoted(String.valueOf(one.getValue()))).append('\n');
        }
        indent = "        ";
      }
    }
  }

  /// A double-quoted scalar, all but printable ASCII escaped. YAML 1.2 section 7.3.1.
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
          } else if (c >= ' ' && c <= '~') {
            quoted.append((char) c);
          } else {
            quoted.append("\\U%08x".formatted(c));
          }
        });
    return quoted.append('"').toString();
  }
}
