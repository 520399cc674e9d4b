package dev.sigwarden.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile.Loaded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SettingsFileMutationTest {
  private static final String YAML = ":-?[]{}&*!|>'\"%@`#,~\n\t \\<=0xYeN";

  static void check(byte[] bytes) {
    Loaded<Map<String, Object>> loaded = SettingsFileTest.load(bytes);
    boolean problems = loaded.problems().stream().anyMatch(problem -> !problem.warning());
    assertThat(loaded.value().isPresent()).isNotEqualTo(problems);
    for (Problem problem : loaded.problems()) {
      assertThat(problem.format().codePoints())
          .as(problem.format())
          .hasSizeLessThan(2_000)
          .noneMatch(Character::isISOControl);
    }
  }

  @Test
  void any_change_of_a_file_is_a_value_or_problems_that_fit_on_a_line() throws IOException {
    List<SettingsFileTest.Case> cases = SettingsFileTest.cases().toList();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 6_000; round++) {
      String file = cases.get(random.nextInt(cases.size())).file();
      byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
        bytes = mutate(bytes, random);
      }
      try {
        check(bytes);
      } catch (RuntimeException | AssertionError failure) {
        String shown = new String(bytes, StandardCharsets.UTF_8);
        throw new AssertionError("seed " + seed + ", round " + round + ":\n" + shown, failure);
      }
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    byte[] changed = bytes.clone();
    return switch (random.nextInt(4)) {
      case 0 -> {
        changed[at] = (byte) random.nextInt(256);
        yield changed;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> {
        changed[at] = (byte) YAML.charAt(random.nextInt(YAML.length()));
        yield changed;
      }
      default -> {
        int from = random.nextInt(at + 1);
        byte[] twice = Arrays.copyOf(bytes, bytes.length + at - from);
        System.arraycopy(bytes, from, twice, at, bytes.length - from);
        yield twice;
      }
    };
  }
}
