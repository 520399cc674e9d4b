package dev.sigwarden.watch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Any file of watches is read or has problems, and watches that were read judge events.
class WatchFuzz {
  @FuzzTest
  void read(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("sigwarden", ".yaml");
    try {
      Files.write(file, bytes);
      SettingsFile.load(file, WatchTest::root, Map.of())
          .value()
          .ifPresent(watches ->
              watches.select(
                  Samples.event("{\"a\":1}", Samples.certificate("i", Map.of(), "a@b"))));
    } finally {
      Files.delete(file);
    }
  }
}
