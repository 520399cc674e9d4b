package dev.sigwarden.settings;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;

/// The further files of a configuration, `FOLDER/NAME.yaml` beside the main one, that others than
/// its owner may write.
///
/// What is hidden is passed over: editors' leftovers, and the folders through whose links
/// Kubernetes shows a ConfigMap. So are folders, where a file's own files are. Everything else is a
/// file that somebody wrote to be read.
final class FurtherFiles {
  /// Files of one folder: one for each team of a large organisation.
  static final int MAX_FILES = 1_000;

  private static final String SUFFIX = ".yaml";

  private final Reading main;
  private final YamlMapping mapping;
  private final String key;
  private final String folderName;

  /// @param main the reading of the main file
  /// @param mapping the main file's root
  /// @param key which of its keys problems with the folder are told of
  /// @param folderName of the folder beside the main file
  FurtherFiles(Reading main, YamlMapping mapping, String key, String folderName) {
    this.main = main;
    this.mapping = mapping;
    this.key = key;
    this.folderName = folderName;
  }

  /// What each reader makes of its file.
  <T> Map<String, T> read(Map<String, Function<Section, T>> readers) {
    Map<String, T> values = new LinkedHashMap<>();
    Path folder = main.folder().resolve(folderName);
    if (readers.isEmpty() && !Files.isDirectory(folder)) {
      return values;
    }
    Set<String> found = found(folder, readers.keySet());
    readers.forEach((name, reader) -> {
      if (found.contains(name)) {
        file(folder, name, reader).ifPresent(value -> values.put(name, value));
      } else {
        mapping.problem(
            key, name + " without a file", "the file %s/%s%s".formatted(folderName, name, SUFFIX));
      }
    });
    return values;
  }

  private <T> Optional<T> file(Path folder, String name, Function<Section, T> reader) {
    Reading reading = main.further(shown(name + SUFFIX), folder.resolve(name), name + '/');
    Optional<MappingNode> root =
        SettingsFile.bytes(folder.resolve(name + SUFFIX), reading)
            .flatMap(bytes -> YamlText.parse(bytes, reading));
    root.ifPresent(mappingNode -> main.revision().further(name, mappingNode));
    return root.flatMap(node -> YamlSection.read(reading, "", name, node, reader));
  }

  /// The names of files that have a reader; a problem for each of the others.
  private Set<String> found(Path folder, Set<String> wanted) {
    Set<String> found = new HashSet<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try {
      List<Path> files = list(folder);
      if (files.size() > MAX_FILES) {
        mapping.problem(key, "more files in " + folderName, "at most " + MAX_FILES);
        return Set.copyOf(wanted);
      }
      for (Path file : files) {
        String whole = file.getFileName().toString();
        String name =
            whole.endsWith(SUFFIX) ? whole.substring(0, whole.length() - SUFFIX.length()) : "";
        if (wanted.contains(name)) {
          found.add(name);
        } else {
          String hint = name.isEmpty() ? "" : Nearest.hint(name, wanted);
          main.further(shown(whole), folder, "?")
              .problem(
                  0, "", "a file that " + key + " does not name" + hint, "NAME.yaml of " + key);
        }
      }
    } catch (IOException notListed) {
      mapping.problem(key, "the folder " + folderName + " cannot be read", "a readable folder");
      return Set.copyOf(wanted);
    }
    return found;
  }

  private String shown(String name) {
    int end = main.file().lastIndexOf('/') + 1;
    return main.file().substring(0, end) + folderName + '/' + Printable.bare(name);
  }

  /// The files of a folder by name, at most one more than `MAX_FILES`: links are followed, what is
  /// hidden and folders are left out.
  static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().startsWith(".") && !Files.isDirectory(entry)) {
          files.add(entry);
        }
        if (files.size() > MAX_FILES) {
          break;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(null);
    return files;
  }
}
