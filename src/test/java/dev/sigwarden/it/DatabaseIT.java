package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that somebody else wrote to while the program was stopped; while it runs, the file is
/// locked.
class DatabaseIT {
  @TempDir private Path folder;

  @Test
  void altered_position_stops_the_log_is_told_and_is_over_once_it_is_mended() throws SQLException {
    try (WholeProgram program = new WholeProgram(folder)) {
      program.others(300).start().awaitJudged();
      program.stop();

      // As if 200 entries had never been judged, or were to be skipped: no root fits that size.
      write(program, "UPDATE log_view SET pos_size = pos_size - 200");
      program.start();
      program.log().append(Entries.watched("unexpected"));

      Alert error = program.awaitCondition(Kind.INTERNAL_ERROR);
      assertThat(error.why()).contains("turn of simulated");
      assertThat(program.mail(error)).contains("Sigwarden met an error of its own");
      assertThat(program.findings()).isEmpty();

      program.stop();
      write(program, "UPDATE log_view SET pos_size = pos_size + 200");
      program.start();
      program.awaitPosition(301);
      program.awaitOver(Kind.INTERNAL_ERROR);
      program.until("mail on the end", () -> program.mailCount(error) == 2);
      assertThat(program.findings()).extracting(Finding::index).containsExactly(300L);
    }
  }

  private static void write(WholeProgram program, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + program.config().database());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }
}
