package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signatures that minisign 0.11 and OpenSSH 9 made over lines.txt.
class AllowlistKeyTest {
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "pre.minisig", "m.pub",
          "legacy.minisig", "m.pub",
          "ed25519.sig", "k_ed25519.pub",
          "ecdsa.sig", "k_ecdsa.pub",
          "rsa.sig", "k_rsa.pub");

  @TempDir private Path folder;

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = AllowlistKeyTest.class.getResourceAsStream("AllowlistKeyTest/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static AllowlistSigner signer(String key) throws Exception {
    return AllowlistKey.of(text(key));
  }

  @Test
  void each_tools_signature_is_good_by_its_own_key_and_no_other() throws Exception {
    for (var one : SIGNATURES.entrySet()) {
      for (String key : SIGNATURES.values()) {
        var refusal = signer(key).refusal("acme", bytes("lines.txt"), text(one.getKey()));
        assertThat(refusal.isEmpty())
            .as("%s by %s: %s", one.getKey(), key, refusal)
            .isEqualTo(key.equals(one.getValue()));
      }
    }
  }

  @Test
  void any_changed_byte_of_the_text_is_noticed() throws Exception {
    for (var one : SIGNATURES.entrySet()) {
      byte[] lines = bytes("lines.txt");
      for (int at = 0; at < lines.length; at++) {
        byte[] changed = lines.clone();
        changed[at] ^= 1;
        assertThat(signer(one.getValue()).refusal("acme", changed, text(one.getKey()))).isPresent();
      }
    }
  }

  @Test
  void signature_for_one_list_is_none_for_another() throws Exception {
    assertThat(signer("m.pub").refusal("other", bytes("lines.txt"), text("pre.minisig")))
        .hasValueSatisfying(why -> assertThat(why).contains("# allowlist other"));
  }

  @Test
  void ssh_signature_for_another_purpose_is_refused() throws Exception {
    assertThat(signer("k_ed25519.pub").refusal("acme", bytes("lines.txt"), text("other.sig")))
        .isPresent();
  }

  @Test
  void trusted_comment_is_signed_too() throws Exception {
    String altered = text("pre.minisig").replace("release 1", "release 2");
    assertThat(signer("m.pub").refusal("acme", bytes("lines.txt"), altered)).isPresent();
  }

  @Test
  void no_signature_and_nonsense_are_refused() throws Exception {
    for (String none :
        new String[] {"", "x", "untrusted comment: a", "-----BEGIN SSH SIGNATURE-----"}) {
      assertThat(signer("m.pub").refusal("acme", bytes("lines.txt"), none)).isPresent();
    }
    assertThatThrownBy(() -> AllowlistKey.of("no key")).isInstanceOf(MalformedKeyException.class);
  }

  @Test
  void signed_file_counts_with_its_signature_only() throws Exception {
    Path file = Files.write(folder.resolve("list.txt"), bytes("lines.txt"));
    assertThat(SignedFile.load(file, "acme", signer("m.pub")))
        .isInstanceOfSatisfying(
            AllowlistFile.Loaded.Broken.class,
            broken -> assertThat(broken.reason()).contains("no signature"));
    Files.write(folder.resolve("list.txt.minisig"), bytes("pre.minisig"));
    assertThat(SignedFile.load(file, "acme", signer("m.pub")))
        .isInstanceOf(AllowlistFile.Loaded.Content.class);
    Files.writeString(file, text("lines.txt") + "sha256:" + "00".repeat(32) + "\n");
    assertThat(SignedFile.load(file, "acme", signer("m.pub")))
        .isInstanceOf(AllowlistFile.Loaded.Broken.class);
  }
}
