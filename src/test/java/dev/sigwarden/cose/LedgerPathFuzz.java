package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Comparator;
import java.util.List;

/// Any bytes are a receipt whose ranges make up its tree without a gap, or refused.
class LedgerPathFuzz {
  @FuzzTest
  void receipt(byte[] bytes) {
    try {
      LedgerPath path = LedgerPath.of(bytes);

      assertThat(path.left()).isSubsetOf(path.ranges());
      assertThat(follow(path.left())).isEqualTo(path.registered().seqno());
      assertThat(follow(path.ranges())).isEqualTo(path.signed().seqno());
      assertThat(path.rootAt(path.signed().seqno())).contains(path.root());
      assertThat(path.sizes()).allSatisfy(size -> assertThat(path.rootAt(size)).isPresent());
    } catch (MalformedCoseException | UnsupportedCoseException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  /// Where ranges end that follow one another from 0.
  private static long follow(List<LedgerPath.Range> ranges) {
    long end = 0;
    for (LedgerPath.Range range :
        ranges.stream().sorted(Comparator.comparingLong(LedgerPath.Range::from)).toList()) {
      assertThat(range.from()).isEqualTo(end).isLessThan(range.to());
      end = range.to();
    }
    return end;
  }
}
