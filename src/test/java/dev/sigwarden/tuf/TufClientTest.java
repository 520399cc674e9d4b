package dev.sigwarden.tuf;

import static dev.sigwarden.tuf.TestRepository.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TufClientTest {
  private static final Instant NOW = Instant.parse("2026-08-22T00:00:00Z");
  private static final String TARGET = "trusted_root.json";

  @TempDir private Path folder;

  private final TestRepository repository = new TestRepository(TARGET, utf8("first"));

  private TufClient client() throws RefusedException {
    return new TufClient(repository.anchor(), repository, new TufCache(folder), TARGET, _ -> {});
  }

  private String fresh(Instant now) throws RefusedException {
    return switch (client().refresh(now)) {
      case Refresh.Fresh(Target target) -> new String(target.toBytes());
      case Refresh.Refused(String why) -> throw new AssertionError(why);
      case Refresh.Unavailable(String why) -> throw new AssertionError(why);
    };
  }

  private String refused(Instant now) throws RefusedException {
    return switch (client().refresh(now)) {
      case Refresh.Fresh _ -> throw new AssertionError("believed");
      case Refresh.Refused(String why) -> why;
      case Refresh.Unavailable(String why) -> throw new AssertionError(why);
    };
  }

  private String kept() throws RefusedException {
    return client().load().map(target -> new String(target.toBytes())).orElse("");
  }

  @Test
  void follows_new_targets_and_new_roots() throws RefusedException {
    assertThat(fresh(NOW)).isEqualTo("first");

    repository.nextRoot().rotate(2).content(utf8("second")).publish();

    assertThat(fresh(NOW)).isEqualTo("second");
    assertThat(kept()).isEqualTo("second");
  }

  @Test
  void asks_for_nothing_that_it_has() throws RefusedException {
    fresh(NOW);
    repository.asked();

    fresh(NOW);

    assertThat(repository.asked()).containsExactly("2.root.json", "timestamp.json");
  }

  @Test
  void says_until_when_the_target_is_vouched_for() throws RefusedException {
    Instant soon = NOW.plusSeconds(60);
    repository.timestampExpires(soon).publish();

    fresh(NOW);

    assertThat(client().load().orElseThrow().expires()).isEqualTo(soon);
  }

  @Test
  void refuses_a_root_that_too_few_old_keys_signed() throws RefusedException {
    fresh(NOW);
    repository.rotate(1);

    assertThat(refused(NOW))
        .isEqualTo(
            "2.root.json: signed by 1 of the keys that root 1 has for root (expected: >= 2)");
    assertThat(kept()).isEqualTo("first");
  }

  @Test
  void counts_a_key_that_signed_twice_once() throws RefusedException {
    repository.rotate(1);
    String root = new String(repository.file("2.root.json"));
    String first = root.substring(root.indexOf('{', 1), root.indexOf('}') + 1);
    repository.replace("2.root.json", utf8(root.replace(first, first + "," + first)));

    assertThat(refused(NOW)).startsWith("2.root.json: signed by 1 of the keys");
  }

  @Test
  void refuses_a_root_of_which_a_version_is_left_out() throws RefusedException {
    repository.skipRoot();

    assertThat(refused(NOW)).isEqualTo("2.root.json: version 3 (expected: 2, the next)");
  }

  @Test
  void refuses_a_last_root_that_expired_and_minds_no_earlier_one() throws RefusedException {
    repository.rootExpires(NOW).nextRoot();
    assertThat(refused(NOW))
        .isEqualTo(
            "2.root.json: version 2 expired at 2026-08-22T00:00:00Z"
                + " (expected: later than 2026-08-22T00:00:00Z)");

    repository.rootExpires(TestRepository.FAR).nextRoot();
    assertThat(fresh(NOW)).isEqualTo("first");
  }

  @Test
  void refuses_roots_without_end() throws RefusedException {
    for (int i = 0; i <= TufClient.MAX_NEW_ROOTS; i++) {
      repository.nextRoot();
    }

    assertThat(refused(NOW))
        .isEqualTo("258.root.json: still another root after 256 (expected: an end)");
    assertThat(fresh(NOW)).as("the walk goes on where it ended").isEqualTo("first");
  }

  @Test
  void refuses_a_timestamp_that_goes_back() throws RefusedException {
    repository.publish().publish();
    fresh(NOW);
    repository.backTo(2).content(utf8("older")).publish();

    assertThat(refused(NOW))
        .isEqualTo("timestamp.json: version 2 (expected: >= 3, which was seen before)");
    assertThat(kept()).isEqualTo("first");
  }

  @Test
  void takes_lower_versions_once_the_key_that_signed_the_higher_ones_is_replaced()
      throws RefusedException {
    repository.backTo(1_000_000).publish();
    fresh(NOW);

    repository.rotateOnline().backTo(7).content(utf8("recovered")).publish();

    assertThat(fresh(NOW)).isEqualTo("recovered");
  }

  @Test
  void refuses_a_timestamp_that_expired() throws RefusedException {
    repository.timestampExpires(NOW.plusSeconds(60)).publish();
    fresh(NOW);

    assertThat(refused(NOW.plusSeconds(60))).contains("timestamp.json").contains("expired at");
    assertThat(kept()).isEqualTo("first");
  }

  @Test
  void refuses_a_snapshot_other_than_the_timestamp_names() throws RefusedException {
    repository.publish();
    String altered = new String(repository.file("2.snapshot.json")).replace("2040-", "2041-");
    repository.replace("2.snapshot.json", utf8(altered));

    assertThat(refused(NOW)).startsWith("2.snapshot.json: sha256 ").contains("(expected: ");
  }

  @Test
  void refuses_a_target_that_was_altered() throws RefusedException {
    fresh(NOW);
    repository.content(utf8("other")).publish().replace(repository.targetPath(), utf8("OTHER"));

    assertThat(refused(NOW))
        .isEqualTo(
            "trusted_root.json: sha256 %s (expected: %s)"
                .formatted(
                    TestRepository.sha256(utf8("OTHER")), TestRepository.sha256(utf8("other"))));
    assertThat(kept()).isEqualTo("first");
  }

  @Test
  void refuses_a_target_of_the_wrong_length() throws RefusedException {
    repository.replace(repository.targetPath(), utf8("f"));
    assertThat(refused(NOW)).isEqualTo("trusted_root.json: 1 bytes (expected: 5)");

    repository.replace(repository.targetPath(), utf8("first and more"));
    assertThat(refused(NOW)).endsWith("14 bytes (expected: <= 5)");
  }

  @Test
  void refuses_metadata_that_somebody_else_signed() throws RefusedException {
    TestRepository other = new TestRepository(TARGET, utf8("evil"));
    repository.replace("timestamp.json", other.file("timestamp.json"));

    assertThat(refused(NOW))
        .isEqualTo(
            "timestamp.json: signed by 0 of the keys that root 1 has for timestamp (expected: >= 1)");
  }

  @Test
  void learns_nothing_from_a_repository_that_is_down_and_keeps_what_it_had()
      throws RefusedException {
    fresh(NOW);
    repository.down(true);

    assertThat(client().refresh(NOW)).isInstanceOf(Refresh.Unavailable.class);
    assertThat(kept()).isEqualTo("first");
  }

  @Test
  void outlives_a_cache_that_is_damaged() throws RefusedException, IOException {
    fresh(NOW);
    for (String name : List.of("root.json", "timestamp.json", "snapshot.json", "last-good")) {
      Files.writeString(folder.resolve(name), "{");
    }

    assertThat(fresh(NOW)).isEqualTo("first");
  }

  @Test
  void says_that_the_cache_cannot_be_written() throws RefusedException, IOException {
    Files.delete(folder);
    Files.writeString(folder, "a file in the place of the folder");

    assertThat(client().refresh(NOW))
        .isInstanceOfSatisfying(
            Refresh.Unavailable.class, it -> assertThat(it.why()).contains("cannot be written"));
  }

  @Test
  void refuses_an_anchor_that_its_own_keys_did_not_sign() {
    byte[] altered = utf8(new String(repository.anchor()).replace("2040-01-01", "2041-01-01"));

    assertThatThrownBy(
            () -> new TufClient(altered, repository, new TufCache(folder), TARGET, _ -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "trusted root: signed by 0 of the keys that root 1 has for root (expected: >= 2)");
  }
}
