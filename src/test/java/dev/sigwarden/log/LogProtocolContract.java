package dev.sigwarden.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.verify.Inclusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every log protocol keeps. A protocol's test extends this and serves a log.
public abstract class LogProtocolContract {
  /// Leaves of the log served: all pairs of sizes are tried, so few.
  private static final int SIZE = 21;

  @TempDir Path folder;

  private PoliteHttp http;
  private Served served;
  private LogClient client;

  /// A log being served.
  public interface Served extends AutoCloseable {
    /// The protocol's own keys of the log's section, as YAML without indentation.
    String yaml();

    /// What `head()` is expected to return.
    byte[] checkpoint();

    /// The head of the first `size` leaves.
    TreeHead head(int size);

    /// Leaf number `index`.
    byte[] leaf(int index);

    /// From now on nothing answers.
    void goAway();

    /// From now on leaves are answered with what no honest log answers.
    void cutLeaves();

    @Override
    void close();
  }

  /// The protocol's name.
  protected abstract String name();

  /// Serves a log of `size` leaves; `folder` is empty and may be used.
  protected abstract Served serve(int size, Path folder) throws IOException;

  @BeforeEach
  void open() throws IOException {
    served = serve(SIZE, Files.createDirectory(folder.resolve("log")));
    http =
        new PoliteHttp(
            new HttpPolicy(
                "contract@sigwarden.example",
                16,
                1_000_000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)),
            Clock.systemUTC(),
            RandomGenerator.getDefault());
    client = opened(source(served.yaml()), new LogTools(http, Clock.systemUTC()));
  }

  @AfterEach
  void close() {
    client.close();
    http.close();
    served.close();
  }

  private LogProtocol protocol() {
    return ServiceLoader.load(LogProtocol.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.name().equals(name()))
        .reduce((a, b) -> {
          throw new AssertionError("two protocols are named " + name());
        })
        .orElseThrow();
  }

  /// Whom a family is to believe; for protocols of families.
  protected FamilySource.Trust trust(Served served) {
    throw new AssertionError(name() + " has no families");
  }

  /// The log, or the newest of its family.
  private LogClient opened(LogBlock block, LogTools tools) throws IOException {
    return switch (block) {
      case LogSource log -> log.open(tools);
      case LedgerSource _ -> throw new AssertionError("ledgers have a contract of their own");
      case FamilySource source -> {
        try (LogFamily family = source.open(tools, trust(served))) {
          yield opened(family.list().members().getLast().source(), tools);
        } catch (LogUnavailableException | BadAnswerException e) {
          throw new IOException(e);
        }
      }
    };
  }

  private SettingsFile.Loaded<LogBlock> load(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("log.yaml"), yaml);
    return SettingsFile.load(file, protocol()::configure, Map.of());
  }

  private LogBlock source(String yaml) throws IOException {
    SettingsFile.Loaded<LogBlock> loaded = load(yaml);
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow();
  }

  private TreeHead head() {
    return served.head(SIZE);
  }

  @Test
  void says_which_format_its_leaves_have() {
    assertThat(protocol().entryFormat()).matches("[a-z0-9-]+");
  }

  @Test
  void describes_its_keys_without_failing() {
    assertThat(SettingsFile.schema("log", protocol()::configure).get("properties")).isNotEmpty();
  }

  @Test
  void notes_what_a_configuration_lacks_or_has_too_much() throws IOException {
    assertThat(load("unheard-of: 1\n").problems()).extracting(Problem::path).contains("unheard-of");
    assertThat(load("unheard-of: 1\n").value()).isEmpty();
  }

  @Test
  void the_head_is_the_note_that_the_log_signed() throws Exception {
    assertThat(client.head()).isEqualTo(served.checkpoint());
  }

  @Test
  void every_range_of_leaves_is_what_was_logged() throws Exception {
    for (int from = 0; from < SIZE; from++) {
      for (int to = from + 1; to <= SIZE; to++) {
        int at = from;
        while (at < to) {
          Leaves leaves = client.leaves(at, to, head());
          assertThat(leaves.from()).isEqualTo(at);
          assertThat(leaves.count()).isBetween(1, to - at);
          for (int i = 0; i < leaves.count(); i++) {
            assertThat(leaves.copy(i)).isEqualTo(served.leaf(at + i));
          }
          at = (int) leaves.to();
        }
      }
    }
  }

  @Test
  void leaves_of_an_older_head_are_read_as_well() throws Exception {
    for (int size = 1; size <= SIZE; size++) {
      Leaves leaves = client.leaves(size - 1, size, served.head(size));
      assertThat(leaves.copy(0)).isEqualTo(served.leaf(size - 1));
    }
  }

  @Test
  void consistency_holds_for_every_pair_of_sizes() throws Exception {
    for (int newer = 0; newer <= SIZE; newer++) {
      for (int older = 0; older <= newer; older++) {
        assertThat(client.consistency(older, newer).holds(served.head(older), served.head(newer)))
            .as("%d to %d", older, newer)
            .isTrue();
      }
    }
  }

  @Test
  void reading_can_start_at_any_size() throws Exception {
    for (int size = 0; size <= SIZE; size++) {
      CompactRange range = client.range(size, head());
      assertThat(range.head()).isEqualTo(served.head(size));
      for (int i = size; i < SIZE; i++) {
        range.append(Hash.ofLeaf(served.leaf(i)));
      }
      assertThat(range.head()).isEqualTo(head());
    }
  }

  @Test
  void inclusion_is_proven_for_every_leaf() throws Exception {
    for (int i = 0; i < SIZE; i++) {
      Hash leaf = Hash.ofLeaf(served.leaf(i));
      Inclusion inclusion = client.inclusion(i, head());
      assertThat(inclusion.proof().holds(i, leaf, inclusion.head())).as("leaf %d", i).isTrue();
      assertThat(inclusion.head()).isEqualTo(head());
    }
  }

  @Test
  void stored_leaf_hashes_are_those_of_the_leaves() throws Exception {
    for (int from = 0; from < SIZE; from += 3) {
      Optional<List<Hash>> stored = client.leafHashes(from, SIZE, head());
      List<Hash> expected = new ArrayList<>();
      for (int i = from; i < SIZE; i++) {
        expected.add(Hash.ofLeaf(served.leaf(i)));
      }
      assertThat(stored.orElse(expected)).isEqualTo(expected);
    }
  }

  @Test
  void a_leaf_has_an_address_that_people_can_open() {
    assertThat(client.leafAddress(0, SIZE)).isNotBlank().doesNotContain("\n");
  }

  @Test
  void a_call_outside_the_tree_is_the_callers_mistake() {
    assertMistake(() -> client.leaves(-1, 1, head()));
    assertMistake(() -> client.leaves(1, 1, head()));
    assertMistake(() -> client.leaves(0, SIZE + 1, head()));
    assertMistake(() -> client.consistency(2, 1));
    assertMistake(() -> client.consistency(-1, 1));
    assertMistake(() -> client.range(SIZE + 1, head()));
    assertMistake(() -> client.range(-1, head()));
    assertMistake(() -> client.inclusion(SIZE, head()));
    assertMistake(() -> client.inclusion(-1, head()));
  }

  private static void assertMistake(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_log_that_went_away_is_unavailable_whatever_is_asked() {
    served.goAway();
    client.forget();
    assertUnavailable(() -> client.head());
    assertUnavailable(() -> client.leaves(0, SIZE, head()));
    assertUnavailable(() -> client.consistency(3, SIZE));
    assertUnavailable(() -> client.range(3, head()));
    assertUnavailable(() -> client.inclusion(3, head()));
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(LogUnavailableException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @Test
  void leaves_that_no_honest_log_serves_are_a_bad_answer() {
    served.cutLeaves();
    assertThatThrownBy(() -> client.leaves(0, SIZE, head()))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void forgetting_changes_no_answer() throws Exception {
    List<Hash> before = client.consistency(5, SIZE).path();
    client.forget();
    assertThat(client.consistency(5, SIZE).path()).isEqualTo(before);
    assertThat(client.head()).isEqualTo(served.checkpoint());
  }

  @Test
  void several_threads_read_at_a_time() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Leaves>> reads = new ArrayList<>();
      for (int i = 0; i < SIZE; i++) {
        int from = i;
        reads.add(threads.submit(() -> client.leaves(from, from + 1, head())));
      }
      for (int i = 0; i < SIZE; i++) {
        assertThat(reads.get(i).get().copy(0)).isEqualTo(served.leaf(i));
      }
    }
  }

  @Test
  void closing_twice_is_closing_once() {
    client.close();
    client.close();
  }
}
