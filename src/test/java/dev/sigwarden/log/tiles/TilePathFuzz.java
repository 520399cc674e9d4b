package dev.sigwarden.log.tiles;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a path that is written back as it was, or none.
class TilePathFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    TilePath.parse(text)
        .ifPresent(path -> {
          if (!path.toString().equals(text)) {
            throw new AssertionError("written otherwise than read");
          }
        });
  }
}
