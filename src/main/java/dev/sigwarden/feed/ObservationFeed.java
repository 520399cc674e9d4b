package dev.sigwarden.feed;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FeedConditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.notify.kafka.KafkaClients;
import dev.sigwarden.notify.kafka.KafkaClients.Trouble;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Feeds;
import dev.sigwarden.store.Feeds.Backlog;
import dev.sigwarden.store.Feeds.Behind;
import dev.sigwarden.store.Feeds.Numbered;
import dev.sigwarden.store.StaleStateException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes every observation, and every change of its verdict, to a topic: from the database, behind
/// the commit that wrote it, so that nobody who reads logs waits for brokers.
///
/// Each run sends what follows the topic's place in each log and then moves the place. Whoever dies
/// between the two leaves records that are sent again, all of them and in their order. A process
/// that was paused and believes that the feed is still its own is shut out by the brokers: sending
/// goes in transactions of one id, of which the newest user counts. That is asked for before the
/// place is read, so that no record of an earlier user comes behind one of a later.
///
/// Used by one thread at a time, but for `close`.
public final class ObservationFeed implements AutoCloseable {
  /// The task that sends.
  public static final String TASK = FeedConditions.FEED;

  /// Between two looks at what is new.
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(ObservationFeed.class);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /// Bytes of entries in one transaction, unless a single page has more.
  private static final long TRANSACTION_BYTES = 4 << 20;

  private final String topic;
  private final FeedSettings settings;
  private final Feeds feeds;
  private final ObservationRecord records;
  private final KafkaClients clients;
  private final String condition;
  private final FeedConditions words;
  private final ConditionBoard board;
  private final Clock clock;
  private final Attempts attempts = new Attempts();

  private volatile @Nullable Producer<String, byte[]> producer;
  private volatile boolean closed;
  private int partitions;

  /// A feed that has sent nothing yet.
  ///
  /// @param tenant whose observations these are
  /// @param instance the daemon's name
  public ObservationFeed(
      FeedSettings settings,
      String tenant,
      String instance,
      Feeds feeds,
      Decoders decoders,
      Conditions conditions,
      ConditionBoard board,
      Clock clock) {
    this.topic = settings.connection().topic();
    this.settings = settings;
    this.feeds = feeds;
    this.records = new ObservationRecord(tenant, instance, decoders);
    this.clients = new KafkaClients(settings.connection(), "sigwarden-" + instance + "-feed");
    this.condition = FindingId.condition(tenant, Kind.DELIVERY_FAILING.label(), TASK);
    this.words = new FeedConditions(conditions);
    this.board = board;
    this.clock = clock;
  }

  /// Sends what is new, at most a few pages; whether there may be more.
  public boolean run() {
    if (closed || attempts.pause(clock.instant())) {
      return false;
    }
    try {
      boolean more = !feeds.behind(topic).isEmpty() && send();
      attempts.succeeded();
      tellDelay();
      return more;
    } catch (InterruptedException | InterruptException e) {
      // Kafka's own exception has set the flag already.
      Thread.currentThread().interrupt();
      rest();
    } catch (IOException | ExecutionException | TimeoutException | KafkaException e) {
      failed(e);
    } catch (StaleStateException e) {
      LOG.infof("another process feeds topic %s: %s", topic, e.getMessage());
      rest();
    }
    return false;
  }

  /// Sends the next records of each log in one transaction, and notes that.
  private boolean send()
      throws IOException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          StaleStateException {
    Producer<String, byte[]> open = producer();
    // Only now: nobody else's record can come behind these.
    List<Behind> behind = feeds.behind(topic);
    List<Behind> sent = new ArrayList<>();
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    long bytes = 0;
    boolean more = false;
    open.beginTransaction();
    for (Behind log : behind) {
      if (bytes > TRANSACTION_BYTES || answers.size() >= Feeds.PAGE) {
        more = true;
        break;
      }
      List<Numbered> page = feeds.page(log.log(), log.sent());
      for (Numbered observation : page) {
        bytes += observation.observation().entry().length();
        answers.add(open.send(records.of(observation, topic, partitions)));
      }
      // Without any, numbers were left out: there is nothing up to the last one that was seen.
      long reached = page.isEmpty() ? log.last() : page.getLast().number();
      more |= reached < log.last();
      sent.add(new Behind(log.log(), log.sent(), reached));
    }
    open.commitTransaction();
    for (Future<RecordMetadata> answer : answers) {
      var _ = answer.get();
    }
    for (Behind log : sent) {
      feeds.advance(topic, log.log(), log.sent(), log.last());
    }
    return more;
  }

  private Producer<String, byte[]> producer()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Producer<String, byte[]> open = producer;
    if (open == null) {
      partitions = clients.describe().partitions().size();
      open = clients.producer("sigwarden-" + feeds.id(topic));
      producer = open;
      open.initTransactions();
    }
    return open;
  }

  private void failed(Exception failure) {
    rest();
    if (closed) {
      return;
    }
    Trouble trouble = clients.trouble(failure);
    LOG.infof("topic %s: %s", topic, trouble.reason());
    if (attempts.failed(trouble, clock.instant())) {
      board.raise(words.feedFailing(topic, trouble.reason(), clock.instant()), "");
    }
  }

  /// Tells that the topic is too far behind, or no more.
  private void tellDelay() {
    Backlog backlog = feeds.backlog(topic);
    Instant bound = clock.instant().minus(settings.behind());
    if (backlog.oldest().filter(oldest -> oldest.isBefore(bound)).isPresent()) {
      String reason =
          "%d observations wait, the oldest since %s"
              .formatted(backlog.observations(), backlog.oldest().orElseThrow());
      board.raise(words.feedFailing(topic, reason, clock.instant()), "");
    } else {
      board.resolve(condition, "");
    }
  }

  /// What the topic does not have yet.
  public Backlog backlog() {
    return feeds.backlog(topic);
  }

  /// Gives the brokers up until the next run: whoever feeds the topic now opens anew.
  public void rest() {
    Producer<String, byte[]> given = producer;
    producer = null;
    close(given, CLOSE_TIMEOUT);
  }

  private static void close(@Nullable Producer<String, byte[]> given, Duration timeout) {
    if (given != null) {
      try {
        given.close(timeout);
      } catch (KafkaException e) {
        LOG.debug("closing a producer", e);
      }
    }
  }

  /// Sends nothing any more; what is under way fails.
  @Override
  public void close() {
    closed = true;
    close(producer, Duration.ZERO);
  }
}
