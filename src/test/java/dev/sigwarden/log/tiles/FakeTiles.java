package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A generated log in memory, with resources replaced or removed, that notes what it is asked for.
final class FakeTiles implements TileSource {
  final List<String> asked = new CopyOnWriteArrayList<>();
  final Map<String, Optional<byte[]>> instead = new ConcurrentHashMap<>();
  private final Function<String, Optional<byte[]>> log;

  FakeTiles(GeneratedLog log) {
    this(log::resource);
  }

  FakeTiles(Function<String, Optional<byte[]>> log) {
    this.log = log;
  }

  @Override
  public Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    asked.add(path);
    Optional<byte[]> bytes = instead.containsKey(path) ? instead.get(path) : log.apply(path);
    if (bytes.isPresent() && bytes.get().length > maxBytes) {
      throw new BadAnswerException(path, "too long");
    }
    return bytes;
  }

  @Override
  public String address(String path) {
    return "fake:" + path;
  }

  @Override
  public String expectation() {
    return "a fake";
  }
}
