package dev.sigwarden.feed;

import dev.sigwarden.notify.kafka.KafkaClients;
import dev.sigwarden.notify.kafka.KafkaClients.Trouble;
import dev.sigwarden.store.AllowedLine;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.TopicLines;
import dev.sigwarden.store.TopicLines.Place;
import dev.sigwarden.watch.Allowlist;
import dev.sigwarden.watch.Submission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps one allowlist level with a compacted topic: what its records say is written to the
/// database together with how far the topic was read, and every process has it from there.
///
/// Whoever begins to read surveys the topic from its start first: what a record says counts only if
/// it is the last of its key. That a line is not in the topic any more takes it off no list: a
/// topic that was emptied, made anew, or compacted while nobody read it would take all. Such lines
/// stay and are told, until a record or a person revokes them.
///
/// Used by one thread at a time, but for `close`.
final class AllowlistTopic implements AutoCloseable {
  /// What became of one run.
  ///
  /// @param more whether there may be more to read at once
  /// @param changed whether lines may have changed
  /// @param level whether everything is read
  /// @param problem what a person should know; empty for nothing, or if it is not known yet
  record Run(boolean more, boolean changed, boolean level, Optional<String> problem) {
    static final Run NOTHING = new Run(false, false, false, Optional.empty());
  }

  private static final Logger LOG = Logger.getLogger(AllowlistTopic.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /// Between two questions whether the topic is still the same one.
  private static final Duration ASK = Duration.ofSeconds(5);

  /// Lines read at once of those that the list has.
  private static final int PAGE = 5_000;

  private final Allowlist list;
  private final String topic;
  private final KafkaClients clients;
  private final TopicLines lines;
  private final Function<String, List<Filing>> announcements;
  private final Clock clock;
  private final TopicPartition partition;

  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean closed;

  private String id = "";
  private Optional<Place> place = Optional.empty();
  private @Nullable TopicSurvey survey;

  private final TopicProblems problems = new TopicProblems();
  private final Attempts attempts = new Attempts();
  private volatile OptionalLong behind = OptionalLong.empty();

  /// The first offset that the topic still had when it was surveyed.
  private long begin;

  private Instant asked = Instant.MIN;

  /// @param announcements findings that tell of a change, made from its words
  AllowlistTopic(
      Allowlist list,
      TopicSettings settings,
      String instance,
      TopicLines lines,
      Function<String, List<Filing>> announcements,
      Clock clock) {
    this.list = list;
    this.topic = settings.connection().topic();
    this.clients =
        new KafkaClients(
            settings.connection(), "sigwarden-" + instance + "-allowlist-" + list.name());
    this.lines = lines;
    this.announcements = announcements;
    this.clock = clock;
    this.partition = new TopicPartition(topic, 0);
  }

  /// The topic's name.
  String topic() {
    return topic;
  }

  /// Reads what is new.
  Run run() {
    Instant now = clock.instant();
    if (closed || attempts.pause(now)) {
      return Run.NOTHING;
    }
    try {
      Run run = read(now);
      attempts.succeeded();
      return run;
    } catch (InterruptedException | InterruptException e) {
      // Kafka's own exception has set the flag already.
      Thread.currentThread().interrupt();
      rest();
    } catch (WakeupException _) {
      rest();
    } catch (UnusableTopicException e) {
      return failed(new Trouble.Lasting(String.valueOf(e.getMessage())));
    } catch (IOException | ExecutionException | TimeoutException | KafkaException e) {
      return failed(clients.trouble(e));
    } catch (StaleStateException e) {
      LOG.infof("another process reads topic %s: %s", topic, e.getMessage());
      rest();
    }
    return Run.NOTHING;
  }

  private Run read(Instant now)
      throws IOException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          StaleStateException,
          UnusableTopicException {
    if (list.terms().signer().filter(it -> it.basis().isEmpty()).isPresent()) {
      // What is refused is not read again, so nothing is until signatures can be checked.
      throw new UnusableTopicException(
          "topic %s waits for the trusted root that its lines are signed by".formatted(topic));
    }
    Consumer<byte[], byte[]> open = consumer;
    if (open != null && (now.isBefore(asked) || !now.isBefore(asked.plus(ASK)))) {
      asked = now;
      if (!describe().equals(id) || begin(open) != begin) {
        LOG.warnf("topic %s was made anew, or its first records deleted", topic);
        rest();
        open = null;
      }
    }
    if (open == null) {
      open = open();
      asked = now;
    }
    int records = take(open);
    TopicSurvey surveyed = survey;
    if (surveyed != null && open.position(partition) >= surveyed.end()) {
      findMissing(surveyed);
      survey = null;
    }
    behind = open.currentLag(partition);
    boolean level = survey == null && records == 0;
    return new Run(
        !level, records > 0, level, level ? problems.words(lines::isOn) : Optional.empty());
  }

  /// What Kafka calls the topic.
  private String describe()
      throws IOException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          UnusableTopicException {
    TopicDescription description = clients.describe();
    if (description.partitions().size() != 1) {
      // Records of one key could be in two of them, and nobody knows which is the later.
      throw new UnusableTopicException(
          "topic %s has %d partitions (expected: 1)"
              .formatted(topic, description.partitions().size()));
    }
    return description.topicId().toString();
  }

  private Consumer<byte[], byte[]> open()
      throws IOException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          StaleStateException,
          UnusableTopicException {
    id = describe();
    Consumer<byte[], byte[]> open = clients.consumer();
    consumer = open;
    open.assign(Set.of(partition));
    begin = begin(open);
    long end = only(open.endOffsets(Set.of(partition)));
    place = lines.place();
    boolean same =
        place
            .filter(it -> it.topic().equals(topic) && it.id().equals(id) && it.next() <= end)
            .isPresent();
    long from = same ? Math.max(begin, place.orElseThrow().next()) : begin;
    if (place.isEmpty() || !same) {
      Place first = new Place(topic, id, from);
      var _ = lines.take(place, first, Map.of(), false, deed(), announcements);
      place = Optional.of(first);
    }
    survey = survey(open, end);
    open.seek(partition, from);
    return open;
  }

  /// The first offset. The client takes every offset that it is told for the topic's end, which its
  /// lag is counted from, so it is told the end after the beginning.
  private long begin(Consumer<byte[], byte[]> open) {
    long first = only(open.beginningOffsets(Set.of(partition)));
    var _ = open.endOffsets(Set.of(partition));
    return first;
  }

  /// The offset of the one partition that was asked for.
  private static long only(Map<TopicPartition, Long> offsets) {
    return offsets.values().iterator().next();
  }

  private TopicSurvey survey(Consumer<byte[], byte[]> open, long end)
      throws TimeoutException, UnusableTopicException {
    TopicSurvey found = new TopicSurvey(end);
    problems.clear();
    open.seek(partition, begin);
    long patience = clients.connection().timeout().toNanos();
    long progress = System.nanoTime();
    while (open.position(partition) < end) {
      ConsumerRecords<byte[], byte[]> records = open.poll(POLL);
      if (!records.isEmpty()) {
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > patience) {
        throw new TimeoutException("no record came for " + clients.connection().timeout());
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        problems.note(record, parse(record));
        if (record.key() != null
            && record.offset() < end
            && !found.note(record.key(), record.offset(), record.value() != null)) {
          throw new UnusableTopicException(
              "topic %s has too many keys (expected: at most %d)"
                  .formatted(topic, TopicSurvey.MAX_KEYS));
        }
      }
      if (closed) {
        throw new WakeupException();
      }
    }
    return found;
  }

  /// Takes over the next records; returns how many there were.
  private int take(Consumer<byte[], byte[]> open)
      throws StaleStateException, UnusableTopicException {
    Map<String, Optional<String>> changes = new LinkedHashMap<>();
    int records = 0;
    TopicSurvey surveyed = survey;
    for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
      records++;
      TopicRecord parsed = parse(record);
      problems.note(record, parsed);
      boolean superseded =
          surveyed != null
              && record.key() != null
              && !surveyed.counts(record.key(), record.offset());
      if (!superseded) {
        switch (parsed) {
          case TopicRecord.On(String line, String note) -> changes.put(line, Optional.of(note));
          case TopicRecord.Off(String line) -> changes.put(line, Optional.empty());
          case TopicRecord.Nothing _, TopicRecord.Malformed _ -> {}
        }
      }
    }
    if (records > 0) {
      if (changes.size() > lines.room() || !list.hasRoomFor(newRules(changes))) {
        throw new UnusableTopicException(
            "allowlist %s would have too many lines (expected: at most %d, and fewer rules)"
                .formatted(list.name(), TopicLines.MAX_LINES));
      }
      Place read = new Place(topic, id, open.position(partition));
      boolean once = list.terms().signer().isPresent();
      var _ = lines.take(place, read, changes, once, deed(), announcements);
      place = Optional.of(read);
      problems.found(changes.keySet());
    }
    return records;
  }

  /// The lines that are no digests and do not count yet: of them a list has fewer.
  private Submission newRules(Map<String, Optional<String>> changes) {
    Map<String, String> rules = new LinkedHashMap<>();
    changes.forEach((line, note) -> {
      if (note.isPresent() && Submission.isRule(line) && !lines.isOn(line)) {
        rules.put(line, note.get());
      }
    });
    return new Submission(rules, List.of());
  }

  private TopicRecord parse(ConsumerRecord<byte[], byte[]> record) {
    Header signature = record.headers().lastHeader(TopicRecord.SIGNATURE);
    return TopicRecord.read(
        list.name(),
        list.terms().signer(),
        record.key(),
        record.value(),
        signature == null ? null : signature.value());
  }

  private Deed deed() {
    return new Deed("topic:" + topic, "", "", TopicLines.CHANGED, list.name(), "", "");
  }

  /// Looks for lines that count and are not in the topic.
  private void findMissing(TopicSurvey surveyed) {
    String after = "";
    List<AllowedLine> page;
    do {
      page = lines.lines(after, PAGE);
      for (AllowedLine line : page) {
        after = line.line();
        if (!surveyed.has(after.getBytes(StandardCharsets.UTF_8))) {
          problems.miss(after);
        }
      }
    } while (page.size() == PAGE);
  }

  private Run failed(Trouble trouble) {
    rest();
    if (closed) {
      return Run.NOTHING;
    }
    LOG.infof("topic %s: %s", topic, trouble.reason());
    boolean told = attempts.failed(trouble, clock.instant());
    return new Run(false, false, false, told ? Optional.of(trouble.reason()) : Optional.empty());
  }

  /// How many records are not read yet; empty if that is not known here.
  OptionalLong behind() {
    return behind;
  }

  /// Gives the brokers up until the next run.
  void rest() {
    Consumer<byte[], byte[]> given = consumer;
    consumer = null;
    survey = null;
    behind = OptionalLong.empty();
    if (given != null) {
      try {
        given.close(CloseOptions.timeout(CLOSE_TIMEOUT));
      } catch (KafkaException e) {
        LOG.debug("closing a consumer", e);
      }
    }
  }

  /// A topic that cannot be read before somebody has changed it; the message says what is expected.
  private static final class UnusableTopicException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableTopicException(String message) {
      super(message);
    }
  }

  /// Reads nothing any more; what is under way ends soon.
  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> given = consumer;
    if (given != null) {
      given.wakeup();
    }
  }
}
