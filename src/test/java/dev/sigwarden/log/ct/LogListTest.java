package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCtLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogListTest {
  private final PracticeCtLog one = new PracticeCtLog("one", Clock.systemUTC());
  private final PracticeCtLog two = new PracticeCtLog("two", Clock.systemUTC());

  private static LogList parse(String json) throws BadAnswerException {
    return LogList.parse("list.json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String list(String logs, String tiled) {
    return "{\"version\":\"70\",\"operators\":[{\"name\":\"o\",\"logs\":[%s],\"tiled_logs\":[%s]}]}"
        .formatted(logs, tiled);
  }

  private static String id(String key) {
    return Hash.ofData(Base64.getDecoder().decode(key)).toBase64();
  }

  private static String log(String key, String state) {
    return """
    {"description":"d","log_id":"%s","key":"%s","mmd":86400,"url":"https://ct.example/2026h2/",
     "state":{%s}}\
    """
        .formatted(id(key), key, state);
  }

  private static String tiled(String key, String state) {
    return """
    {"description":"d","log_id":"%s","key":"%s","mmd":60,
     "submission_url":"https://log.example/2027h1/",
     "monitoring_url":"https://mon.example/2027h1/","state":{%s}}\
    """
        .formatted(id(key), key, state);
  }

  private static String state(String name) {
    return "\"%s\":{\"timestamp\":\"2026-01-01T00:00:00Z\"}".formatted(name);
  }

  @Test
  void logs_of_both_kinds_are_read_with_what_makes_them() throws Exception {
    LogList list =
        parse(
            list(
                log(one.publicKey(), state("usable")), tiled(two.publicKey(), state("qualified"))));
    LogList.Listed tiles = List.copyOf(list.logs().values()).get(0);
    LogList.Listed api = List.copyOf(list.logs().values()).get(1);
    assertThat(tiles.state()).isEqualTo(LogList.State.QUALIFIED);
    assertThat(tiles.name()).startsWith("2027h1-").matches("[A-Za-z0-9._-]{1,64}");
    assertThat(tiles.log().key().name()).isEqualTo("log.example/2027h1");
    assertThat(tiles.log().mmd()).isEqualTo(Duration.ofMinutes(1));
    assertThat(api.state()).isEqualTo(LogList.State.USABLE);
    assertThat(api.name()).startsWith("2026h2-");
    assertThat(api.log().mmd()).isEqualTo(Duration.ofDays(1));
    assertThat(api.log().finalHead()).isEmpty();
    assertThat(api.until()).isEqualTo(java.time.Instant.MAX);
  }

  @Test
  void a_log_that_is_read_in_both_ways_is_one_log_with_two_addresses() throws Exception {
    LogList list =
        parse(list(log(one.publicKey(), state("usable")), tiled(one.publicKey(), state("usable"))));
    assertThat(list.logs()).hasSize(1);
    assertThat(list.logs().values().iterator().next().log().addresses()).hasSize(2);
  }

  @Test
  void the_last_head_of_a_log_that_is_readonly_is_known() throws Exception {
    String root = Hash.ofData(new byte[1]).toBase64();
    LogList list =
        parse(
            list(
                log(
                    one.publicKey(),
                    ("\"readonly\":{\"timestamp\":\"x\",\"final_tree_head\":"
                            + "{\"tree_size\":7,\"sha256_root_hash\":\"%s\"}}")
                        .formatted(root)),
                ""));
    LogList.Listed log = list.logs().values().iterator().next();
    assertThat(log.state()).isEqualTo(LogList.State.READONLY);
    assertThat(log.log().finalHead().orElseThrow().size()).isEqualTo(7);
  }

  @Test
  void a_log_in_a_state_that_is_not_known_is_not_taken_for_usable() throws Exception {
    LogList list = parse(list(log(one.publicKey(), state("blessed")), ""));
    assertThat(list.logs().values())
        .extracting(LogList.Listed::state)
        .containsExactly(LogList.State.REJECTED);
  }

  @Test
  void one_bad_log_spoils_the_list() {
    String good = log(one.publicKey(), state("usable"));
    assertRefused(list(good.replace("86400", "-1"), ""), "mmd");
    assertRefused(list(good.replace("https://", "ftp://"), ""), "http or https");
    assertRefused(list(good.replace(one.publicKey(), two.publicKey()), ""), "log_id");
    assertRefused(list(good + "," + good, ""), "listed twice");
    assertRefused(list(good.replace("\"url\"", "\"uri\""), ""), "with url");
    assertRefused("{\"operators\":7}", "expected: operators");
    assertRefused("[]", "expected: operators");
    assertRefused("{\"operators\":[]} x", "not strict JSON");
  }

  private static void assertRefused(String json, String why) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining(why);
  }
}
