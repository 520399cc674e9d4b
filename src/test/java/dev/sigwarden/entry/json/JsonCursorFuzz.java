package dev.sigwarden.entry.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Any bytes are an object of which the cursor says what Jackson says, or malformed.
class JsonCursorFuzz {
  @FuzzTest
  void reads_as_jackson_does(byte[] json) throws IOException {
    JsonOracle.agrees(json);
  }
}
