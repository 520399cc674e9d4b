package dev.sigwarden.notify.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.notify.Leaks;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class KafkaLogTest {
  private static final String PASSWORD = "k4fka\"Pa55wordK4fkaPa55word";

  private final KafkaLog log = new KafkaLog();

  private String line(String category, LogRecord record) {
    record.setLoggerName(category);
    assertThat(log.isLoggable(record)).isTrue();
    return new PatternFormatter("%s%e").format(record);
  }

  private static LogRecord record(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.SEVERE, message);
    record.setParameters(parameters);
    return record;
  }

  @Test
  void hides_a_password_wherever_it_stands_in_a_record() {
    KafkaLog.hide("sigwarden", PASSWORD);
    LogRecord record = record("told {0}, quoted {1}", PASSWORD, KafkaClients.quoted(PASSWORD));
    record.setThrown(
        new IllegalStateException("wrapped", new SaslAuthenticationException("not " + PASSWORD)));
    String line = line("org.apache.kafka.clients.NetworkClient", record);
    assertThat(new Leaks(Set.of(PASSWORD)).in(line)).isEmpty();
    assertThat(line)
        .startsWith("told (secret), quoted (secret): java.lang.IllegalStateException: wrapped: ")
        .endsWith("SaslAuthenticationException: not (secret)");
  }

  @Test
  void hides_those_before_a_rotation_too_and_remembers_so_many() {
    for (int i = 0; i < 300; i++) {
      KafkaLog.hide("sigwarden", "password-number-" + i);
    }
    String line =
        line("org.apache.kafka", record("password-number-299 password-number-200 password-number"));
    assertThat(line).isEqualTo("(secret) (secret) password-number");
  }

  @Test
  void gives_a_broker_no_line_of_its_own() {
    String line =
        line(
            "org.apache.kafka.clients.NetworkClient",
            new ExtLogRecord(
                org.jboss.logmanager.Level.WARN,
                "no\r\n2026-09-01 INFO all is well\u001b[2J" + "x".repeat(5000),
                ExtLogRecord.FormatStyle.NO_FORMAT,
                "x"));
    assertThat(line.codePoints()).noneMatch(c -> c < 0x20).hasSizeLessThan(1100);
  }

  @Test
  void leaves_the_lines_of_others_as_they_are() {
    KafkaLog.hide("sigwarden", PASSWORD);
    LogRecord record = record("{0} of two\nlines", "one");
    record.setThrown(new IllegalStateException("trace"));
    assertThat(line("org.apache.kafkaesque", record))
        .startsWith("one of two\nlines")
        .contains("KafkaLogTest.leaves_the_lines");
  }
}
