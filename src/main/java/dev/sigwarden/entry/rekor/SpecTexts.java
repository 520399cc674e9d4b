package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Texts that stand in an entry for people to read, and that nothing is decided by.
public final class SpecTexts {
  private SpecTexts() {}

  /// Members of one object in the entry, by name: those of `wanted` that are text. None if there is
  /// no such object.
  ///
  /// @param path the names that lead to the object, `spec` first
  public static Map<String, String> in(EntryBytes entry, List<String> path, Set<String> wanted) {
    Map<String, String> found = new HashMap<>();
    try (JsonCursor json = JsonCursor.open(entry.buffer(), entry.offset(), entry.length())) {
      collect(json, path, wanted, found);
    } catch (MalformedJsonException _) {
      return Map.of();
    }
    return found;
  }

  private static void collect(
      JsonCursor json, List<String> path, Set<String> wanted, Map<String, String> found)
      throws MalformedJsonException {
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (!path.isEmpty() && path.getFirst().equals(name)) {
        json.enterObject();
        collect(json, path.subList(1, path.size()), wanted, found);
      } else if (path.isEmpty() && wanted.contains(name) && json.isText()) {
        found.put(name, json.text());
      } else {
        json.skip();
      }
    }
  }
}
