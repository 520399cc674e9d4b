package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.observer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.access.Grant;
import dev.sigwarden.access.Role;
import dev.sigwarden.access.Token;
import dev.sigwarden.alert.Act;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every database must do with tokens, the audit log, lines of allowlists and artifacts.
abstract class DeskContract extends StoreFixture {
  private static final String LINE = "sha256:" + "ab".repeat(32);
  private static final String OTHER = "sha256:" + "cd".repeat(32);
  private static final Deed DEED =
      new Deed("token:ci", "release", "192.0.2.1", "test", "acme", "why", "what");

  private final SecureRandom random = new SecureRandom();

  private Desk desk() {
    return store.desk();
  }

  private Grant grant(String name, Role role, Set<String> lists) {
    return new Grant(name, role, lists, clock.instant(), "local", Optional.of(clock.instant()));
  }

  private List<String> actions() {
    return desk().audit("", Long.MAX_VALUE, 100).stream().map(it -> it.deed().action()).toList();
  }

  @Test
  void token_is_found_by_its_hash_after_a_restart_and_not_once_it_is_revoked() {
    Token token = Token.mint(random);
    Grant grant = grant("ci", Role.RELEASE, Set.of("acme", "other"));
    assertThat(desk().addToken(grant, token.hash(), DEED)).isTrue();
    reopen();
    assertThat(desk().grant(token.hash())).contains(grant);
    assertThat(desk().grant(Token.mint(random).hash())).isEmpty();
    assertThat(desk().removeToken("ci", DEED)).isTrue();
    assertThat(desk().grant(token.hash())).isEmpty();
    assertThat(desk().removeToken("ci", DEED)).isFalse();
    assertThat(actions()).hasSize(2);
  }

  @Test
  void name_of_a_token_is_given_once_and_nothing_is_audited_that_did_not_happen() {
    assertThat(desk().addToken(grant("a", Role.VIEWER, Set.of()), Token.mint(random).hash(), DEED))
        .isTrue();
    assertThat(desk().addToken(grant("a", Role.ADMIN, Set.of()), Token.mint(random).hash(), DEED))
        .isFalse();
    assertThat(desk().grants()).extracting(Grant::role).containsExactly(Role.VIEWER);
    assertThat(actions()).hasSize(1);
  }

  @Test
  void audit_log_is_in_order_without_gaps_and_paged_from_the_newest() {
    for (int i = 0; i < 5; i++) {
      desk().audit(DEED.about(i % 2 == 0 ? "even" : "odd"));
      clock.advance(Duration.ofSeconds(1));
    }
    List<AuditEntry> all = desk().audit("", Long.MAX_VALUE, 100);
    assertThat(all).extracting(AuditEntry::id).containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(all.getFirst().deed()).isEqualTo(DEED.about("even"));
    assertThat(desk().audit("odd", Long.MAX_VALUE, 100))
        .extracting(AuditEntry::id)
        .containsExactly(4L, 2L);
    assertThat(desk().audit("", 3, 1)).extracting(AuditEntry::id).containsExactly(2L);
    assertThat(desk().audit("' OR 1=1 --", Long.MAX_VALUE, 100)).isEmpty();
  }

  @Test
  void lines_come_and_go_with_a_revision_each() {
    assertThat(desk().allow("acme", Map.of(LINE, "app"), DEED, false, List.of())).isEqualTo(1);
    assertThat(desk().allow("acme", Map.of(LINE, "again"), DEED, false, List.of())).isZero();
    assertThat(desk().allow("other", Map.of(OTHER, ""), DEED, false, List.of())).isEqualTo(1);
    assertThat(desk().revoke("acme", List.of(LINE, OTHER), DEED, List.of())).isEqualTo(1);
    reopen();
    List<AllowedLine> changes = desk().changes(0, "", "", 100);
    assertThat(changes).extracting(AllowedLine::revision).containsExactly(2L, 3L);
    assertThat(changes).extracting(AllowedLine::allowed).containsExactly(true, false);
    assertThat(desk().allowed("acme", "", 10))
        .singleElement()
        .satisfies(line -> {
          assertThat(line.note()).isEqualTo("app");
          assertThat(line.changedBy()).isEqualTo("token:ci");
          assertThat(line.reason()).isEqualTo("why");
        });
    assertThat(desk().allowlistRevision()).isEqualTo(3);
    AllowedLine last = changes.getLast();
    assertThat(desk().changes(last.revision(), last.list(), last.line(), 100)).isEmpty();
  }

  @Test
  void revoked_line_comes_back_only_if_that_is_asked_for() {
    desk().allow("acme", Map.of(LINE, ""), DEED, false, List.of());
    desk().revoke("acme", List.of(LINE), DEED, List.of());
    assertThat(desk().allow("acme", Map.of(LINE, ""), DEED, false, List.of())).isZero();
    assertThat(desk().revoked("acme", List.of("sha256:00", LINE))).contains(LINE);
    assertThat(desk().allow("acme", Map.of(LINE, ""), DEED, true, List.of())).isEqualTo(1);
    assertThat(desk().revoked("acme", List.of(LINE))).isEmpty();
  }

  @Test
  void revoked_line_is_found_among_those_of_a_large_submission() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (int i = 0; i < 2_345; i++) {
      lines.put("sha256:%064x".formatted(i), "app " + i);
    }
    List<String> all = List.copyOf(lines.keySet());
    desk().allow("other", lines, DEED, false, List.of());
    assertThat(desk().allow("acme", lines, DEED, false, List.of())).isEqualTo(2_345);
    assertThat(desk().revoked("acme", all)).isEmpty();
    assertThat(desk().revoke("acme", all.subList(2_000, 2_200), DEED, List.of())).isEqualTo(200);
    assertThat(desk().revoked("acme", all)).contains(all.get(2_000));
    assertThat(desk().revoked("acme", all.subList(0, 2_000))).isEmpty();
    assertThat(desk().revoked("other", all)).isEmpty();
  }

  @Test
  void announcement_is_filed_with_the_change_and_not_without_one() {
    desk().allow("acme", Map.of(LINE, ""), DEED, false, List.of(filing("swf_one", "soc")));
    desk().allow("acme", Map.of(LINE, ""), DEED, false, List.of(filing("swf_two", "soc")));
    assertThat(store.finding("swf_one")).isPresent();
    assertThat(store.finding("swf_two")).isEmpty();
    assertThat(leasedUids("soc")).containsExactly("swf_one");
  }

  @Test
  void changes_by_many_at_once_are_all_seen_by_whoever_reads_what_is_newer() throws Exception {
    AllowedLine last = new AllowedLine("", "", "", true, 0, clock.instant(), "", "", "");
    List<String> read = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      String one = "sha256:%064x".formatted(2 * round);
      String two = "sha256:%064x".formatted(2 * round + 1);
      race(
          () -> desk().allow("acme", Map.of(one, ""), DEED, false, List.of()) > 0,
          () -> desk().allow("acme", Map.of(two, ""), DEED, false, List.of()) > 0);
      for (AllowedLine change : desk().changes(last.revision(), last.list(), last.line(), 100)) {
        read.add(change.line());
        last = change;
      }
    }
    assertThat(read).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void act_on_a_finding_and_its_audit_are_one() {
    store.file(List.of(filing("swf_one", "soc")));
    Act act = new Act(clock.instant(), "alice", Act.Action.ACKNOWLEDGED, Optional.empty(), "mine");
    assertThat(desk().act("swf_one", act, DEED)).isInstanceOf(Change.Done.class);
    assertThat(desk().act("swf_one", act, DEED)).isInstanceOf(Change.Refused.class);
    assertThat(desk().act("swf_none", act, DEED)).isInstanceOf(Change.Unknown.class);
    assertThat(actions()).hasSize(1);
    assertThat(store.lifecycle().history("swf_one")).hasSize(1);
  }

  @Test
  void delivery_that_was_given_up_is_due_again_when_somebody_says_so() {
    store.file(List.of(filing("swf_one", "soc")));
    Pending pending = lease("soc").getFirst();
    store.dead(pending, "410 gone");
    assertThat(lease("soc")).isEmpty();
    DeliveryRow dead =
        desk().deliveries("DEAD", "", Instant.ofEpochMilli(1L << 60), "", 10).getFirst();
    assertThat(dead.lastError()).isEqualTo("410 gone");
    assertThat(desk().retry(dead.id(), DEED)).isTrue();
    assertThat(leasedUids("soc")).containsExactly("swf_one");
    assertThat(desk().retry("none", DEED)).isFalse();
    assertThat(actions()).hasSize(1);
  }

  @Test
  void deliveries_are_paged_whole_and_filtered() {
    for (int i = 0; i < 5; i++) {
      store.file(List.of(filing("swf_" + i, "soc"), filing("swf_" + i, "hook")));
      clock.advance(Duration.ofSeconds(i % 2));
    }
    List<String> seen = new ArrayList<>();
    Instant at = Instant.ofEpochMilli(1L << 60);
    String id = "";
    for (int page = 0; page < 5; page++) {
      for (DeliveryRow row : desk().deliveries("", "soc", at, id, 2)) {
        seen.add(row.uid());
        at = row.createdAt();
        id = row.id();
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("swf_0", "swf_1", "swf_2", "swf_3", "swf_4");
    assertThat(desk().deliveries("SENT", "", Instant.ofEpochMilli(1L << 60), "", 10)).isEmpty();
  }

  @Test
  void artifact_is_found_by_its_digest_in_every_entry_that_names_it() throws Exception {
    begin(100);
    Observation observation =
        new Observation(
            "rekor",
            0,
            3,
            Hash.ofLeaf(new byte[] {3}),
            observer("acme"),
            new Verdict.Expected("meant"),
            "hashedrekord",
            EntryBytes.of(new byte[] {1}),
            clock.instant(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(LINE, OTHER));
    store.commit(commit(0, 10, List.of(observation), List.of()));
    assertThat(desk().sightings(OTHER, 10))
        .singleElement()
        .satisfies(seen -> {
          assertThat(seen.log()).isEqualTo("rekor");
          assertThat(seen.index()).isEqualTo(3);
          assertThat(seen.verdict()).isEqualTo("expected");
        });
    assertThat(desk().sightings("sha256:" + "00".repeat(32), 10)).isEmpty();
  }
}
