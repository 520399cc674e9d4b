package dev.sigwarden.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cert Spotter's folder as watches and an allowlist.
final class CertspotterImportTest {
  private static final String AUTHORISED = "ab".repeat(32);
  private static final String TOLD = "cd".repeat(32);
  private static final String OLD = "ef".repeat(32);

  @TempDir private Path folder;

  private static Imported read(String watchlist) throws MalformedPeerFileException {
    return CertspotterImport.read(watchlist.getBytes(UTF_8));
  }

  @Test
  void each_line_is_a_watch_with_the_same_meaning() throws Exception {
    Imported imported =
        read(
            """
            # ours
            example.com
            .Example.org.

            b\u00fccher.example valid_at:2024-01-01
            example.com
            """);

    assertThat(imported.watches())
        .isEqualTo(
            Map.of(
                "example.com", List.of(Map.of("dns", "example.com")),
                "Example.org-and-below", List.of(Map.of("dns", ".Example.org")),
                "watch-3", List.of(Map.of("dns", "b\u00fccher.example"))));
    assertThat(imported.isComplete()).isTrue();
    assertThat(imported.remarks())
        .extracting(Remark::path)
        .containsExactly("watchlist:5", "watchlist:6");
  }

  @Test
  void says_of_each_line_that_has_no_place_why() throws Exception {
    Imported imported =
        read(".\n*.example.com\nexample.com strict\n \nexample.com/x\ngood.example\n");

    assertThat(imported.watches()).containsOnlyKeys("good.example");
    assertThat(imported.isComplete()).isFalse();
    assertThat(imported.remarks())
        .allSatisfy(one -> assertThat(one.level()).isEqualTo(Remark.Level.NOT_CARRIED_OVER))
        .extracting(Remark::path)
        .containsExactly("watchlist:1", "watchlist:2", "watchlist:3", "watchlist:4", "watchlist:5");
  }

  private void state() throws IOException {
    Files.writeString(folder.resolve("watchlist"), "example.com\n");
    Files.writeString(folder.resolve("email_recipients"), "me@example.com\n");
    Files.createDirectories(folder.resolve("hooks.d"));
    marker(AUTHORISED);
    marker(TOLD);
    marker(OLD);
    Path told = Files.createDirectories(folder.resolve("certs/99"));
    Files.writeString(
        told.resolve("99".repeat(32) + ".v1.json"),
        "{\"dns_names\": [{\"tbs_sha256\": \"%s\"}], \"tbs_sha256\": \"%s\"}"
            .formatted(AUTHORISED, TOLD));
    Files.writeString(told.resolve("00".repeat(32) + ".v1.json"), "{\"tbs_sha2");
    Files.writeString(folder.resolve("certs/ef/" + OLD + ".pem"), "");
    Files.writeString(folder.resolve("certs/ef/.short.notified"), "");
  }

  private void marker(String hash) throws IOException {
    Path certificates = Files.createDirectories(folder.resolve("certs/" + hash.substring(0, 2)));
    Files.writeString(certificates.resolve("." + hash + ".notified"), "");
  }

  @Test
  void only_certificates_that_it_was_told_of_and_never_told_of_are_allowed() throws Exception {
    state();
    Imported imported = CertspotterImport.read(folder);

    assertThat(imported.allowed()).containsExactly("tbs:" + AUTHORISED);
    assertThat(imported.remarks())
        .extracting(Remark::path)
        .containsExactly("certs", "email_recipients", "hooks.d");
  }

  @Test
  void the_configuration_with_its_allowlist_is_one_that_the_program_takes() throws Exception {
    state();
    Imported imported = CertspotterImport.read(folder);
    Path allowlist =
        Files.writeString(
            folder.resolve("allow.txt"), String.join("\n", imported.allowed()) + "\n");
    String yaml = imported.toYaml("certspotter", "me@example.com", Optional.of(allowlist));

    SettingsFile.Loaded<Map<String, Watch>> loaded =
        SettingsFile.read(
            yaml.getBytes(UTF_8),
            "imported.yaml",
            folder,
            root -> {
              assertThat(root.text("contact", "")).isEqualTo("me@example.com");
              Allowlists allowlists = Allowlists.read(root);
              return root.sections("watches", "", watch -> Watch.read(watch, allowlists));
            },
            Map.of());

    assertThat(loaded.problems()).isEmpty();
    assertThat(yaml).contains("expect: {allowlists: [\"certspotter\"]}");
  }

  @Test
  void refuses_a_folder_that_is_none_of_its() {
    assertThatThrownBy(() -> CertspotterImport.read(folder))
        .isInstanceOf(MalformedPeerFileException.class)
        .hasMessageContaining("watchlist");
  }
}
