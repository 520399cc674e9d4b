package dev.sigwarden.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a real Rekor v1 server answered, as recorded in a folder of fixtures, served again.
final class RekorFixture {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Pattern PROOF =
      Pattern.compile("/proof\\?firstSize=(\\d+)&lastSize=(\\d+)&treeID=\\d+");

  private static final String ENTRY = "/entries?logIndex=";

  private final Path folder;
  private volatile String log;
  private volatile int covered;

  /// @param name of the folder
  /// @param log the file that answers `GET /api/v1/log`
  /// @param covered entries of all shards that are there
  RekorFixture(String name, String log, int covered) {
    this.folder = Path.of("src/test/resources/fixtures").resolve(name);
    this.log = log;
    this.covered = covered;
  }

  /// Goes on to a later state of the instance.
  void show(String log, int covered) {
    this.log = log;
    this.covered = covered;
  }

  byte[] file(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file of lines of fields with tabs between them.
  List<String[]> table(String name) {
    return new String(file(name)).lines().map(line -> line.split("\t")).toList();
  }

  /// The key of the instance as configuration has it.
  String vkey() {
    return new String(file("vkey")).strip();
  }

  Answer serve(Request request) {
    String path = request.path().replace("/api/v1/log", "");
    if (path.isEmpty()) {
      return Answer.ok(file(log));
    }
    Matcher proof = PROOF.matcher(path);
    if (proof.matches()) {
      return Answer.ok(file("proof.%s-%s.json".formatted(proof.group(1), proof.group(2))));
    }
    if (path.startsWith(ENTRY)) {
      int index = Integer.parseInt(path.substring(ENTRY.length()));
      return index < covered ? Answer.ok(entry(index)) : Answer.of(404);
    }
    return path.equals("/entries/retrieve") ? retrieve(request) : Answer.of(400);
  }

  private byte[] entry(int index) {
    return file("entries/" + index + ".json");
  }

  private Answer retrieve(Request request) {
    try {
      var found = JSON.createArrayNode();
      for (JsonNode index : JSON.readTree(request.body()).path("logIndexes")) {
        if (index.asInt() < covered) {
          found.add(JSON.readTree(entry(index.asInt())));
        }
      }
      return Answer.ok(JSON.writeValueAsBytes(found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
