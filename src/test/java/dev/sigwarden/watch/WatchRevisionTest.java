package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What makes a watch another one to those who ask what was looked for.
class WatchRevisionTest {
  private static final String WATCH =
      "{severity: high, identities: [{subject: a@b.example, issuer: https://i.example}, {text: x}],"
          + " expect: {allowlists: [one], grace: 5m, require: {runner-environment: self}}}";

  @TempDir private Path folder;

  private WatchRevision revision(String watch) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            "allowlists: {one: {api: true}, two: {api: true}}\nwatches: {w: " + watch + "}\n");
    return SettingsFile.load(file, WatchTest::root, Map.of())
        .value()
        .orElseThrow()
        .revisions()
        .get("w");
  }

  private WatchRevision changed(String from, String to) throws IOException {
    assertThat(WATCH).contains(from);
    return revision(WATCH.replace(from, to));
  }

  @Test
  void words_for_people_and_the_order_of_identities_change_nothing() throws IOException {
    WatchRevision before = revision(WATCH);
    assertThat(before.selects()).matches("[0-9a-f]{16}");
    assertThat(changed("severity: high", "severity: low, owner: me, runbook: here"))
        .isEqualTo(before);
    assertThat(
            changed(
                "{subject: a@b.example, issuer: https://i.example}, {text: x}",
                "{text: x}, {subject: a@b.example, issuer: https://i.example}"))
        .isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b.example -> a@b.example*",
        "a@b.example -> re:a@b.example",
        "https://i.example -> https://j.example",
        "{text: x} -> {text: x}, {text: y}",
        "{text: x} -> {key-sha256: 0000000000000000000000000000000000000000000000000000000000000001}",
        "severity: high -> lookalikes: true"
      })
  void other_signers_are_another_selection(String change) throws IOException {
    WatchRevision after = changed(change.split(" -> ")[0], change.split(" -> ")[1]);
    assertThat(after.selects()).isNotEqualTo(revision(WATCH).selects());
    assertThat(after.expects()).isEqualTo(revision(WATCH).expects());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grace: 5m -> grace: 6m",
        "[one] -> [one, two]",
        "runner-environment: self -> runner-environment: hosted"
      })
  void other_expectations_select_the_same(String change) throws IOException {
    WatchRevision after = changed(change.split(" -> ")[0], change.split(" -> ")[1]);
    assertThat(after.selects()).isEqualTo(revision(WATCH).selects());
    assertThat(after.expects()).isNotEqualTo(revision(WATCH).expects());
  }
}
