package dev.sigwarden.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.note.MalformedNoteException;

/// Any bytes are evidence that is checked and written back the same, or none.
class SplitViewFuzz {
  @FuzzTest
  void parse(byte[] bytes) throws MalformedNoteException {
    SplitView view;
    try {
      view = SplitViewJson.parse(bytes);
    } catch (MalformedNoteException _) {
      return;
    }
    assertThat(view.check()).isNotNull();
    assertThat(
            SplitViewJson.parse(
                SplitViewJson.write(view).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEqualTo(view);
  }
}
