package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.Blot;
import io.quarkus.logging.LoggingFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/// What Kafka's client logs, in one line each and without passwords: it writes down what brokers
/// say, and a broker may repeat what it was told, or end a line. Stack traces are left out, since
/// they hold the same words; the errors' kinds and messages are not.
@LoggingFilter(name = KafkaLog.NAME)
public final class KafkaLog implements Filter {
  /// What `quarkus.log.console.filter` calls it.
  public static final String NAME = "kafka-log";

  /// The category of the client and what is below it.
  private static final String CATEGORY = "org.apache.kafka";

  /// Code points of a line: the client's own words are some hundred.
  private static final int MAX_LINE = 1000;

  /// Errors that led to each other and are shown; the client wraps one in another.
  private static final int MAX_CAUSES = 5;

  /// Passwords that are remembered. A client is made anew with each new one, and the log of the one
  /// before has ended long before so many have come.
  private static final int MAX_PASSWORDS = 100;

  /// A message with its parameters, without its error.
  private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

  /// What is not shown, by password.
  private static final Map<String, String> LOGINS =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_PASSWORDS;
        }
      };

  /// All of it; never changed once it is here.
  private static volatile Blot hidden = new Blot();

  /// Made by Quarkus, which sets it on the console.
  public KafkaLog() {}

  /// Has a password shown in no line from now on.
  static void hide(String user, String password) {
    synchronized (LOGINS) {
      if (user.equals(LOGINS.put(password, user))) {
        return;
      }
      Blot blot = new Blot();
      LOGINS.forEach((known, by) -> hide(blot, by, known));
      hidden = blot;
    }
  }

  /// Names what must not be shown of an account: the password, as the client's configuration quotes
  /// it, and as it is sent. RFC 4616 section 2.
  static void hide(Blot blot, String user, String password) {
    blot.secret(password)
        .secret(KafkaClients.quoted(password))
        .secret("\0" + user + "\0" + password);
  }

  /// Rewrites what is the client's; lets everything through.
  @Override
  public boolean isLoggable(LogRecord record) {
    String category = String.valueOf(record.getLoggerName());
    if (category.equals(CATEGORY) || category.startsWith(CATEGORY + ".")) {
      record.setMessage(hidden.clean(words(record), MAX_LINE));
      // Without any, a message is no pattern.
      record.setParameters(null);
      record.setThrown(null);
    }
    return true;
  }

  private static String words(LogRecord record) {
    StringBuilder words = new StringBuilder();
    words.append(MESSAGE.format(record));
    @Nullable Throwable thrown = record.getThrown();
    for (int i = 0; i < MAX_CAUSES && thrown != null; i++) {
      words.append(": ").append(thrown);
      thrown = thrown.getCause();
    }
    return words.toString();
  }
}
