package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageLengthTest {
  private final PageLength page = new PageLength(256);

  @Test
  void pages_end_at_multiples_of_their_length() {
    assertThat(page.end(0)).isEqualTo(256);
    assertThat(page.end(255)).isEqualTo(256);
    assertThat(page.end(256)).isEqualTo(512);
  }

  @Test
  void a_log_that_answers_with_fewer_is_asked_for_as_many() {
    page.answered(0, 256, 100);
    assertThat(page.end(100)).isEqualTo(200);
  }

  @Test
  void a_page_that_begins_in_the_middle_says_nothing_of_the_length() {
    page.answered(30, 256, 2);
    assertThat(page.end(0)).isEqualTo(256);
  }

  @Test
  void longer_pages_are_tried_again_after_many_full_ones_up_to_the_first_length() {
    page.answered(0, 256, 100);
    for (int i = 1; i <= 64; i++) {
      page.answered(i * 100L, (i + 1) * 100L, 100);
    }
    assertThat(page.end(0)).isEqualTo(200);
    for (int i = 0; i < 64; i++) {
      page.answered(0, 200, 200);
    }
    assertThat(page.end(0)).isEqualTo(256);
  }

  @Test
  void what_was_learnt_is_forgotten() {
    page.answered(0, 256, 1);
    page.forget();
    assertThat(page.end(0)).isEqualTo(256);
  }
}
