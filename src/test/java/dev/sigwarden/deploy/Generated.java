package dev.sigwarden.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The part of a page between two marks that is made of the code. Run the tests with
/// `WRITE_GOLDEN=1` in the environment to write it anew.
final class Generated {
  private static final String BEGIN = "<!-- generated -->\n";
  private static final String END = "<!-- end of what is generated -->";

  private Generated() {}

  /// Asserts that the page holds `text` between its marks.
  static void check(Path page, String text) throws IOException {
    String old = Files.readString(page);
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    assertThat(begin).as(page + " has its marks").isNotNegative().isLessThan(end);
    String now = old.substring(0, begin + BEGIN.length()) + text + old.substring(end);
    if (System.getenv("WRITE_GOLDEN") != null) {
      Files.writeString(page, now);
    }
    assertThat(Files.readString(page))
        .as("run the tests with WRITE_GOLDEN=1 and read the difference")
        .isEqualTo(now);
  }
}
