package dev.sigwarden.peer;

import dev.sigwarden.peer.Remark.Level;
import dev.sigwarden.settings.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Turns a folder of Cert Spotter into watches: its watch list, one watch for each line, and the
/// certificates that it was told to say nothing of as lines of an allowlist. SSLMate/certspotter
/// monitor/watchlist.go, man/certspotter.md.
///
/// Where the two differ the watch selects more: pieces of broken names count, and older readings of
/// labels outside ASCII.
public final class CertspotterImport {
  /// Bytes of a watch list: 100,000 names stay below.
  static final int MAX_BYTES = 4 << 20;

  /// Lines of a watch list that are read.
  private static final int MAX_LINES = 100_000;

  /// Characters of a watch's name.
  private static final int MAX_NAME = 64;

  private static final String WATCHLIST = "watchlist";

  private final Map<String, List<Map<String, Object>>> watches = new LinkedHashMap<>();
  private final List<Remark> remarks = new ArrayList<>();
  private final TreeSet<String> known = new TreeSet<>();

  private CertspotterImport() {}

  /// Reads and translates a folder, by default `~/.certspotter` with both configuration and state.
  ///
  /// @throws MalformedPeerFileException if it has no watch list, or a file that is none of Cert
  ///   Spotter's
  /// @throws IOException if it cannot be read
  public static Imported read(Path folder) throws IOException, MalformedPeerFileException {
    Path watchlist = folder.resolve(WATCHLIST);
    if (!Files.isRegularFile(watchlist)) {
      throw new MalformedPeerFileException("no file watchlist in it");
    }
    Imported imported;
    try (InputStream in = Files.newInputStream(watchlist)) {
      imported = read(in.readNBytes(MAX_BYTES + 1));
    }
    List<Remark> remarks = new ArrayList<>(imported.remarks());
    List<String> allowed = CertspotterMarkers.read(folder, remarks);
    others(folder, remarks);
    return new Imported(imported.watches(), remarks, allowed);
  }

  /// Translates a watch list.
  ///
  /// @throws MalformedPeerFileException if it is too large to be one
  static Imported read(byte[] watchlist) throws MalformedPeerFileException {
    if (watchlist.length > MAX_BYTES) {
      throw new MalformedPeerFileException("watchlist: over %d bytes".formatted(MAX_BYTES));
    }
    CertspotterImport translation = new CertspotterImport();
    int number = 0;
    for (String line :
        new String(watchlist, StandardCharsets.UTF_8).split("\r?\n", MAX_LINES + 1)) {
      if (++number > MAX_LINES) {
        throw new MalformedPeerFileException("watchlist: over %d lines".formatted(MAX_LINES));
      }
      if (!line.isEmpty() && !line.startsWith("#")) {
        translation.line(WATCHLIST + ":" + number, line);
      }
    }
    if (translation.watches.isEmpty()) {
      translation.remarks.add(new Remark(Level.WARNING, WATCHLIST, "nothing in it is watched"));
    }
    return new Imported(translation.watches, translation.remarks);
  }

  private void line(String path, String line) {
    String[] fields = line.strip().split("\\s+", -1);
    String domain = fields[0];
    if (domain.isEmpty()) {
      refuse(path, "a line of spaces (Cert Spotter refuses the file)");
      return;
    }
    for (int i = 1; i < fields.length; i++) {
      if (fields[i].startsWith("valid_at:")) {
        remarks.add(
            new Remark(Level.NOTE, path, "valid_at: means nothing any more in Cert Spotter"));
      } else {
        refuse(path, "an unknown parameter (Cert Spotter refuses the file)");
        return;
      }
    }
    if (domain.equals(".")) {
      refuse(path, "all hosts there are: a watch has to name one");
      return;
    }
    String written = domain.replaceAll("\\.+$", "");
    if (!known.add(written)) {
      remarks.add(new Remark(Level.NOTE, path, "stands there twice"));
      return;
    }
    add(path, written);
  }

  private void add(String path, String domain) {
    Map<String, Object> selector = Map.of("dns", domain);
    String name = name(domain);
    List<Problem> problems = RekorMonitorImport.tried(name, selector).problems();
    problems.forEach(problem ->
        refuse(path, "%s (expected: %s)".formatted(problem.found(), problem.expected())));
    if (problems.isEmpty()) {
      watches.put(name, List.of(selector));
    }
  }

  private void refuse(String path, String why) {
    remarks.add(new Remark(Level.NOT_CARRIED_OVER, path, why));
  }

  /// A name for the watch: the host where it can be one.
  private String name(String domain) {
    String host = domain.startsWith(".") ? domain.substring(1) + "-and-below" : domain;
    boolean plain = host.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && host.length() <= MAX_NAME;
    return plain && !watches.containsKey(host) ? host : "watch-" + (watches.size() + 1);
  }

  /// What stands beside the watch list and has another place here.
  private static void others(Path folder, List<Remark> remarks) {
    if (Files.exists(folder.resolve("email_recipients"))) {
      remarks.add(
          new Remark(
              Level.NOT_CARRIED_OVER,
              "email_recipients",
              "who is told: add a receiver with channel: email"));
    }
    if (Files.isDirectory(folder.resolve("hooks.d"))) {
      remarks.add(
          new Remark(
              Level.NOT_CARRIED_OVER,
              "hooks.d",
              "programs that are run: add a receiver with channel: webhook"));
    }
    if (Files.isDirectory(folder.resolve("logs"))) {
      remarks.add(
          new Remark(
              Level.NOT_CARRIED_OVER,
              "logs",
              "how far each log was read: a log added here begins at its head, or where start says"));
    }
  }
}
