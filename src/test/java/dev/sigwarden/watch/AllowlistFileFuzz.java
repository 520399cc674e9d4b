package dev.sigwarden.watch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Any file is a list or broken, and is the same on a second look.
class AllowlistFileFuzz {
  @FuzzTest
  void load(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("allowlist", ".txt");
    try {
      Files.write(file, bytes);
      boolean list = AllowlistFile.load(file) instanceof AllowlistFile.Loaded.Content;
      if (list != AllowlistFile.load(file) instanceof AllowlistFile.Loaded.Content) {
        throw new AssertionError("read otherwise the second time");
      }
    } finally {
      Files.delete(file);
    }
  }
}
