package dev.sigwarden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Text that was read by a person once and must not change unnoticed. Run the tests with
/// `WRITE_GOLDEN=1` in the environment to write the files anew, then read the difference.
public final class Golden {
  private static final Path RESOURCES = Path.of("src", "test", "resources");

  private Golden() {}

  /// Asserts that `actual` is the text of the golden file `name` beside the test class.
  public static void check(Class<?> test, String name, String actual) {
    Path file =
        RESOURCES
            .resolve(test.getPackageName().replace('.', '/'))
            .resolve(test.getSimpleName())
            .resolve(name);
    try {
      if (System.getenv("WRITE_GOLDEN") != null) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(file).exists();
      assertThat(actual).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
