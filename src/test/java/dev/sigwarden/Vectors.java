package dev.sigwarden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Third-party test data that is not part of the repository, in the folder named by the system
/// property `sigwarden.vectors`.
public final class Vectors {
  private Vectors() {}

  /// The folder `name` of the test data; a test that asks for an absent one is skipped.
  public static Path dir(String name) {
    String root = System.getProperty("sigwarden.vectors");
    assumeTrue(root != null, "system property sigwarden.vectors is not set");
    Path dir = Path.of(root).resolve(name).toAbsolutePath().normalize();
    assumeTrue(Files.isDirectory(dir), () -> "no test data: " + dir);
    return dir;
  }
}
