package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.store.ScanBook.Range;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanCutTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0, 8192",
    "0, 8193",
    "5, 50000",
    "8191, 8193",
    "8192, 16384",
    "123456789, 3123456789",
    "0, 9223372036854775807",
    "9223372036854775000, 9223372036854775807"
  })
  void pieces_cover_the_range_and_each_border_is_a_multiple_of_their_size(long from, long to) {
    List<Range> pieces = ScanCut.cut(from, to);

    assertThat(pieces).hasSizeLessThanOrEqualTo((int) ScanCut.MOST_PIECES + 2);
    assertThat(pieces.getFirst().from()).isEqualTo(from);
    assertThat(pieces.getLast().to()).isEqualTo(to);
    long most = pieces.stream().mapToLong(piece -> piece.to() - piece.from()).max().orElseThrow();
    for (int i = 0; i < pieces.size(); i++) {
      Range piece = pieces.get(i);
      assertThat(piece.to()).isGreaterThan(piece.from());
      if (i > 0) {
        assertThat(piece.from()).isEqualTo(pieces.get(i - 1).to());
        assertThat(Long.lowestOneBit(piece.from()))
            .isGreaterThanOrEqualTo(Math.max(ScanCut.LEAST, Long.highestOneBit(most)));
      }
    }
  }

  @Test
  void range_without_entries_is_refused() {
    assertThatThrownBy(() -> ScanCut.cut(7, 7)).hasMessageContaining("expected: 0 <= from < to");
    assertThatThrownBy(() -> ScanCut.cut(-1, 7)).hasMessageContaining("expected: 0 <= from < to");
  }
}
