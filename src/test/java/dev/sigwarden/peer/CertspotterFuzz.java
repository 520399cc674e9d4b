package dev.sigwarden.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Watch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Any bytes as a watch list are refused or become watches that the strict reader takes, all of
/// them.
class CertspotterFuzz {
  private static final Allowlists NONE = new Allowlists(List.of());

  @FuzzTest
  void read(byte[] bytes) {
    Imported imported;
    try {
      imported = CertspotterImport.read(bytes);
    } catch (MalformedPeerFileException e) {
      assertThat(e).hasMessageNotContaining("\n");
      return;
    }
    Loaded<Map<String, Watch>> loaded =
        SettingsFile.read(
            imported.toYaml("certspotter", "me@acme.example").getBytes(StandardCharsets.UTF_8),
            "fuzz.yaml",
            Path.of(""),
            root -> {
              assertThat(root.text("contact", "")).isEqualTo("me@acme.example");
              return root.sections("watches", "", watch -> Watch.read(watch, NONE));
            },
            Map.of());
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.value().orElseThrow().keySet()).isEqualTo(imported.watches().keySet());
  }
}
