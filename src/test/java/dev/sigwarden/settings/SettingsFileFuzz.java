package dev.sigwarden.settings;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any bytes are a value, or at least one problem that fits on a line.
class SettingsFileFuzz {
  @FuzzTest
  void load(byte[] bytes) {
    SettingsFileMutationTest.check(bytes);
  }
}
