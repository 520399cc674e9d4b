package dev.sigwarden.notify;

import dev.sigwarden.notify.kafka.KafkaLog;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/// Reads everything that is logged while it is open, down to the finest level that an operator can
/// have: what `application.properties` holds back, it holds back here too.
public final class Listener extends Handler implements AutoCloseable {
  /// Category, message, and a stack trace with its causes.
  private static final PatternFormatter FORM = new PatternFormatter("%c %s%e");

  private static final String CATEGORY = "quarkus.log.category.";

  /// The stand-ins for services, which log what they are told.
  private static final List<String> PEERS =
      List.of("org.eclipse.jetty", "wiremock", "com.github.tomakehurst", "com.icegreen", "kafka");

  private final Predicate<String> wanted;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Logger root = Logger.getLogger("");
  private final Map<Logger, Level> before = new LinkedHashMap<>();
  private final Map<Handler, Level> handlers = new LinkedHashMap<>();

  /// Listens until closed.
  ///
  /// @param wanted which lines are kept
  public Listener(Predicate<String> wanted) {
    this.wanted = wanted;
    set(root, Level.ALL);
    PEERS.forEach(peer -> set(Logger.getLogger(peer), Level.WARNING));
    heldBack().forEach((category, level) -> set(Logger.getLogger(category), level));
    for (Handler handler : root.getHandlers()) {
      handlers.put(handler, handler.getLevel());
      handler.setLevel(Level.WARNING);
    }
    setLevel(Level.ALL);
    setFilter(new KafkaLog());
    root.addHandler(this);
  }

  private void set(Logger logger, Level level) {
    before.put(logger, logger.getLevel());
    logger.setLevel(level);
  }

  private static Map<String, Level> heldBack() {
    Properties properties = new Properties();
    try (Reader in =
        Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Level> levels = new LinkedHashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(CATEGORY) && key.endsWith(".level")) {
        String category =
            key.substring(CATEGORY.length(), key.length() - ".level".length()).replace("\"", "");
        levels.put(category, org.jboss.logmanager.Level.parse(properties.getProperty(key)));
      }
    }
    return levels;
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String line = FORM.format(record);
    if (wanted.test(line)) {
      heard.add(line);
    }
  }

  /// What was kept, in order.
  public List<String> heard() {
    return new ArrayList<>(heard);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
    before.forEach(Logger::setLevel);
    handlers.forEach(Handler::setLevel);
  }
}
