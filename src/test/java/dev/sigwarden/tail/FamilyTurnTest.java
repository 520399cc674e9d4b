package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Store;
import dev.sigwarden.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Families whose lists grow, shrink and fail.
class FamilyTurnTest {
  private static final VerifierKey KEY = NoteSigner.generate("family.example").verifierKey();

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final List<BlockSettings> followed = new ArrayList<>();
  private List<String> listed = List.of("a", "b");
  private List<String> inner = List.of();
  private List<VerifierKey> keys = List.of(KEY);
  private Optional<String> trouble = Optional.empty();
  private boolean reachable = true;
  private Store store;
  private PoliteHttp http;
  private ConditionBoard board;
  private TailTools tools;

  @BeforeEach
  void open() {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    http = new PoliteHttp(HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom());
    tools = TestTools.of(store, http, Watches.none(), Coverage.UNKNOWN, clock);
    board = tools.board();
  }

  @AfterEach
  void close() {
    http.close();
    store.close();
  }

  private boolean keeps;
  private String address = "https://family.example/list";

  private final class Listed implements LogFamily, LogFamily.Memory {
    private final Keeper keeper;

    Listed(Keeper keeper) {
      this.keeper = keeper;
    }

    @Override
    public Keeper keeper() {
      return keeper;
    }

    @Override
    public Listing list() throws LogUnavailableException {
      if (!reachable) {
        throw new LogUnavailableException("nobody there");
      }
      return new Listing(listed.stream().map(this::member).toList(), trouble);
    }

    private Member member(String name) {
      LogSource source =
          _ -> {
            throw new AssertionError("no log is opened to look at the list");
          };
      return new Member(
          name,
          "test",
          "family.example/" + name,
          keys,
          Instant.MAX,
          inner.contains(name) ? (FamilySource) (_, _) -> new Listed(keeper) : source);
    }

    @Override
    public Optional<Member> unlisted(String name) {
      return keeper == Keeper.LOG ? Optional.of(member(name)) : Optional.empty();
    }

    @Override
    public Optional<Memory> memory() {
      return keeps ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Optional<byte[]> toKeep() {
      return Optional.of(String.join(" ", listed).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Listing recall(byte[] kept) {
      String names = new String(kept, StandardCharsets.UTF_8);
      return new Listing(Stream.of(names.split(" ")).map(this::member).toList());
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public void close() {}
  }

  private FamilyTurn family(LogFamily.Keeper keeper, Start start) {
    return new FamilyTurn(
        new FamilySettings(
            "family",
            "test",
            (_, _) -> new Listed(keeper),
            new FamilySource.Trust("family.example", List.of(KEY), ""),
            WitnessPolicy.none(),
            "raw",
            "",
            start,
            Instant.MAX,
            LogSettings.Timing.DEFAULT,
            LogSettings.Mode.JUDGE),
        tools);
  }

  private void look(FamilyTurn family) {
    family.run(
        true,
        logs -> {
          followed.clear();
          followed.addAll(logs);
        });
  }

  private List<String> follows() {
    return followed.stream().map(FamilyTurnTest::told).toList();
  }

  private static String told(BlockSettings block) {
    return switch (block) {
      case LedgerSettings ledger -> "ledger " + ledger.name() + " " + ledger.start();
      case LogSettings log -> log.name() + " " + log.start();
      case FamilySettings family -> "family " + family.name() + " " + family.start();
    };
  }

  private Stream<String> findings(Kind kind) {
    return store.findings(1_000).stream()
        .map(Finding::alert)
        .filter(alert -> alert.kind() == kind)
        .map(alert -> alert.log());
  }

  private List<String> conditions() {
    return board.open().stream().map(it -> it.kind().label() + " " + it.log()).toList();
  }

  @Test
  void what_is_listed_at_first_begins_where_the_configuration_says() {
    look(family(LogFamily.Keeper.LOG, new Start.Head()));

    assertThat(follows()).containsExactly("family/a Head[]", "family/b Head[]");
    assertThat(store.findings(10)).isEmpty();
  }

  @Test
  void what_comes_later_is_read_from_its_first_entry_also_after_a_restart() {
    look(family(LogFamily.Keeper.LOG, new Start.Head()));
    listed = List.of("a", "b", "c");
    look(family(LogFamily.Keeper.LOG, new Start.Head()));
    look(family(LogFamily.Keeper.LOG, new Start.Index(7)));

    assertThat(follows())
        .containsExactly("family/a Head[]", "family/b Head[]", "family/c Index[index=0]");
    assertThat(findings(Kind.LOG_APPEARED)).containsExactly("family/c");
    assertThat(findings(Kind.SHARDS_CHANGED)).isEmpty();
  }

  @Test
  void logs_that_keep_their_own_list_neither_vanish_nor_change_places() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    look(family);
    listed = List.of("b", "a");
    look(family);
    look(family);
    assertThat(findings(Kind.SHARDS_CHANGED)).containsExactlyInAnyOrder("family/a", "family/b");

    listed = List.of("a");
    look(family);
    look(family);
    assertThat(findings(Kind.SHARDS_CHANGED))
        .containsExactlyInAnyOrder("family/a", "family/b", "family/b");
    assertThat(conditions()).isEmpty();
    // Whoever hides from the list is watched all the same.
    assertThat(follows()).containsExactly("family/a Head[]", "family/b Head[]");
  }

  @Test
  void one_that_vanishes_moves_none_of_those_behind_it() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    look(family);
    listed = List.of("b", "c");
    look(family);

    assertThat(findings(Kind.SHARDS_CHANGED)).containsExactly("family/a");
    assertThat(
            store.findings(10).stream()
                .filter(it -> it.alert().kind() == Kind.SHARDS_CHANGED)
                .flatMap(it -> it.evidence().stream())
                .map(it -> it.name() + ": " + new String(it.toBytes(), StandardCharsets.UTF_8)))
        .containsExactly(
            "why.txt: it is not listed any more (expected: in place 0)", "listed.txt: b\nc");
  }

  @Test
  void a_log_that_joins_before_others_changed_their_places() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    look(family);
    listed = List.of("a", "x", "b");
    look(family);

    assertThat(findings(Kind.SHARDS_CHANGED)).containsExactly("family/b");
    assertThat(findings(Kind.LOG_APPEARED)).containsExactly("family/x");
  }

  @Test
  void a_log_that_people_took_off_their_list_is_told_and_followed_no_more() {
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(family);
    listed = List.of("b");
    look(family);
    assertThat(conditions()).containsExactly("log-delisted family/a");
    assertThat(follows()).containsExactly("family/b Head[]");
    assertThat(store.findings(10)).isEmpty();

    listed = List.of("b", "a");
    look(family);
    assertThat(conditions()).isEmpty();
    assertThat(follows()).containsExactly("family/a Head[]", "family/b Head[]");
  }

  @Test
  void logs_are_followed_as_they_were_listed_while_the_list_cannot_be_had_after_a_start() {
    keeps = true;
    look(family(LogFamily.Keeper.PEOPLE, new Start.Index(3)));
    List<String> before = follows();
    followed.clear();
    reachable = false;
    FamilyTurn restarted = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(restarted);

    assertThat(before).isNotEmpty();
    assertThat(follows()).isEqualTo(before);
    assertThat(restarted.listed()).isTrue();
    assertThat(conditions()).isEmpty();
  }

  @Test
  void a_list_that_was_had_elsewhere_says_nothing_of_this_one() {
    keeps = true;
    look(family(LogFamily.Keeper.PEOPLE, new Start.Index(3)));
    followed.clear();
    reachable = false;
    address = "https://other.example/list";
    FamilyTurn restarted = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(restarted);

    assertThat(follows()).isEmpty();
    assertThat(restarted.listed()).isFalse();
  }

  @Test
  void a_log_that_hides_from_its_own_list_is_asked_for_also_after_a_restart() {
    look(family(LogFamily.Keeper.LOG, new Start.Index(3)));
    listed = List.of("b");
    look(family(LogFamily.Keeper.LOG, new Start.Head()));

    assertThat(findings(Kind.SHARDS_CHANGED)).containsExactly("family/a");
    assertThat(follows()).containsExactly("family/a Index[index=3]", "family/b Index[index=3]");
  }

  @Test
  void a_family_within_the_family_begins_where_a_log_in_its_place_would() {
    inner = List.of("b", "c");
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(family);
    listed = List.of("a", "b", "c");
    look(family);

    assertThat(follows())
        .containsExactly(
            "family/a Head[]", "family family/b Head[]", "family family/c Index[index=0]");
    look(new FamilyTurn((FamilySettings) followed.getLast(), tools));
    assertThat(follows())
        .containsExactly(
            "family/c/a Index[index=0]",
            "family family/c/b Index[index=0]",
            "family family/c/c Index[index=0]");
    assertThat(findings(Kind.LOG_APPEARED)).containsExactly("family/c");
  }

  @Test
  void other_keys_for_a_log_are_told_once_and_count_from_then_on() {
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(family);
    VerifierKey next = NoteSigner.generate("family.example").verifierKey();
    keys = List.of(next, KEY);
    look(family);
    keys = List.of(KEY, next);
    look(family(LogFamily.Keeper.PEOPLE, new Start.Head()));

    assertThat(findings(Kind.LOG_KEY_CHANGED)).containsExactlyInAnyOrder("family/a", "family/b");
    assertThat(((LogSettings) followed.getFirst()).trusted().keys()).containsExactly(KEY, next);
  }

  @Test
  void what_of_a_list_cannot_be_followed_is_told_and_the_rest_is_followed() {
    trouble = Optional.of("log x: a key of kind RSA");
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(family);
    assertThat(follows()).hasSize(2);
    clock.advance(Duration.ofMinutes(11));
    look(family);
    assertThat(conditions()).containsExactly("log-unreachable family");

    trouble = Optional.empty();
    look(family);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void which_logs_there_are_is_known_once_the_list_was_had() {
    reachable = false;
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    look(family);
    assertThat(family.listed()).isFalse();
    reachable = true;
    look(family);
    assertThat(family.listed()).isTrue();
  }

  @Test
  void a_list_that_cannot_be_had_changes_nothing_and_is_told_once_it_lasts() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    look(family);
    reachable = false;
    look(family);
    assertThat(conditions()).isEmpty();
    clock.advance(Duration.ofMinutes(11));
    look(family);
    assertThat(conditions()).containsExactly("log-unreachable family");
    assertThat(follows()).hasSize(2);

    reachable = true;
    look(family);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void a_restart_does_not_forget_since_when_the_list_cannot_be_had() {
    reachable = false;
    look(family(LogFamily.Keeper.LOG, new Start.Head()));
    clock.advance(Duration.ofMinutes(11));
    look(family(LogFamily.Keeper.LOG, new Start.Head()));

    assertThat(conditions()).containsExactly("log-unreachable family");
  }

  @Test
  void list_that_names_others_at_each_look_fills_no_memory_and_is_told() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    look(family);
    for (int look = 0; look < 4; look++) {
      String prefix = "look-" + look + "-";
      listed =
          Stream.concat(
                  Stream.of("a", "b"), IntStream.range(0, 60).mapToObj(number -> prefix + number))
              .toList();
      look(family);
      clock.advance(Duration.ofMinutes(11));
    }

    assertThat(followed).hasSize(FamilyTurn.MAX_MEMBERS);
    assertThat(store.families().members("family")).hasSize(FamilyTurn.MAX_MEMBERS);
    assertThat(conditions()).containsExactly("log-unreachable family");

    // Those that were there before are looked after all the same.
    listed = Stream.concat(Stream.of("b"), listed.stream().skip(2)).toList();
    look(family);
    assertThat(findings(Kind.SHARDS_CHANGED)).contains("family/a");
  }

  @Test
  void list_whose_logs_come_and_go_for_years_is_followed_to_its_bound() {
    FamilyTurn family = family(LogFamily.Keeper.PEOPLE, new Start.Head());
    int years = FamilyTurn.MAX_EVER / 50;
    for (int year = 0; year <= years; year++) {
      String prefix = "year-" + year + "-";
      listed = IntStream.range(0, 50).mapToObj(number -> prefix + number).toList();
      look(family);
      assertThat(followed).hasSize(year < years ? 50 : 0);
    }
    assertThat(store.families().members("family")).hasSize(FamilyTurn.MAX_EVER);
  }

  @Test
  void names_that_could_be_taken_for_others_are_refused() {
    FamilyTurn family = family(LogFamily.Keeper.LOG, new Start.Head());
    for (List<String> bad :
        List.of(List.of("a", "a"), List.of("../b"), List.of(""), List.of("x\ny"))) {
      listed = bad;
      look(family);
      assertThat(followed).isEmpty();
      assertThat(store.families().members("family")).isEmpty();
    }
  }
}
