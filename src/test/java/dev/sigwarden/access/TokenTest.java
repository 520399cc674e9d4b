package dev.sigwarden.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
  private final SecureRandom random = new SecureRandom();

  @TempDir private Path folder;

  @Test
  void tokens_are_all_different_and_read_back() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      Token token = Token.mint(random);
      assertThat(token.reveal()).matches("swt_[A-Za-z0-9_-]{43}");
      assertThat(seen.add(token.reveal())).isTrue();
      assertThat(Token.parse(token.reveal()).orElseThrow().hash()).isEqualTo(token.hash());
    }
  }

  @Test
  void only_the_one_form_is_a_token() {
    String good = Token.mint(random).reveal();
    for (String bad :
        new String[] {
          "",
          "swt_",
          good + "A",
          good.substring(1),
          good + "\n",
          " " + good,
          good.replace('s', 'S'),
          "swt_" + "=".repeat(43)
        }) {
      assertThat(Token.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void token_does_not_show_itself_where_objects_are_printed() {
    Token token = Token.mint(random);
    assertThat(token.toString()).doesNotContain(token.reveal().substring(4));
    assertThat(new LocalToken.Reach("http://x", token.reveal(), Optional.empty()).toString())
        .doesNotContain(token.reveal());
  }

  @Test
  void what_is_kept_is_the_sha_256_of_the_text() {
    Token token = Token.mint(random);
    assertThat(token.hash())
        .isEqualTo(Hash.ofData(token.reveal().getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void local_token_is_for_its_owner_and_goes_with_its_daemon() throws IOException {
    LocalToken local = LocalToken.mint(random);
    local.write(folder, "http://127.0.0.1:8321", Optional.empty());
    Path file = folder.resolve(LocalToken.FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    LocalToken.Reach reach = LocalToken.read(folder).orElseThrow();
    assertThat(reach.url()).isEqualTo("http://127.0.0.1:8321");
    assertThat(Token.parse(reach.token()).map(Token::hash)).contains(local.hash());
    local.close();
    assertThat(LocalToken.read(folder)).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void end_of_one_daemon_leaves_the_next_ones_token() throws IOException {
    LocalToken first = LocalToken.mint(random);
    first.write(folder, "http://one", Optional.empty());
    LocalToken second = LocalToken.mint(random);
    second.write(folder, "http://two", Optional.empty());
    first.close();
    assertThat(LocalToken.read(folder).map(LocalToken.Reach::url))
        .isEqualTo(Optional.of("http://two"));
    second.close();
  }
}
