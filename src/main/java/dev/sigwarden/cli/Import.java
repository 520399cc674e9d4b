package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.peer.CertspotterImport;
import dev.sigwarden.peer.Imported;
import dev.sigwarden.peer.MalformedPeerFileException;
import dev.sigwarden.peer.RekorMonitorImport;
import dev.sigwarden.peer.Remark;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `sigwarden import`: watches from another monitor's configuration.
@Command(
    name = "import",
    description = {
      "Turn another monitor's configuration into watches that select the same entries.",
      "The configuration goes to stdout, or to --out; what could not be carried over, what was",
      "widened to match as it did, and what can never have matched goes to stderr."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 all that is monitored was carried over, 1 not all, 2 the file is none of the",
      "monitor's, 4 it cannot be read or --out not written."
    })
final class Import implements Callable<Integer> {
  /// Monitors whose files are read.
  enum Monitor {
    REKOR_MONITOR("rekor-monitor"),
    CERTSPOTTER("certspotter");

    private final String label;

    Monitor(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /// One byte more than any file may have shows that it has too many.
  private static final int MAX_BYTES = (1 << 20) + 1;

  /// The longest remark, in characters: a pattern may have 4,096.
  private static final int MAX_REMARK = 5_000;

  @Parameters(
      index = "0",
      paramLabel = "MONITOR",
      converter = MonitorName.class,
      description = "Whose it is: rekor-monitor or certspotter.")
  private Monitor monitor = Monitor.REKOR_MONITOR;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description =
          "The file; of certspotter the folder with its watchlist and state, ~/.certspotter.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the configuration goes; must not exist (default: stdout).")
  private @Nullable Path out;

  @Option(
      names = "--allowlist",
      paramLabel = "FILE",
      description =
          "Where the certificates go that certspotter-authorize was told of; must not exist"
              + " (default: they are left out).")
  private @Nullable Path allowlist;

  @Option(
      names = "--contact",
      paramLabel = "CONTACT",
      defaultValue = "security@example.invalid",
      description = "Your e-mail address or URL, for log operators (default: ${DEFAULT-VALUE}).")
  private String contact = "";

  @Option(
      names = "--json",
      description = "Configuration and remarks as one JSON object on stdout, nothing on stderr.")
  private boolean json;

  /// Reads a monitor's name.
  static final class MonitorName implements ITypeConverter<Monitor> {
    @Override
    public Monitor convert(String name) {
      for (Monitor monitor : Monitor.values()) {
        if (monitor.label.equals(name)) {
          return monitor;
        }
      }
      throw new TypeConversionException(
          "%s (expected: rekor-monitor or certspotter)".formatted(Sanitizer.clean(name)));
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    Imported imported = imported();
    boolean lists = allowlist != null && !imported.allowed().isEmpty();
    String yaml =
        imported.toYaml(
            monitor.toString(),
            contact,
            lists ? Optional.ofNullable(allowlist).map(Path::toAbsolutePath) : Optional.empty());
    if (lists && allowlist != null) {
      write(allowlist, String.join("\n", imported.allowed()) + "\n");
    }
    if (out != null) {
      write(out, yaml);
    }
    if (json) {
      tell(imported, yaml);
    } else {
      imported.remarks().forEach(Import::tell);
      System.err.printf(
          "%d watches; %s%n",
          imported.watches().size(),
          imported.isComplete()
              ? "all that is monitored was carried over"
              : "not all that is monitored was carried over");
      if (out == null) {
        System.out.print(yaml);
      }
    }
    return imported.isComplete() ? Exit.OK : Exit.FINDINGS;
  }

  private Imported imported() throws CommandFailure {
    try {
      return switch (monitor) {
        case REKOR_MONITOR -> rekorMonitor();
        case CERTSPOTTER -> withAllowed(CertspotterImport.read(file));
      };
    } catch (MalformedPeerFileException e) {
      throw new CommandFailure(
          Exit.USAGE, "%s: %s".formatted(file, Sanitizer.clean(String.valueOf(e.getMessage()))));
    } catch (NoSuchFileException _) {
      throw new CommandFailure(Exit.OPERATIONAL, "%s: no such file".formatted(file));
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private Imported rekorMonitor() throws IOException, MalformedPeerFileException {
    try (InputStream in = Files.newInputStream(file)) {
      return RekorMonitorImport.read(in.readNBytes(MAX_BYTES));
    }
  }

  /// Says what becomes of the certificates that were meant.
  private Imported withAllowed(Imported imported) {
    if (imported.allowed().isEmpty()) {
      return imported;
    }
    List<Remark> remarks = new ArrayList<>(imported.remarks());
    int count = imported.allowed().size();
    remarks.add(
        allowlist == null
            ? new Remark(
                Remark.Level.NOT_CARRIED_OVER,
                "certs",
                "%d authorised certificates: give --allowlist FILE".formatted(count))
            : new Remark(
                Remark.Level.NOTE,
                "certs",
                "%d authorised certificates, in %s".formatted(count, allowlist)));
    return new Imported(imported.watches(), remarks, imported.allowed());
  }

  private static void write(Path out, String yaml) throws CommandFailure {
    try {
      Files.writeString(out, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException _) {
      throw new CommandFailure(Exit.OPERATIONAL, "%s exists (expected: a new file)".formatted(out));
    } catch (NoSuchFileException _) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s cannot be written: its folder is not there".formatted(out));
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s cannot be written: %s".formatted(out, e.getMessage()));
    }
  }

  private static void tell(Remark remark) {
    System.err.printf(
        "%s: %s: %s%n",
        remark.level().label(),
        Sanitizer.clean(remark.path()),
        Sanitizer.clean(remark.text(), MAX_REMARK));
  }

  private void tell(Imported imported, String yaml) {
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("watches", imported.watches().size());
    line.put("complete", imported.isComplete());
    ArrayNode remarks = line.putArray("remarks");
    for (Remark remark : imported.remarks()) {
      remarks
          .addObject()
          .put("level", remark.level().label())
          .put("path", Sanitizer.clean(remark.path()))
          .put("text", Sanitizer.clean(remark.text(), MAX_REMARK));
    }
    if (out == null) {
      line.put("configuration", yaml);
    }
    System.out.println(line);
  }
}
