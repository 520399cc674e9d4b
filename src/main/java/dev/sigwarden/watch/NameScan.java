package dev.sigwarden.watch;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.lookalike.HostLabels;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Searches a certificate that could not be read to its end for the names that watches want, in any
/// case, as ASCII and as the two-byte text of a BMPString; addresses as a certificate encodes them.
/// Immutable.
///
/// A host with two labels before its last one is looked for without its first: a wildcard may stand
/// there. Names of fewer than 4 characters occur by chance and are not looked for.
final class NameScan {
  private static final int MIN_CHARS = 4;

  /// [7] IMPLICIT OCTET STRING, the tag of an iPAddress. RFC 5280 section 4.2.1.6.
  private static final String ADDRESS_TAG = "87";

  private final Automaton words;

  /// The watches of each word of the automaton.
  private final List<Set<Integer>> watches;

  /// @param selectors the selectors of each watch; a watch's number is its place in the list
  NameScan(List<List<Selector>> selectors) {
    TreeMap<String, Set<Integer>> found = new TreeMap<>();
    for (int watch = 0; watch < selectors.size(); watch++) {
      for (Selector selector : selectors.get(watch)) {
        for (Criterion criterion : selector.criteria()) {
          for (String word : words(criterion)) {
            found.computeIfAbsent(word, _ -> new TreeSet<>()).add(watch);
          }
        }
      }
    }
    words = Automaton.of(List.copyOf(found.keySet()));
    watches = List.copyOf(found.values());
  }

  /// What to look for, one character a byte, in lowercase.
  private static Set<String> words(Criterion criterion) {
    return switch (criterion.trait()) {
      case DNS, EMAIL ->
          switch (criterion.pattern()) {
            case HostPattern(String host, boolean below) -> text(below ? host : parent(host));
            case ValuePattern.Exact(String mailbox) -> text(NameForms.hostOf(mailbox));
            case ValuePattern.Glob _, ValuePattern.Regex _ -> Set.of();
          };
      case IP ->
          criterion.pattern() instanceof ValuePattern.Exact(String hex)
              ? Set.of(folded(HexFormat.of().parseHex(ADDRESS_TAG + length(hex) + hex)))
              : Set.of();
      case URI, SUBJECT, ISSUER, EXTENSION, SUBJECT_DN, USER_ID, KEY_ID, CLAIM, POINTER, TEXT ->
          Set.of();
    };
  }

  private static String length(String hex) {
    return "%02x".formatted(hex.length() / 2);
  }

  /// The host above one that has at least three labels.
  private static String parent(String host) {
    int first = host.indexOf('.');
    return first < 0 || host.indexOf('.', first + 1) < 0 ? host : host.substring(first + 1);
  }

  private static Set<String> text(String host) {
    if (host.length() < MIN_CHARS) {
      return Set.of();
    }
    Set<String> words = new TreeSet<>();
    words.add(folded(host.getBytes(StandardCharsets.US_ASCII)));
    words.add(folded(host.getBytes(StandardCharsets.UTF_16BE)));
    String shown = HostLabels.toUnicode(host);
    if (!shown.equals(host)) {
      for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE)) {
        words.add(folded(shown.getBytes(charset)));
      }
      if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(shown)) {
        words.add(folded(shown.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    return words;
  }

  /// The bytes with the capitals of ASCII made small, one character for each.
  private static String folded(byte[] bytes) {
    byte[] small = bytes.clone();
    fold(small);
    return new String(small, StandardCharsets.ISO_8859_1);
  }

  private static void fold(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
        bytes[i] = (byte) (bytes[i] + ('a' - 'A'));
      }
    }
  }

  /// The numbers of the watches of which a name occurs, ascending.
  Set<Integer> find(EntryBytes entry) {
    Set<Integer> numbers = new TreeSet<>();
    if (watches.isEmpty()) {
      return numbers;
    }
    byte[] bytes = entry.toBytes();
    fold(bytes);
    BitSet found = words.find(EntryBytes.of(bytes));
    if (found != null) {
      found.stream().forEach(word -> numbers.addAll(watches.get(word)));
    }
    return numbers;
  }
}
