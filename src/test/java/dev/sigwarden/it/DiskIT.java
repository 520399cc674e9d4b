package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program on a disk that takes no more, and on one that it may only read. Needs Linux's
/// `prlimit` and `setpriv`.
class DiskIT {
  @TempDir private Path folder;

  @Test
  void disk_that_is_full_stops_the_position_fails_the_health_check_and_loses_nothing()
      throws Exception {
    try (Backlog backlog = new Backlog(folder, 1_000)) {
      backlog.growTo(160);
      try (Program program = backlog.run()) {
        Backlog.until("everything told", program, backlog::everythingTold);
        Backlog.until("ready", program, () -> ready(program).contains("\"UP\""));
        int told = backlog.told().size();

        // From now on no file may become longer than the write-ahead log is.
        Path wal = backlog.config().database().resolveSibling("sigwarden.db-wal");
        limitFiles(program, Long.toString(Files.size(wal)));
        backlog.growTo(700);
        Backlog.until("down", program, () -> ready(program).contains("does not take writes"));

        assertThat(program.err()).contains("turn of simulated failed; it will be tried again");
        assertThat(backlog.position()).isEqualTo(160);
        assertThat(backlog.told()).hasSize(told);
        assertThat(program.isAlive()).isTrue();

        limitFiles(program, "unlimited");
        Backlog.until("everything told", program, backlog::everythingTold);
        Backlog.until("ready again", program, () -> ready(program).contains("\"UP\""));
        backlog.finish(program);
      }
      backlog.assertNothingLostNorInvented();
    }
  }

  @Test
  void disk_that_can_only_be_read_ends_the_start_in_one_line_and_changes_nothing()
      throws Exception {
    try (Backlog backlog = new Backlog(folder, 1_000)) {
      backlog.growTo(160);
      try (Program program = backlog.run()) {
        backlog.finish(program);
      }
      Path state = backlog.config().database().getParent();
      backlog.growTo(300);
      permit(state, "r-xr-xr-x", "r--r--r--");

      Program.Outcome refused;
      try (Program program =
          Program.startBy(folder, obeyingPermissions(), "run", "--config", "sigwarden.yaml")) {
        refused = program.end();
      }

      assertThat(refused.exit()).isEqualTo(4);
      assertThat(refused.err().lines().filter(line -> line.startsWith("sigwarden: ")).toList())
          .singleElement()
          .asString()
          .contains("sigwarden.db")
          .contains("cannot be written");
      assertThat(refused.err()).doesNotContain("\tat ");
      permit(state, "rwxr-xr-x", "rw-r--r--");
      assertThat(backlog.position()).isEqualTo(160);
      try (Program program = backlog.run()) {
        backlog.finish(program);
      }
      backlog.assertNothingLostNorInvented();
    }
  }

  @Test
  void folder_for_temporary_files_that_cannot_be_used_ends_the_start_in_one_line_that_names_it()
      throws Exception {
    try (Backlog backlog = new Backlog(folder, 10)) {
      Program.Outcome refused;
      try (Program program =
          Program.startBy(
              folder,
              List.of("env", "JAVA_OPTS=-Djava.io.tmpdir=/nonexistent"),
              "run",
              "--config",
              "sigwarden.yaml")) {
        refused = program.end();
      }
      assertThat(refused.exit()).isEqualTo(4);
      assertThat(refused.err().lines().filter(line -> line.startsWith("sigwarden: ")).toList())
          .singleElement()
          .asString()
          .contains("SQLite's library cannot be run from /nonexistent");
    }
  }

  /// What the readiness check answers; nothing before it answers.
  private static String ready(Program program) throws IOException, InterruptedException {
    return program.get("/q/health/ready");
  }

  /// Sets the most that the program may make a file long, in bytes; the signal that comes with it
  /// is ignored by every Java program, so that a write fails.
  private static void limitFiles(Program program, String bytes) throws Exception {
    execute("prlimit", "--pid", Long.toString(program.pid()), "--fsize=" + bytes + ":");
  }

  /// What makes the superuser obey permissions like anybody else.
  private static List<String> obeyingPermissions() {
    return System.getProperty("user.name").equals("root")
        ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
        : List.of();
  }

  private static void permit(Path state, String folders, String files) throws IOException {
    List<Path> all = new ArrayList<>();
    try (var found = Files.list(state)) {
      found.forEach(all::add);
    }
    for (Path file : all) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(files));
    }
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString(folders));
  }

  private static void execute(String... command) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin", command[0])), command[0] + " is missing");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
