package dev.sigwarden.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sigwarden.entry.EntryBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An entry as text and as JSON, each made when first asked for. Owned by one thread.
final class RawEntry {
  /// Without limits of its own: what the parser and the walk need is bounded by the entry, and a
  /// limit would hide what stands behind the thing that exceeds it.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Levels of objects and arrays that room is made for at first.
  private static final int FIRST_DEPTH = 16;

  private final EntryBytes entry;
  private final Set<String> pointers;
  private @Nullable String text;
  private @Nullable Map<String, List<String>> values;

  /// @param pointers the JSON pointers that may be asked for
  RawEntry(EntryBytes entry, Set<String> pointers) {
    this.entry = entry;
    this.pointers = pointers;
  }

  /// The entry decoded as UTF-8; bytes that are none become U+FFFD, so that a stray byte hides
  /// nothing that stands beside it.
  String text() {
    String known = text;
    if (known == null) {
      known = new String(entry.buffer(), entry.offset(), entry.length(), StandardCharsets.UTF_8);
      text = known;
    }
    return known;
  }

  /// The scalars at a JSON pointer (RFC 6901) as text; empty if the entry is no JSON or has none
  /// there. Several where a key is repeated: which of them a reader takes differs, so all count.
  /// What stands before a syntax error counts as well.
  List<String> values(String pointer) {
    return all().getOrDefault(pointer, List.of());
  }

  /// The scalars at each of the pointers that may be asked for and are there.
  Map<String, List<String>> all() {
    Map<String, List<String>> known = values;
    if (known == null) {
      known = pointers.isEmpty() ? Map.of() : read();
      values = known;
    }
    return known;
  }

  private Map<String, List<String>> read() {
    Map<String, List<String>> found = new HashMap<>();
    int longest = pointers.stream().mapToInt(String::length).max().orElse(0);
    try (JsonParser parser = JSON.createParser(text())) {
      walk(parser, longest, found);
    } catch (IOException _) {
      // No JSON, or no more of it.
      return found;
    }
    return found;
  }

  private void walk(JsonParser parser, int longest, Map<String, List<String>> found)
      throws IOException {
    StringBuilder path = new StringBuilder();
    // Of each open object or array: the length of its path; the next item's number, -1 in an
    // object.
    int[] lengths = new int[FIRST_DEPTH];
    int[] items = new int[FIRST_DEPTH];
    int depth = 0;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      boolean inArray = depth > 0 && items[depth] >= 0;
      if (inArray && !token.isStructEnd()) {
        path.setLength(lengths[depth]);
        path.append('/').append(items[depth]++);
      }
      switch (token) {
        case START_OBJECT, START_ARRAY -> {
          depth++;
          if (depth == lengths.length) {
            lengths = Arrays.copyOf(lengths, 2 * depth);
            items = Arrays.copyOf(items, 2 * depth);
          }
          lengths[depth] = path.length();
          items[depth] = token == JsonToken.START_ARRAY ? 0 : -1;
        }
        case END_OBJECT, END_ARRAY -> {
          depth--;
          path.setLength(lengths[depth]);
        }
        case FIELD_NAME -> {
          path.setLength(lengths[depth]);
          appendKey(parser.currentName(), longest, path);
        }
        default -> {
          // A path longer than every pointer is not copied: it would cost its length each time.
          if (path.length() <= longest && pointers.contains(path.toString())) {
            found.computeIfAbsent(path.toString(), _ -> new ArrayList<>()).add(parser.getText());
          }
        }
      }
    }
  }

  /// RFC 6901 section 3: `~` is written `~0`, `/` is written `~1`. Of a key longer than every
  /// pointer only so much is kept that the path stays longer as well.
  private static void appendKey(String key, int longest, StringBuilder path) {
    path.append('/');
    for (int i = 0; i < key.length() && path.length() <= longest; i++) {
      switch (key.charAt(i)) {
        case '~' -> path.append("~0");
        case '/' -> path.append("~1");
        default -> path.append(key.charAt(i));
      }
    }
  }
}
