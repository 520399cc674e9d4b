package dev.sigwarden.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.watch.AllowlistSigner;
import dev.sigwarden.watch.Allowlists;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicRecordTest {
  private static final String LINE = "sha256:" + "0".repeat(63) + "7";

  private static TopicRecord read(@Nullable String key, @Nullable String value) {
    return TopicRecord.read("acme", Optional.empty(), bytes(key), bytes(value), null);
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_value_puts_the_keys_line_on_the_list_and_no_value_takes_it_off() {
    assertThat(read(LINE, LINE + "  app-1.0.tar.gz\n"))
        .isEqualTo(new TopicRecord.On(LINE, "app-1.0.tar.gz"));
    assertThat(read(LINE, "# run 17\n" + LINE + " # app\n"))
        .isEqualTo(new TopicRecord.On(LINE, "app"));
    assertThat(read(LINE, null)).isEqualTo(new TopicRecord.Off(LINE));
  }

  @Test
  void what_is_no_line_or_another_than_the_keys_says_nothing() {
    for (String value :
        new String[] {
          "", "\n", "{}", LINE + "8", LINE.replace("7", "8"), LINE + "\n" + LINE.replace("7", "8")
        }) {
      assertThat(read(LINE, value)).as(value).isInstanceOf(TopicRecord.Malformed.class);
    }
    for (String key : new String[] {"", LINE.toUpperCase(), LINE + " ", LINE + "\n", "# x"}) {
      assertThat(read(key, LINE)).as(key).isInstanceOf(TopicRecord.Malformed.class);
      assertThat(read(key, null)).as(key).isEqualTo(new TopicRecord.Nothing());
    }
    assertThat(read(null, LINE)).isInstanceOf(TopicRecord.Malformed.class);
  }

  @Test
  void what_is_too_long_says_nothing() {
    String note = "x".repeat(TopicRecord.MAX_VALUE);
    assertThat(read(LINE, LINE + " # " + note).toString()).contains("value: 1").contains("at most");
    assertThat(read("s".repeat(TopicRecord.MAX_KEY + 1), LINE).toString()).contains("key: 4097");
    assertThat(
            TopicRecord.read(
                    "acme",
                    Optional.empty(),
                    bytes(LINE),
                    bytes(LINE),
                    new byte[TopicRecord.MAX_SIGNATURE + 1])
                .toString())
        .contains("signature: 65537");
  }

  @Test
  void a_list_that_asks_for_a_signature_takes_signed_values_only(@TempDir Path folder)
      throws Exception {
    Files.write(folder.resolve("m.pub"), sample("m.pub"));
    Optional<AllowlistSigner> signer = signer(folder);
    byte[] lines = sample("lines.txt");
    byte[] signature = sample("pre.minisig");
    assertThat(TopicRecord.read("acme", signer, bytes(LINE), lines, signature))
        .isEqualTo(new TopicRecord.On(LINE, "app-1.0"));
    assertThat(TopicRecord.read("acme", signer, bytes(LINE), lines, null))
        .isInstanceOf(TopicRecord.Malformed.class);
    assertThat(TopicRecord.read("acme", signer, bytes(LINE), bytes(LINE), signature))
        .isInstanceOf(TopicRecord.Malformed.class);
    assertThat(TopicRecord.read("acme", signer, bytes(LINE), lines, sample("ed25519.sig")))
        .isInstanceOf(TopicRecord.Malformed.class);
    // The signature is for the list of that name.
    assertThat(TopicRecord.read("other", signer, bytes(LINE), lines, signature))
        .isInstanceOf(TopicRecord.Malformed.class);
    // Taking off can only make more be told.
    assertThat(TopicRecord.read("acme", signer, bytes(LINE), null, null))
        .isEqualTo(new TopicRecord.Off(LINE));
  }

  private static Optional<AllowlistSigner> signer(Path folder) throws Exception {
    Path file = folder.resolve("sigwarden.yaml");
    Files.writeString(file, "allowlists: {acme: {signed-by: m.pub, kafka: {topic: t}}}");
    return SettingsFile.load(
            file,
            root ->
                Allowlists.read(
                    root,
                    new Allowlists.Setting(
                        Optional.empty(), _ -> Optional.empty(), TopicSettings::isGiven)),
            Map.of())
        .value()
        .orElseThrow()
        .named("acme")
        .orElseThrow()
        .terms()
        .signer();
  }

  private static byte[] sample(String name) throws Exception {
    try (InputStream in =
        TopicRecordTest.class.getResourceAsStream(
            "/dev/sigwarden/watch/AllowlistKeyTest/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
