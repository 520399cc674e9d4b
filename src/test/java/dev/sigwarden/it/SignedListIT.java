package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.bundle.TestBundle;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.tuf.TestRepository;
import dev.sigwarden.tuf.TufServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An allowlist whose file an identity has to sign, by a trusted root that comes through TUF.
class SignedListIT {
  private static final PracticeIdentity APPROVER =
      PracticeIdentity.githubWorkflow("acme/approvals", "allow.yml", "refs/heads/main");

  @TempDir private Path folder;

  private final TestBundle world = new TestBundle().by(APPROVER);
  private WholeProgram program;
  private TestRepository repository;
  private TufServer server;

  @BeforeEach
  void create() throws IOException {
    program = new WholeProgram(folder);
    repository =
        new TestRepository("trusted_root.json", TestAuthority.bytes(world.trustedRootJson()));
    server = new TufServer(repository);
    Files.write(folder.resolve("root.json"), repository.anchor());
    sign("# allowlist acme-releases\n" + Entries.allowed("release 1"));
    program
        .config()
        .trust(
            "{own: {source: tuf, url: \"%s\", root-file: root.json, refresh: 200ms}}"
                .formatted(server.url()))
        .allowlist(
            "{file: allow.txt, signed-by-identity: {subject: \"%s\", issuer: \"%s\", trust: own}}"
                .formatted(APPROVER.subject(), APPROVER.issuer()));
    program.others(3);
    program.log().append(Entries.watched("release 1"));
  }

  @AfterEach
  void close() {
    program.close();
    server.close();
  }

  private void sign(String lines) {
    byte[] text = lines.getBytes(StandardCharsets.UTF_8);
    program.config().write("allow.txt.sigstore.json", world.v2(text).toString());
    program.config().write("allow.txt", lines);
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(ConfigFile.RELEASES);
  }

  @Test
  void list_counts_for_the_first_entry_although_nothing_was_kept_before() {
    program.start().awaitJudged();
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void list_counts_as_empty_as_long_as_nothing_vouches_for_its_signer_and_that_is_told() {
    repository.down(true);
    program.start().awaitJudged();
    Alert told = program.awaitCondition(Kind.ALLOWLIST_UNREADABLE);
    assertThat(told.toString()).contains("no trusted root of own was ever verified here");
    program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);

    repository.down(false);
    program.awaitOver(Kind.ALLOWLIST_UNREADABLE);
    program.log().append(Entries.watched("release 1"));
    program.awaitJudged();
    assertThat(verdicts()).isEqualTo(Map.of("unexpected", 1L, "expected", 1L));
  }

  @Test
  void root_that_was_kept_serves_while_the_repository_is_gone() {
    program.start().awaitJudged();
    program.stop();
    repository.down(true);
    program.start();
    program.log().append(Entries.watched("release 1"));
    program.awaitJudged();
    assertThat(verdicts()).isEqualTo(Map.of("expected", 2L));
  }
}
