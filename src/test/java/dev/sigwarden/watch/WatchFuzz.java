package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Any file of watches is read or has problems, and watches that were read judge events.
class WatchFuzz {
  @FuzzTest
  void read(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("sigwarden", ".yaml");
    try {
      Files.write(file, bytes);
      SettingsFile.load(file, WatchTest::root, Map.of()).value().ifPresent(WatchFuzz::judges);
    } finally {
      Files.delete(file);
    }
  }

  /// All watches at once select what each by itself does.
  private static void judges(Watches watches) {
    SigningEvent event = Samples.event("{\"a\":1}", Samples.certificate("i", Map.of(), "a@b"));
    assertThat(watches.select(event))
        .containsExactlyElementsOf(
            watches.all().stream()
                .flatMap(watch -> watches.only(List.of(watch.name())).select(event).stream())
                .toList());
  }
}
