package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.LogStatus;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The daemon in this process with a log, a webhook and a mail folder around it. Not started before
/// `start`, so that a test can say first what the log holds and the configuration asks for.
final class WholeProgram implements AutoCloseable {
  /// How long anything may take before a test says that it does not happen: far above what a busy
  /// machine needs.
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int MANY = 100_000;

  private final Path folder;
  private final SteppedClock clock = new SteppedClock();
  private final SimulatedLog log;
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, clock::mayArrive);
  private final ConfigFile config;
  private @Nullable Daemon daemon;

  /// A stopped program; its log is empty.
  WholeProgram(Path folder) {
    this(folder, 0);
  }

  /// A stopped program; its log is empty and cosigned by that many witnesses.
  WholeProgram(Path folder, int witnesses) {
    this.folder = folder;
    this.log = new SimulatedLog(clock, witnesses);
    this.config = new ConfigFile(folder, log.url().toString(), log.vkey(), hook.url().toString());
  }

  /// The log.
  SimulatedLog log() {
    return log;
  }

  /// The webhook.
  WebhookReceiver hook() {
    return hook;
  }

  /// The configuration; counts from the next `save` on.
  ConfigFile config() {
    return config;
  }

  /// The time that the program goes by.
  SteppedClock clock() {
    return clock;
  }

  /// Publishes other people's entries until the log has `size`. Faults call it on several threads
  /// of the server at once.
  synchronized WholeProgram others(long size) {
    while (log.log().size() < size) {
      log.log().append(Entries.other(log.log().size()));
    }
    log.log().publish();
    return this;
  }

  /// Writes the configuration and starts.
  WholeProgram start() {
    return start(UnaryOperator.identity());
  }

  /// Writes the configuration and starts with what `changed` makes of it.
  WholeProgram start(UnaryOperator<Configuration> changed) {
    Loaded<Configuration> loaded = Configuration.load(config.save(), Map.of());
    assertThat(loaded.problems()).isEmpty();
    daemon = Daemon.open(changed.apply(loaded.value().orElseThrow()), clock);
    daemon.start();
    return this;
  }

  /// Stops; the log and the receivers stay.
  void stop() {
    if (daemon != null) {
      daemon.close();
      daemon = null;
    }
  }

  /// Stops and starts again on the same database.
  WholeProgram restart() {
    stop();
    return start();
  }

  /// The daemon, which runs.
  Daemon daemon() {
    if (daemon == null) {
      throw new IllegalStateException("the program is not running");
    }
    return daemon;
  }

  /// All findings, newest first.
  List<Finding> findings() {
    return daemon().store().findings(MANY);
  }

  /// The findings of one kind, newest first.
  List<Finding> findings(Kind kind) {
    return findings().stream().filter(it -> it.alert().kind() == kind).toList();
  }

  /// The log's views: the proven history, then branches.
  List<View> views() {
    return daemon().store().views(ConfigFile.LOG);
  }

  /// Entries judged of the proven history.
  long position() {
    List<View> views = views();
    return views.isEmpty() ? 0 : views.getFirst().position().head().size();
  }

  /// How the log stands.
  LogStatus status() {
    return daemon().logs().getFirst();
  }

  /// Waits until this holds.
  void until(String what, Callable<Boolean> holds) {
    await(what).atMost(PATIENCE).pollInterval(LOOK).until(holds);
  }

  /// Waits until the proven history was judged up to `size`.
  void awaitPosition(long size) {
    until("position " + size, () -> position() == size);
  }

  /// Waits until all that the log has published is judged.
  void awaitJudged() {
    awaitPosition(log.log().published());
  }

  /// Waits for the first finding of this kind.
  Finding awaitFinding(Kind kind) {
    until(kind.label(), () -> !findings(kind).isEmpty());
    return findings(kind).getFirst();
  }

  /// Waits until a condition of this kind holds.
  Alert awaitCondition(Kind kind) {
    until(kind.label(), () -> condition(kind) != null);
    Alert condition = condition(kind);
    assertThat(condition).isNotNull();
    return condition;
  }

  /// The kinds of the conditions that hold now, in no order.
  List<Kind> conditionKinds() {
    return daemon().conditions().stream().map(Alert::kind).toList();
  }

  /// Waits until no condition of this kind holds.
  void awaitOver(Kind kind) {
    until("end of " + kind.label(), () -> condition(kind) == null);
  }

  private @Nullable Alert condition(Kind kind) {
    return daemon().conditions().stream()
        .filter(alert -> alert.kind() == kind)
        .findFirst()
        .orElse(null);
  }

  /// Waits until the log was asked for its head that many times more, and what was asked before the
  /// last of them was dealt with.
  void awaitTurns(int turns) {
    long end = log.requests(Fault::checkpoint) + turns + 1;
    until(turns + " turns", () -> log.requests(Fault::checkpoint) >= end);
  }

  /// Waits until every receiver has all that it is to be told.
  void awaitDelivered() {
    until(
        "delivery of everything",
        () ->
            daemon().queues().stream()
                .allMatch(queue -> queue.pending() == 0 && queue.dead() == 0));
  }

  /// Waits until everything is delivered, and asserts that the webhook was told of these and of
  /// nothing else.
  void assertToldOf(Alert... alerts) {
    awaitDelivered();
    assertThat(hook.acceptedIds().stream().map(id -> id.substring(0, id.indexOf('-'))).distinct())
        .containsExactlyInAnyOrderElementsOf(Stream.of(alerts).map(Alert::uid).distinct().toList());
    assertThat(hook.refusals()).isEmpty();
  }

  /// One receiver's queue.
  QueueState queue(String receiver) {
    return daemon().queues().stream()
        .filter(queue -> queue.receiver().equals(receiver))
        .findFirst()
        .orElseThrow();
  }

  /// What the operator reads in the mail that opens this finding or condition; waits for it.
  String mail(Alert alert) {
    return mail(alert, 1);
  }

  private String mail(Alert alert, int tellings) {
    until("mail on " + alert.title(), () -> mails(alert.uid()).size() >= tellings);
    return plainText(mails(alert.uid()).getFirst());
  }

  /// How many mails there are on this finding or condition, its end included.
  int mailCount(Alert alert) {
    return mails(alert.uid()).size();
  }

  /// Whether any mail speaks of this kind.
  boolean mailed(Kind kind) {
    return mails("").stream()
        .map(WholeProgram::plainText)
        .anyMatch(it -> it.contains(kind.title()));
  }

  /// How many mails have these words.
  long mailsSaying(String words) {
    return mails("").stream().map(WholeProgram::plainText).filter(it -> it.contains(words)).count();
  }

  private List<Path> mails(String uid) {
    Path mails = folder.resolve("mail");
    if (!Files.isDirectory(mails)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(mails)) {
      return files
          .filter(file -> file.toString().endsWith(".eml"))
          .filter(file -> file.getFileName().toString().startsWith(uid))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String plainText(Path mail) {
    try (InputStream in = Files.newInputStream(mail)) {
      MimeMessage message = new MimeMessage(null, in);
      String text = plainText(message);
      // As it stands, and as one line: words that are folded are looked for too.
      return message.getSubject() + "\n" + text + text.replaceAll("\\s+", " ");
    } catch (IOException | MessagingException e) {
      throw new AssertionError("a mail that cannot be read: " + mail, e);
    }
  }

  private static String plainText(Part part) throws IOException, MessagingException {
    if (part.isMimeType("text/plain")) {
      return String.valueOf(part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart one = parts.getBodyPart(i);
        text.append(plainText(one));
      }
      return text.toString();
    }
    return "";
  }

  /// The value of a field of an alert; empty if it has none of that name.
  static String field(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .map(Field::value)
        .findFirst()
        .orElse("");
  }

  /// The text of a finding's piece of evidence.
  static String evidence(Finding finding, String name) {
    return finding.evidence().stream()
        .filter(piece -> piece.name().equals(name))
        .map(piece -> new String(piece.toBytes(), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    stop();
    hook.close();
    log.close();
  }
}
