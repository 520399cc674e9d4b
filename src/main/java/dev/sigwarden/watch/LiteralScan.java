package dev.sigwarden.watch;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.watch.Criterion.Trait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Searches bytes that could not be decoded for literals of selectors, also inside base64, so that
/// an entry which concerns a watch is not lost in a format that nobody foresaw. Immutable.
///
/// A literal is looked for as UTF-8, and as the base64 text that it becomes at each of the three
/// places that it can have within a group of three bytes. Runs of base64 are decoded as well and
/// searched in turn, since PEM breaks lines inside and entries wrap PEM in base64 again. Compressed
/// and otherwise escaped text is not seen through. Fingerprints are not looked for.
final class LiteralScan {
  /// Bytes of UTF-8 below which a literal occurs by chance and is not looked for.
  static final int MIN_BYTES = 6;

  /// Characters of a literal that are looked for: enough for chance to be out of the question.
  private static final int MAX_CHARS = 24;

  /// Layers of base64 that are decoded. Rekor v1 has two: PEM in base64.
  private static final int MAX_LAYERS = 3;

  /// Characters of base64 below which a run is not decoded: it could not hold a literal.
  private static final int MIN_RUN = 8;

  /// Key ids are not in entries as text; names of certificates are `NameScan`'s.
  private static final Set<Trait> SCANNED_ELSEWHERE =
      Set.of(Trait.KEY_ID, Trait.DNS, Trait.IP, Trait.EMAIL);

  private final Automaton words;

  /// The watches of each word of the automaton.
  private final List<Set<Integer>> watches;

  /// @param selectors the selectors of each watch; a watch's number is its place in the list
  LiteralScan(List<List<Selector>> selectors) {
    TreeMap<String, Set<Integer>> found = new TreeMap<>();
    for (int watch = 0; watch < selectors.size(); watch++) {
      for (Selector selector : selectors.get(watch)) {
        for (String literal : literalsOf(selector)) {
          for (String form : forms(Literals.bytes(literal))) {
            found.computeIfAbsent(form, _ -> new TreeSet<>()).add(watch);
          }
        }
      }
    }
    words = Automaton.of(List.copyOf(found.keySet()));
    watches = List.copyOf(found.values());
  }

  /// The literals one of which an entry must contain to be selected: of the subject if that has
  /// any, else of the trait that says most.
  private static Set<String> literalsOf(Selector selector) {
    Set<String> best = Set.of();
    int bestWorth = -1;
    for (Criterion criterion : selector.criteria()) {
      if (SCANNED_ELSEWHERE.contains(criterion.trait())) {
        continue;
      }
      for (SelectorKey key : SelectorKey.of(criterion)) {
        Set<String> telling = new TreeSet<>();
        key.values().forEach(value -> telling.add(Literals.telling(value, MAX_CHARS)));
        boolean usable =
            !telling.isEmpty()
                && telling.stream().allMatch(text -> Literals.bytes(text).length() >= MIN_BYTES);
        int worth = usable ? worth(criterion.trait(), telling) : -1;
        if (worth > bestWorth) {
          best = telling;
          bestWorth = worth;
        }
      }
    }
    return best;
  }

  private static int worth(Trait trait, Set<String> literals) {
    int distinctive = literals.stream().mapToInt(Literals::distinctive).min().orElse(0);
    int ofTrait =
        switch (trait) {
          case SUBJECT, URI, USER_ID, CLAIM, TEXT, POINTER -> 2;
          case SUBJECT_DN, EXTENSION -> 1;
          case ISSUER, KEY_ID, DNS, IP, EMAIL -> 0;
        };
    // A literal that all share is worth least, whatever it is asked of.
    return (distinctive >= Literals.MIN_CHARS ? 3_000 : 0) + 1_000 * ofTrait + distinctive;
  }

  /// The literal itself, and what is certain of its base64 in both alphabets at each place.
  private static Set<String> forms(String literal) {
    Set<String> forms = new TreeSet<>();
    forms.add(literal);
    byte[] bytes = literal.getBytes(StandardCharsets.ISO_8859_1);
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + bytes.length];
      System.arraycopy(bytes, 0, shifted, shift, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // A character is six bits: those with bits of a neighbour are left out.
      String certain = base64.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6);
      forms.add(certain);
      forms.add(certain.replace('+', '-').replace('/', '_'));
    }
    return forms;
  }

  /// The numbers of the watches of which a literal occurs, ascending.
  Set<Integer> find(EntryBytes entry) {
    BitSet found = new BitSet();
    List<EntryBytes> layer = List.of(entry);
    // Each layer holds at most three quarters of the bytes of the one before.
    for (int depth = 0; depth <= MAX_LAYERS && !layer.isEmpty(); depth++) {
      List<EntryBytes> next = new ArrayList<>();
      for (EntryBytes part : layer) {
        BitSet here = words.find(part);
        if (here != null) {
          found.or(here);
        }
        if (depth < MAX_LAYERS) {
          decodeRuns(part, next);
        }
      }
      layer = next;
    }
    Set<Integer> numbers = new TreeSet<>();
    found.stream().forEach(word -> numbers.addAll(watches.get(word)));
    return numbers;
  }

  /// Decodes each run of base64, line breaks and JSON escapes (`\n`, `\r`, `\/`) taken out.
  private static void decodeRuns(EntryBytes part, List<EntryBytes> decoded) {
    byte[] buffer = part.buffer();
    int end = part.offset() + part.length();
    byte[] run = new byte[part.length()];
    int length = 0;
    for (int i = part.offset(); i < end; i++) {
      byte b = buffer[i];
      if (isBase64(b)) {
        run[length++] = b;
      } else if (b == '\\' && i + 1 < end && (buffer[i + 1] == 'n' || buffer[i + 1] == 'r')) {
        i++;
      } else if (b != '\n' && b != '\r' && !(b == '\\' && i + 1 < end && buffer[i + 1] == '/')) {
        decode(run, length, decoded);
        length = 0;
      }
    }
    decode(run, length, decoded);
  }

  private static boolean isBase64(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '+'
        || b == '/';
  }

  private static void decode(byte[] run, int length, List<EntryBytes> decoded) {
    if (length < MIN_RUN) {
      return;
    }
    // One character over a group of four holds no byte.
    int whole = length % 4 == 1 ? length - 1 : length;
    byte[] bytes = Base64.getDecoder().decode(Arrays.copyOf(run, whole));
    decoded.add(EntryBytes.of(bytes));
  }
}
