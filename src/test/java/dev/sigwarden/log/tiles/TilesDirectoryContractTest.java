package dev.sigwarden.log.tiles;

import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogProtocolContract;
import dev.sigwarden.merkle.TreeHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class TilesDirectoryContractTest extends LogProtocolContract {
  @Override
  protected String name() {
    return "tiles";
  }

  @Override
  protected Served serve(int size, Path folder) throws IOException {
    return new Folder(new GeneratedLog(size), folder);
  }

  /// A small log's resources as files.
  private record Folder(GeneratedLog log, Path folder, List<byte[]> signed) implements Served {
    Folder(GeneratedLog log, Path folder) throws IOException {
      this(log, folder, List.of(log.checkpoint(log.size())));
      Files.write(folder.resolve("checkpoint"), checkpoint());
      for (String kind : List.of("0", "entries")) {
        for (int width = 1; width <= log.size(); width++) {
          String path = "tile/" + kind + "/000.p/" + width;
          Path file = folder.resolve(path);
          Files.createDirectories(file.getParent());
          Files.write(file, log.resource(path).orElseThrow());
        }
      }
    }

    @Override
    public String yaml() {
      // Relative to the folder of the configuration file.
      return "url: " + folder.getFileName() + "\n";
    }

    @Override
    public byte[] checkpoint() {
      return signed.getFirst();
    }

    @Override
    public TreeHead head(int size) {
      return log.head(size);
    }

    @Override
    public byte[] leaf(int index) {
      return GeneratedLog.leaf(index);
    }

    @Override
    public void goAway() {
      try {
        Files.move(folder, folder.resolveSibling("gone"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void cutLeaves() {
      try (Stream<Path> files = Files.list(folder.resolve("tile/entries/000.p"))) {
        for (Path file : files.toList()) {
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }
}
