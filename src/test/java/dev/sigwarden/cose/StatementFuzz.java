package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.StatementVerdict.Outcome;
import java.util.List;

/// Any bytes are a statement that gets a verdict, or refused. None is proven by a key that nobody
/// has.
class StatementFuzz {
  private static final ScittForge FORGE = new ScittForge();
  private static final StatementCheck CHECK =
      new StatementCheck(
          new SignerCheck(List.of()), new ReceiptCheck(FORGE.keys(), LeafForm.DIGEST));

  @FuzzTest
  void statement(byte[] bytes) {
    try {
      SignedStatement statement = SignedStatement.parse(bytes);
      StatementVerdict verdict = CHECK.check(statement, List.of());
      assertThat(verdict.outcome()).isNotEqualTo(Outcome.PROVEN);
      assertThat(verdict.because()).isNotEmpty();
      SignerCheck.outdated(statement, ScittForge.NOW);
      SignedStatement.parse(statement.withoutReceipts());
    } catch (MalformedCoseException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest
  void receipt(byte[] bytes) throws MalformedCoseException {
    SignedStatement statement = SignedStatement.parse(FORGE.statement("app", "x"));

    assertThat(new ReceiptCheck(FORGE.keys(), LeafForm.DIGEST).check(statement, bytes))
        .isNotInstanceOf(ReceiptVerdict.Proven.class);
  }
}
