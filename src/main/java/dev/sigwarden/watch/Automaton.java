package dev.sigwarden.watch;

import dev.sigwarden.entry.EntryBytes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of a fixed set of words occur in a text, found in one pass: Aho and Corasick, "Efficient
/// string matching", CACM 18(6), 1975. Immutable.
///
/// States are numbered breadth first, so the children of state `s` are the states in
/// `[firstChild[s], firstChild[s + 1])`, in the order of their labels: a state costs 19 bytes. A
/// pass costs at most two steps per character, whatever the number of words.
final class Automaton {
  /// Characters below this one leave the root through a table: nearly all text is ASCII.
  private static final int ROOT_TABLE = 128;

  private static final int NONE = -1;

  private final int words;
  private final char[] label;
  private final int[] firstChild;
  private final int[] fail;

  /// The word that ends in a state, or `NONE`.
  private final int[] word;

  /// The longest proper suffix of a state in which a word ends; 0 if none.
  private final int[] suffix;

  /// Whether a word ends in a state or in a suffix of it.
  private final boolean[] ends;

  private final int[] rootTable = new int[ROOT_TABLE];

  private Automaton(int words, int states) {
    this.words = words;
    label = new char[states];
    firstChild = new int[states + 1];
    fail = new int[states];
    word = new int[states];
    suffix = new int[states];
    ends = new boolean[states];
    Arrays.fill(word, NONE);
  }

  /// The automaton of these words; a word's number is its place in the list.
  ///
  /// @param words distinct, none empty, in the natural order of strings
  static Automaton of(List<String> words) {
    // lo, hi and depth say which words share the path to a state: those in [lo, hi), `depth` long.
    int bound = 1 + words.stream().mapToInt(String::length).sum();
    int[] lo = new int[bound];
    int[] hi = new int[bound];
    int[] depth = new int[bound];
    Automaton built = new Automaton(words.size(), bound);
    hi[0] = words.size();
    int states = 1;
    for (int state = 0; state < states; state++) {
      // A word that ends here is the first of those that share the path.
      int from = built.word[state] == NONE ? lo[state] : lo[state] + 1;
      built.firstChild[state] = states;
      while (from < hi[state]) {
        char next = words.get(from).charAt(depth[state]);
        int to = from + 1;
        while (to < hi[state] && words.get(to).charAt(depth[state]) == next) {
          to++;
        }
        lo[states] = from;
        hi[states] = to;
        depth[states] = depth[state] + 1;
        if (words.get(from).length() == depth[states]) {
          built.word[states] = from;
        }
        built.label[states] = next;
        states++;
        from = to;
      }
      built.firstChild[state + 1] = states;
      built.linkChildren(state);
    }
    return built.trimmed(states);
  }

  /// Sets the failure links of a state's children. They lead to states that are at most as deep as
  /// `state`, which have theirs already.
  private void linkChildren(int state) {
    for (int child = firstChild[state]; child < firstChild[state + 1]; child++) {
      int target = 0;
      if (state != 0) {
        int from = fail[state];
        target = child(from, label[child]);
        while (target == NONE && from != 0) {
          from = fail[from];
          target = child(from, label[child]);
        }
        target = Math.max(target, 0);
      }
      fail[child] = target;
      suffix[child] = word[target] == NONE ? suffix[target] : target;
    }
  }

  private Automaton trimmed(int states) {
    Automaton trimmed = new Automaton(words, states);
    System.arraycopy(label, 0, trimmed.label, 0, states);
    System.arraycopy(firstChild, 0, trimmed.firstChild, 0, states + 1);
    System.arraycopy(fail, 0, trimmed.fail, 0, states);
    System.arraycopy(word, 0, trimmed.word, 0, states);
    System.arraycopy(suffix, 0, trimmed.suffix, 0, states);
    for (int state = 0; state < states; state++) {
      trimmed.ends[state] = word[state] != NONE || suffix[state] != 0;
    }
    for (int c = 0; c < ROOT_TABLE; c++) {
      trimmed.rootTable[c] = Math.max(child(0, (char) c), 0);
    }
    return trimmed;
  }

  private int child(int state, char c) {
    int low = firstChild[state];
    int high = firstChild[state + 1] - 1;
    if (low == high) {
      // As nearly all states have it.
      return label[low] == c ? low : NONE;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      char found = label[middle];
      if (found == c) {
        return middle;
      }
      if (found < c) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }

  private int step(int from, char c) {
    int state = from;
    while (state != 0) {
      int next = child(state, c);
      if (next != NONE) {
        return next;
      }
      state = fail[state];
    }
    return first(c);
  }

  /// The state after the root.
  private int first(char c) {
    return c < ROOT_TABLE ? rootTable[c] : Math.max(child(0, c), 0);
  }

  /// The numbers of the words in a text, null if there are none.
  @Nullable BitSet find(String text) {
    BitSet found = null;
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = state == 0 ? first(c) : step(state, c);
      if (state != 0 && ends[state]) {
        found = note(state, found);
      }
    }
    return found;
  }

  /// The numbers of the words in bytes, null if there are none; characters of the words stand for
  /// bytes.
  @Nullable BitSet find(EntryBytes bytes) {
    BitSet found = null;
    int state = 0;
    byte[] buffer = bytes.buffer();
    int end = bytes.offset() + bytes.length();
    for (int i = bytes.offset(); i < end; i++) {
      char c = (char) (buffer[i] & 0xff);
      state = state == 0 ? first(c) : step(state, c);
      if (state != 0 && ends[state]) {
        found = note(state, found);
      }
    }
    return found;
  }

  /// Notes the words that end in a state. Stops at one already noted, since then its suffixes are
  /// noted as well: a hostile text cannot make long chains of suffixes be walked again and again.
  private BitSet note(int state, @Nullable BitSet known) {
    BitSet found = known == null ? new BitSet(words) : known;
    int at = word[state] == NONE ? suffix[state] : state;
    while (at != 0 && !found.get(word[at])) {
      found.set(word[at]);
      at = suffix[at];
    }
    return found;
  }
}
