package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FootprintTest {
  @Test
  void room_that_a_collection_only_filled_is_not_live() {
    String histogram =
        """
        32696:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         59991        6303168  [B (java.base@25.0.3)
           2:           220        1489704  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
           3:         53404        1281696  java.lang.String (java.base@25.0.3)
           4:             2             32  jdk.internal.vm.FillerObject (java.base@25.0.3)
           5:             1             16  dev.sigwarden.store.Database
        Total        113618        9074616
        """;

    assertThat(Footprint.live(histogram)).isEqualTo(6_303_168 + 1_281_696 + 16);
  }
}
