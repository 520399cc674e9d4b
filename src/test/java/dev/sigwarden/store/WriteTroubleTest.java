package dev.sigwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteTroubleTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final WriteTrouble trouble = new WriteTrouble(nanos::get);

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private void goesWell() throws Exception {
    assertThat(trouble.watched("writing", () -> 1)).isEqualTo(1);
  }

  private void fails(int seconds) {
    assertThatThrownBy(() ->
            trouble.watched(
                "writing",
                () -> {
                  pass(seconds);
                  throw new SQLException("disk full");
                }))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void failures_count_from_the_beginning_of_the_first_of_them() {
    assertThat(trouble.failing()).isEmpty();
    fails(3);
    pass(10);
    fails(2);
    pass(1);
    assertThat(trouble.failing())
        .contains(
            new WriteFailure("writing: disk full", Duration.ofSeconds(16), Duration.ofSeconds(1)));
    assertThat(trouble.last()).contains("writing: disk full");
  }

  @Test
  void what_goes_well_between_failures_does_not_end_them_and_seconds_without_one_do()
      throws Exception {
    fails(0);
    pass(4);
    goesWell();
    assertThat(trouble.last()).isEmpty();
    fails(0);
    pass(5);
    goesWell();
    assertThat(trouble.failing()).isPresent();
    pass(1);
    assertThat(trouble.failing()).isEmpty();
    fails(0);
    assertThat(trouble.failing().orElseThrow().since()).isZero();
  }

  @Test
  void write_without_an_answer_is_a_failure_before_it_ends() throws Exception {
    int written =
        trouble.watched(
            "writing",
            () -> {
              pass(5);
              assertThat(trouble.failing()).isEmpty();
              pass(15);
              assertThat(trouble.failing())
                  .contains(new WriteFailure("no answer", Duration.ofSeconds(20), Duration.ZERO));
              return 2;
            });
    assertThat(written).isEqualTo(2);
    assertThat(trouble.failing()).isEmpty();
  }

  @Test
  void failure_of_a_later_write_does_not_hide_since_when_an_earlier_one_waits() throws Exception {
    int written =
        trouble.watched(
            "writing",
            () -> {
              pass(20);
              fails(1);
              assertThat(trouble.failing().orElseThrow().since()).isEqualTo(Duration.ofSeconds(21));
              return 1;
            });
    assertThat(written).isEqualTo(1);
  }

  @Test
  void failure_of_what_began_before_others_went_well_is_none_of_the_database() throws Exception {
    assertThatThrownBy(() ->
            trouble.watched(
                "waiting",
                () -> {
                  pass(20);
                  try {
                    goesWell();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                  pass(1);
                  throw new SQLException("no connection in time");
                }))
        .isInstanceOf(SQLException.class);
    assertThat(trouble.failing()).isEmpty();
    assertThat(trouble.last()).contains("waiting: no connection in time");
  }
}
