package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process holds of the machine, as Linux and the JVM tell.
///
/// @param heap bytes of live objects, counted by a full collection
/// @param resident bytes of memory in all
/// @param threads of the operating system
/// @param handles open files and sockets
record Footprint(long heap, long resident, long threads, long handles) {
  /// The package of the classes that room is filled with: `FillerObject`, `FillerElement`.
  private static final String FILLER = "jdk.internal.vm.Filler";

  /// Of a Java process of this user.
  static Footprint of(long pid) {
    // First, since asking for the heap starts a thread in there.
    long heap = heap(pid);
    return new Footprint(heap, status(pid, "VmRSS") * 1024, status(pid, "Threads"), handles(pid));
  }

  /// Whether this machine tells.
  static boolean available() {
    return Files.isDirectory(Path.of("/proc/self/fd"));
  }

  /// Bytes of memory of a process.
  static long resident(long pid) {
    return status(pid, "VmRSS") * 1024;
  }

  /// Threads of a process.
  static long threads(long pid) {
    return status(pid, "Threads");
  }

  /// Open files and sockets of a process.
  static long handles(long pid) {
    try (Stream<Path> handles = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return handles.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long status(long pid, String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a class histogram counts, but for what is dead: the serial collector does not move what
  /// lies above up to a twentieth of the old part's room, and puts fillers into that room instead
  /// (MarkSweepDeadRatio), which the histogram counts too.
  private static long heap(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(out.lines().reduce("", (_, line) -> line))
          .as(out.lines().limit(5).toList().toString())
          .startsWith("Total");
      return live(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bytes of all rows, which are number, instances, bytes and class, except the fillers'.
  static long live(String histogram) {
    return histogram
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(row -> row.length >= 4 && row[0].matches("[0-9]+:") && !row[3].contains(FILLER))
        .mapToLong(row -> Long.parseLong(row[2]))
        .sum();
  }

  @Override
  public String toString() {
    return "heap %,d KiB, resident %,d KiB, %d threads, %d handles"
        .formatted(heap / 1024, resident / 1024, threads, handles);
  }
}
