package dev.sigwarden.alert;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is an alert that reads the same when written again, or malformed.
class AlertJsonFuzz {
  @FuzzTest
  void read(byte[] data) {
    try {
      Alert alert = AlertJson.read(new String(data, StandardCharsets.UTF_8));
      if (!AlertJson.read(AlertJson.write(alert)).equals(alert)) {
        throw new AssertionError("not the same after another round");
      }
    } catch (MalformedAlertException _) {
      // The other answer that any text may get.
    }
  }
}
