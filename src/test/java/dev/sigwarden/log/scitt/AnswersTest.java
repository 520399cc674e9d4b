package dev.sigwarden.log.scitt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
  private static final URI BASE = URI.create("https://ledger.example/");

  private static LedgerClient.Page page(String json, long from, long to) throws BadAnswerException {
    return Answers.page(
        "test", json.getBytes(StandardCharsets.UTF_8), BASE, from, OptionalLong.of(to));
  }

  @Test
  void page_leads_to_the_next_part_of_the_same_list() throws BadAnswerException {
    LedgerClient.Page page =
        page(
            "{\"transactionIds\":[\"2.7\",\"4.9\"],\"nextLink\":\"/entries/txIds?from=11&to=90\"}",
            5,
            90);

    assertThat(page.ids()).containsExactly(new TxId(2, 7), new TxId(4, 9));
    assertThat(page.next()).hasValue(11);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/entries/txIds?from=5&to=90",
        "/entries/txIds?from=4&to=90",
        "/entries/txIds?from=11&to=91",
        "/entries/txIds?from=91&to=90",
        "/entries/txIds?from=11",
        "/entries/txIds?from=11&from=12&to=90",
        "/entries/other?from=11&to=90",
        "https://elsewhere.example/entries/txIds?from=11&to=90",
        "//elsewhere.example/entries/txIds?from=11&to=90",
        "http://ledger.example/entries/txIds?from=11&to=90",
        "https://ledger.example:444/entries/txIds?from=11&to=90",
        "file:///etc/passwd",
        "::"
      })
  void link_that_leads_nowhere_or_elsewhere_is_refused(String link) {
    assertThatThrownBy(
            () -> page("{\"transactionIds\":[],\"nextLink\":\"%s\"}".formatted(link), 5, 90))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("nextLink");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"2.9\",\"2.7\"]",
        "[\"2.7\",\"2.7\"]",
        "[\"2.4\"]",
        "[\"2.91\"]",
        "[\"4.7\",\"2.9\"]",
        "[\"2.07\"]",
        "[\"x\"]",
        "[7]"
      })
  void list_that_no_ledger_has_is_refused(String ids) {
    assertThatThrownBy(() -> page("{\"transactionIds\":%s}".formatted(ids), 5, 90))
        .isInstanceOf(BadAnswerException.class);
  }

  @Test
  void order_of_members_makes_no_other_policy() throws BadAnswerException {
    assertThat(canonical("{\"b\":{\"y\":1,\"x\":2},\"a\":[2,1]}"))
        .isEqualTo(canonical("{ \"a\": [2, 1], \"b\": {\"x\": 2, \"y\": 1}}"))
        .isNotEqualTo(canonical("{\"b\":{\"y\":1,\"x\":2},\"a\":[1,2]}"));
  }

  private static String canonical(String json) throws BadAnswerException {
    return Answers.canonical("test", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void files_that_lead_out_of_a_folder_are_left_out() throws BadAnswerException {
    String json =
        "[{\"name\":\"../a\",\"type\":\"file\"},{\"name\":\"old\",\"type\":\"directory\"},"
            + "{\"name\":\"ledger_1-2.committed\",\"type\":\"file\",\"size\":7}]";

    assertThat(Answers.index("test", json.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(new LedgerClient.File("ledger_1-2.committed", 7, ""));
  }
}
