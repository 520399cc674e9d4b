package dev.sigwarden.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.DrillAlerts;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.practice.PracticeServer;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Drills;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.LogTail;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.watch.DrillWatch;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// One drill: a practice log on loopback gets a marked signature, a turn of the daemon's own reads
/// it, and the receivers that it was routed to are waited for. Every time is the database's
/// clock's, by which whoever delivers goes too. Used once, by one thread.
final class DrillRun {
  private static final JsonMapper JSON = new JsonMapper();

  /// Between two looks at what the receivers have taken.
  private static final Duration LOOK = Duration.ofMillis(50);

  /// How often it says that it still runs, and how long others believe that: one whose process was
  /// killed ends soon.
  private static final Duration SAYING = Duration.ofSeconds(4);

  private static final Duration BELIEVED = Duration.ofSeconds(20);

  private static final String SELECTOR = "selector";

  private final Drill drill;
  private final List<String> wanted;
  private final Duration within;
  private final Configuration configuration;
  private final TailTools tools;
  private final BooleanSupplier stopping;
  private final Drills drills;
  private final Clock clock;
  private final DrillAlerts alerts;
  private final SecureRandom random = new SecureRandom();
  private final PracticeLog log;
  private final List<Drill.Step> steps = new ArrayList<>();
  private final List<String> unrouted = new ArrayList<>();

  /// @param drill what was begun
  /// @param wanted the receivers that have to take it; none for those that it is routed to
  /// @param within how long it may take from the log to the last receiver
  /// @param tools what turns of the daemon are made with
  /// @param stopping whether the daemon stops
  DrillRun(
      Drill drill,
      List<String> wanted,
      Duration within,
      Configuration configuration,
      TailTools tools,
      BooleanSupplier stopping) {
    this.drill = drill;
    this.wanted = wanted;
    this.within = within;
    this.configuration = configuration;
    this.tools = tools;
    this.stopping = stopping;
    this.drills = tools.store().timetable().drills();
    this.clock = tools.store().clock();
    this.alerts = new DrillAlerts(configuration.tenant(), clock);
    this.log = new PracticeLog(NoteSigner.generate("drill.sigwarden.invalid/" + drill.id()), clock);
  }

  /// Runs it and returns it as it ended; writes the end nowhere.
  Drill run() throws InterruptedException {
    PracticeSigner authority = new PracticeSigner(clock, random);
    Optional<Watch> watch = configuration.watches().named(drill.watch());
    PracticeCredential signer =
        watch
            .flatMap(DrillWatch::names)
            .map(names -> authority.certificate(identity(names)))
            .orElseGet(() -> authority.key(KeyKind.P256));
    byte[] spki = signer.publicKey().getEncoded();
    Watches judges = DrillWatch.copy(watch, Digest.sha256(spki, 0, spki.length));
    // A client of its own: what the other remembers of hosts, and how their clocks differ from
    // ours,
    // is not for a server of this process.
    try (PracticeServer server = PracticeServer.of(log);
        PoliteHttp http = new PoliteHttp(configuration.requests(), clock, random);
        LogTail tail =
            new LogTail(
                settings(server.url()),
                tools.practising(
                    judges, new LogTools(http, clock, tools.log().memory(), tools.log().roots())),
                Optional.of(this::marked))) {
      // What was there before, so that the drill's own head has something to continue.
      sign(authority.key(KeyKind.P256));
      boolean _ = tail.run();
      Instant logged = sign(signer);
      add("logged", "", logged, logged, "");
      boolean _ = tail.run();
      return watch(tail, logged);
    } catch (IOException e) {
      steps.add(failed("logged", "", "no practice log can be served: " + e.getMessage()));
      return over(false);
    }
  }

  private static PracticeIdentity identity(DrillWatch.Names names) {
    PracticeIdentity.Kind kind =
        switch (names.kind()) {
          case URI -> PracticeIdentity.Kind.URI;
          case EMAIL -> PracticeIdentity.Kind.EMAIL;
          case OTHER_NAME -> PracticeIdentity.Kind.OTHER_NAME;
          case DNS -> PracticeIdentity.Kind.DNS;
        };
    return new PracticeIdentity(kind, names.name(), names.issuer(), names.claims());
  }

  /// Signs and logs something; returns when the log showed it.
  private Instant sign(PracticeCredential signer) {
    byte[] artifact = new byte[32];
    random.nextBytes(artifact);
    byte[] entry = PracticeEntries.hashedRekord(signer, artifact);
    var _ = log.append(entry);
    Instant at = clock.instant();
    byte[] _ = log.publish();
    return at;
  }

  /// The practice log as a section of the configuration, so that it is read by the same code.
  private LogSettings settings(URI url) {
    Map<String, String> section = new LinkedHashMap<>();
    section.put("protocol", "tiles");
    section.put("url", url.toString());
    section.put("key", log.verifierKey().toString());
    section.put("entries", "rekor");
    section.put("start", "0");
    try {
      // JSON is YAML.
      byte[] bytes =
          JSON.writeValueAsString(Map.of("logs", Map.of("drill", section)))
              .getBytes(StandardCharsets.UTF_8);
      BlockSettings read =
          SettingsFile.read(
                  bytes,
                  "drill",
                  Path.of("").toAbsolutePath(),
                  root -> Configuration.readBlocks(root, Map.of()),
                  Map.of())
              .value()
              .map(blocks -> blocks.get("drill"))
              .orElseThrow();
      return ((LogSettings) read).named(drill.log());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing a map of texts as JSON", e);
    }
  }

  /// What is filed in place of a finding on the practice log: marked, told at once and to those who
  /// are drilled, with no evidence, since it proves nothing to anybody.
  private Filing marked(Filing found) {
    Alert alert = alerts.marked(found.finding().alert(), drill.id(), drill.watch());
    return new Filing(
        new Finding(alert, found.finding().branch(), found.finding().index(), List.of()),
        Plan.of(receivers(found.plan().receivers())));
  }

  private List<String> receivers(List<String> routed) {
    if (drill.watch().isEmpty()) {
      return wanted.isEmpty() ? List.copyOf(configuration.receivers().keySet()) : wanted;
    }
    unrouted.clear();
    wanted.stream().filter(name -> !routed.contains(name)).forEach(unrouted::add);
    return wanted.isEmpty() ? routed : wanted.stream().filter(routed::contains).toList();
  }

  /// Looks at what came of the entry until everybody has it or the time is over.
  private Drill watch(LogTail tail, Instant logged) throws InterruptedException {
    Optional<View> view = tools.store().views(drill.log()).stream().findFirst();
    Optional<Alert> told = drills.told(drill);
    if (view.isEmpty() || view.get().head().head().size() < log.size() || told.isEmpty()) {
      boolean seen = view.isPresent() && view.get().head().head().size() == log.size();
      view.filter(_ -> seen).ifPresent(known -> add("head", "", logged, known.head().seen(), ""));
      String why =
          tail.status().error().isEmpty()
              ? "its signature was not judged as one that nobody expected"
              : tail.status().error();
      steps.add(failed(seen ? "judged" : "head", "", why));
      return over(stopping.getAsBoolean());
    }
    add("head", "", logged, view.get().head().seen(), "");
    add("judged", "", logged, told.get().at(), selector(told.get()));
    List<Drills.Taken> taken = drills.taken(told.get());
    Instant end = logged.plus(within);
    // By the machine's time too: the other may stand still.
    long patience = System.nanoTime() + within.toNanos();
    boolean waits = true;
    Instant said = Instant.MIN;
    while (waits && !stopping.getAsBoolean()) {
      Instant now = clock.instant();
      if (now.isAfter(said.plus(SAYING))) {
        drills.keep(drill, now.plus(BELIEVED));
        said = now;
      }
      waits =
          taken.stream().anyMatch(one -> one.sent().isEmpty() && !one.givenUp())
              && System.nanoTime() - patience < 0;
      if (waits) {
        Thread.sleep(LOOK);
        taken = drills.taken(told.get());
      }
    }
    boolean interrupted = waits;
    Instant committed =
        taken.stream().map(Drills.Taken::committed).min(Instant::compareTo).orElse(told.get().at());
    add("committed", "", logged, committed, "");
    for (String receiver : unrouted) {
      steps.add(
          failed("routed", receiver, "no route leads to it for watch %s".formatted(drill.watch())));
    }
    if (taken.isEmpty() && unrouted.isEmpty()) {
      steps.add(failed("routed", "", "no receiver is told"));
    }
    taken.forEach(one -> steps.add(delivered(one, logged, end)));
    return over(interrupted);
  }

  private static String selector(Alert told) {
    return told.who().stream()
        .filter(field -> field.name().equals(SELECTOR))
        .map(Field::value)
        .findFirst()
        .map(value -> "selected by " + value)
        .orElse("");
  }

  private Drill.Step delivered(Drills.Taken taken, Instant logged, Instant end) {
    Optional<Duration> after = taken.sent().map(at -> since(logged, at));
    boolean good = taken.sent().filter(at -> !at.isAfter(end)).isPresent();
    String error = taken.problem().isEmpty() ? "" : "; last error: " + taken.problem();
    String note =
        good
            ? ""
            : taken.givenUp()
                ? "given up: " + taken.problem()
                : "not within %d s%s".formatted(within.toSeconds(), error);
    return new Drill.Step("delivered", taken.receiver(), after, good, note);
  }

  private void add(String step, String receiver, Instant logged, Instant at, String note) {
    steps.add(new Drill.Step(step, receiver, Optional.of(since(logged, at)), true, note));
  }

  private static Drill.Step failed(String step, String receiver, String why) {
    return new Drill.Step(step, receiver, Optional.empty(), false, why);
  }

  /// Clocks are read on both sides of a millisecond, and may be set meanwhile.
  private static Duration since(Instant from, Instant to) {
    Duration passed = Duration.between(from, to);
    return passed.isNegative() ? Duration.ZERO : passed;
  }

  private Drill over(boolean interrupted) {
    return drill.over(steps, interrupted, clock.instant());
  }
}
