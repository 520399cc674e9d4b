package dev.sigwarden.watch;

import dev.sigwarden.entry.EntryBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which selectors may match one value: those that want exactly it, those of which a literal occurs
/// in it, and the few that every value has to be tried on. Immutable.
final class ValueIndex {
  private static final int[] NONE = {};

  private final Map<String, int[]> exact;
  private final Automaton literals;

  /// The selectors of each word of the automaton.
  private final int[][] literalSelectors;

  private final int[] residual;

  private ValueIndex(
      Map<String, int[]> exact, Automaton literals, int[][] literalSelectors, int[] residual) {
    this.exact = exact;
    this.literals = literals;
    this.literalSelectors = literalSelectors;
    this.residual = residual;
  }

  /// Collects what an index is made of. Selectors are numbers `>= 0`.
  static final class Builder {
    private final Map<String, List<Integer>> exact = new HashMap<>();
    private final TreeMap<String, List<Integer>> literals = new TreeMap<>();
    private final List<Integer> residual = new ArrayList<>();

    void exact(String value, int selector) {
      exact.computeIfAbsent(value, _ -> new ArrayList<>()).add(selector);
    }

    void literal(String literal, int selector) {
      literals.computeIfAbsent(literal, _ -> new ArrayList<>()).add(selector);
    }

    void residual(int selector) {
      residual.add(selector);
    }

    ValueIndex build() {
      Map<String, int[]> exactSelectors = HashMap.newHashMap(exact.size());
      exact.forEach((value, selectors) -> exactSelectors.put(value, ints(selectors)));
      return new ValueIndex(
          exactSelectors,
          Automaton.of(List.copyOf(literals.keySet())),
          literals.values().stream().map(Builder::ints).toArray(int[][]::new),
          ints(residual));
    }

    private static int[] ints(List<Integer> numbers) {
      return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /// Whether no value has any candidates.
  boolean isEmpty() {
    return exact.isEmpty() && literalSelectors.length == 0 && residual.length == 0;
  }

  /// The selectors that may match the value, ascending, each once.
  int[] candidates(String value) {
    int[] wanted = exact.getOrDefault(value, NONE);
    BitSet words = literalSelectors.length == 0 ? null : literals.find(value);
    return together(wanted, words);
  }

  /// The same for a value given as bytes, for an index of which literals are written byte by byte.
  int[] candidates(EntryBytes value) {
    BitSet words = literalSelectors.length == 0 ? null : literals.find(value);
    return together(NONE, words);
  }

  private int[] together(int[] wanted, @Nullable BitSet words) {
    if (words == null && residual.length == 0) {
      return wanted;
    }
    int size = wanted.length + residual.length;
    if (words != null) {
      for (int word = words.nextSetBit(0); word >= 0; word = words.nextSetBit(word + 1)) {
        size += literalSelectors[word].length;
      }
    }
    int[] all = Arrays.copyOf(wanted, size);
    System.arraycopy(residual, 0, all, wanted.length, residual.length);
    int filled = wanted.length + residual.length;
    if (words != null) {
      for (int word = words.nextSetBit(0); word >= 0; word = words.nextSetBit(word + 1)) {
        System.arraycopy(literalSelectors[word], 0, all, filled, literalSelectors[word].length);
        filled += literalSelectors[word].length;
      }
    }
    return distinct(all);
  }

  private static int[] distinct(int[] numbers) {
    if (numbers.length < 2) {
      return numbers;
    }
    Arrays.sort(numbers);
    int kept = 1;
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] != numbers[i - 1]) {
        numbers[kept++] = numbers[i];
      }
    }
    return Arrays.copyOf(numbers, kept);
  }
}
