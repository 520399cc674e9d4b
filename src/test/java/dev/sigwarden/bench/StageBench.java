package dev.sigwarden.bench;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHasher;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.BenchEntries;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.store.Commit;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What each stage of the hot path costs on one core, over the entries of `sigwarden bench tiles`:
/// hash a tile's worth of leaves, decode and match an entry, and beside it what a finding costs
/// (render an alert) and a chunk (commit it).
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StageBench {
  /// Leaves of one full bundle.
  private static final int TILE = 256;

  /// Leaves of one chunk.
  private static final int CHUNK = 1_024;

  /// Entries, decoded and not.
  @State(Scope.Benchmark)
  public static class Entries {
    private final EntryDecoder rekor = Decoders.found().forFormat("rekor");
    private final EntryBytes[] entries = new EntryBytes[TILE];
    private final SigningEvent[] events = new SigningEvent[TILE];
    private int next;

    /// Makes them.
    public Entries() {
      BenchEntries bench =
          new BenchEntries(new PracticeSigner(Clock.systemUTC(), new SecureRandom()));
      for (int i = 0; i < TILE; i++) {
        entries[i] = EntryBytes.of(bench.entry(i));
        events[i] = ((Decoded.Event) rekor.decode(entries[i])).event();
      }
    }

    private int next() {
      next = (next + 1) % TILE;
      return next;
    }
  }

  /// Watches none of which selects a bench entry.
  @State(Scope.Benchmark)
  public static class Matcher {
    @Param({"10", "1000", "10000"})
    public int watches;

    private Watches compiled = Watches.none();

    /// Compiles them.
    @Setup
    public void compile() {
      StringBuilder yaml = new StringBuilder("watches:\n");
      for (int i = 0; i < watches; i++) {
        yaml.append(
            """
              w%1$d:
                identities:
                  - {subject: "https://github.com/watched-%1$d/app/.github/workflows/r.yml@refs/%2$s",
                     issuer: https://token.actions.githubusercontent.com}
            """
                .formatted(i, i % 2 == 0 ? "tags/*" : "heads/main"));
      }
      Allowlists none = new Allowlists(List.of());
      List<Watch> read =
          SettingsFile.read(
                  yaml.toString().getBytes(StandardCharsets.UTF_8),
                  "bench.yaml",
                  Path.of(""),
                  root ->
                      List.copyOf(
                          root.sections("watches", "", watch -> Watch.read(watch, none)).values()),
                  Map.of())
              .value()
              .orElseThrow();
      compiled = Watches.of(read, none);
    }
  }

  /// A database on disk.
  @State(Scope.Benchmark)
  public static class Database {
    private Path folder = Path.of("");
    private Store store;
    private final CompactRange range = CompactRange.empty();
    private Position position = Position.of(range);

    /// Opens it.
    @Setup(Level.Trial)
    public void open() throws IOException, StaleStateException {
      folder = Files.createTempDirectory("sigwarden-bench");
      store = Store.open("sqlite:" + folder.resolve("bench.db"), Clock.systemUTC());
      SeenHead head =
          new SeenHead(new TreeHead(Long.MAX_VALUE, Hash.emptyRoot()), "note", Instant.now());
      store.begin("bench", "bench.example", new View(0, head, position));
    }

    /// Deletes it.
    @TearDown(Level.Trial)
    public void delete() throws IOException {
      store.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// The hashes of a bundle's leaves and the nodes over them.
  @Benchmark
  public TreeHead hashOneTile(Entries of) {
    LeafHashes hashes = new LeafHashes(TILE);
    TreeHasher hasher = new TreeHasher();
    for (int i = 0; i < TILE; i++) {
      EntryBytes entry = of.entries[i];
      hashes.hash(i, hasher, entry.buffer(), entry.offset(), entry.length());
    }
    CompactRange range = CompactRange.empty();
    hashes.appendTo(range, 0, TILE);
    return range.head();
  }

  /// One entry as a signing event.
  @Benchmark
  public Decoded decodeOneEntry(Entries of) {
    return of.rekor.decode(of.entries[of.next()]);
  }

  /// One entry decoded and asked of all watches.
  @Benchmark
  public void decodeAndMatchOneEntry(Entries of, Matcher matcher, Blackhole sink) {
    if (of.rekor.decode(of.entries[of.next()]) instanceof Decoded.Event(SigningEvent event)) {
      sink.consume(matcher.compiled.select(event));
    }
  }

  /// One decoded entry asked of all watches.
  @Benchmark
  public List<Hit> matchOneEntry(Entries of, Matcher matcher) {
    return matcher.compiled.select(of.events[of.next()]);
  }

  /// An alert in every form that a receiver may want.
  @Benchmark
  public void renderOneAlert(Alerts of, Blackhole sink) {
    sink.consume(of.text.subject(of.alert));
    sink.consume(of.text.text(of.alert));
    sink.consume(of.text.html(of.alert));
    sink.consume(AlertJson.write(of.alert));
  }

  /// An alert and its templates.
  @State(Scope.Benchmark)
  public static class Alerts {
    private final AlertText text = new AlertText();
    private final Alert alert = TestAlerts.all().values().iterator().next();
  }

  /// The position after a chunk of which no entry is selected, durably.
  @Benchmark
  public void commitOneChunk(Database of) throws StaleStateException {
    for (int i = 0; i < CHUNK; i++) {
      of.range.append(Hash.emptyRoot());
    }
    Position next = Position.of(of.range);
    of.store.commit(new Commit("bench", 0, of.position.head(), next, List.of(), List.of()));
    of.position = next;
  }
}
