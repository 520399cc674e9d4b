package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class AutomatonTest {
  private static BitSet naive(List<String> words, String text) {
    BitSet found = new BitSet();
    for (int i = 0; i < words.size(); i++) {
      if (text.contains(words.get(i))) {
        found.set(i);
      }
    }
    return found;
  }

  private static BitSet or(BitSet found) {
    return found == null ? new BitSet() : found;
  }

  private static String random(Random random, String alphabet, int max) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(max + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void finds_what_a_plain_search_for_each_word_finds() {
    long seed = 20_261_122L;
    Random random = new Random(seed);
    for (String alphabet : List.of("ab", "abc/", "aé\uD83D\uDD11\uFFFF\u0000z")) {
      for (int round = 0; round < 2_000; round++) {
        TreeSet<String> set = new TreeSet<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
          String word = random(random, alphabet, 6);
          if (!word.isEmpty()) {
            set.add(word);
          }
        }
        List<String> words = List.copyOf(set);
        Automaton automaton = Automaton.of(words);
        String text = random(random, alphabet, 40);
        assertThat(or(automaton.find(text)))
            .as("seed %d, words %s, text %s", seed, words, text)
            .isEqualTo(naive(words, text));
      }
    }
  }

  @Test
  void finds_words_in_bytes_of_a_larger_buffer() {
    List<String> words = List.of(Literals.bytes("xx"), Literals.bytes("é€"));
    Automaton automaton = Automaton.of(words);
    byte[] text = "a é€ b".getBytes(StandardCharsets.UTF_8);
    // Samples.entry puts x around the entry, which is not part of it.
    assertThat(automaton.find(Samples.entry(text))).isEqualTo(naive(words, Literals.bytes("é€")));
    assertThat(automaton.find(Samples.entry("xab"))).isNull();
  }

  @Test
  void without_words_finds_nothing() {
    assertThat(Automaton.of(List.of()).find("anything")).isNull();
  }

  @Test
  void finds_every_word_of_a_long_chain_of_suffixes() {
    TreeSet<String> words = new TreeSet<>();
    for (int length = 1; length <= 500; length++) {
      words.add("a".repeat(length));
    }
    BitSet found = Automaton.of(List.copyOf(words)).find("b" + "a".repeat(60_000) + "c");
    assertThat(or(found).cardinality()).isEqualTo(500);
  }
}
