package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.sim.WebhookReceiver.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten thousand unexpected signatures at once: the pager gets the first and how many there are, the
/// feed gets every one, nothing is lost, and the program holds no more of the heap than before.
class BuriedIT {
  private static final int MANY = 10_000;

  /// Signatures before the heap is looked at first: the program has done everything once.
  private static final int EARLY = 500;

  /// What the pager gets one by one in an hour.
  private static final int PAGED = 5;

  /// Bytes by which the live heap may grow: less than 2 for a KB of what was told.
  private static final long GROWTH = 16L << 20;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir private Path folder;

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the pager was told, one JSON for each message that it took.
  private static List<JsonNode> paged(WebhookReceiver pager) {
    return pager.messages().stream()
        .filter(Message::accepted)
        .map(message -> json(message.body()).path("data"))
        .filter(data -> data.path("kind").asText("").equals("unexpected-signature"))
        .toList();
  }

  /// How many signatures the digests among these speak of.
  private static int digested(List<JsonNode> paged) {
    int all = 0;
    for (JsonNode data : paged) {
      if (data.path("event").asText("").equals("digest")) {
        all += Integer.parseInt(data.path("title").asText("").replaceFirst(" findings: .*", ""));
      }
    }
    return all;
  }

  /// The findings that the feed, standard output, has.
  private static Set<String> fed(Program program) {
    Set<String> uids = new HashSet<>();
    for (String line : program.out().lines().toList()) {
      if (line.endsWith("}") && line.contains("\"kind\":\"unexpected-signature\"")) {
        uids.add(json(line).path("uid").asText(""));
      }
    }
    return uids;
  }

  @Test
  void ten_thousand_signatures_page_a_few_times_reach_the_feed_whole_and_leave_the_heap_flat()
      throws IOException {
    assumeTrue(Footprint.available(), "this machine does not tell of processes");
    try (Serving serving = new Serving(folder);
        WebhookReceiver pager = new WebhookReceiver(ConfigFile.SECRET, Clock.systemUTC())) {
      serving
          .config()
          .receiver("pager", pager.url().toString())
          .receives("feed", "{channel: console, format: json, rate: 60000}")
          .route(
              """
              {receiver: mail, routes: [{receiver: feed, per-hour: 0, continue: true},\
               {receiver: pager, per-hour: %d, group-interval: 20s}]}\
              """
                  .formatted(PAGED));
      Program program = serving.start();
      byte[] entry = Entries.watched("buried");
      append(serving, EARLY, entry);
      serving.until("the first in the feed", program, () -> fed(program).size() == EARLY);
      Footprint early = Footprint.of(program.pid());
      append(serving, MANY - EARLY, entry);
      serving.until("all in the feed", program, () -> fed(program).size() == MANY);
      Footprint late = Footprint.of(program.pid());
      assertThat(late.heap()).as("%s, then %s", early, late).isLessThan(early.heap() + GROWTH);

      serving.until(
          "the digests",
          program,
          () -> {
            List<JsonNode> paged = paged(pager);
            return digested(paged) + single(paged) == MANY;
          });
      // The measure is an hour's: a second one may have begun meanwhile.
      assertThat(single(paged(pager))).isIn(PAGED, 2 * PAGED);
      assertThat(stored(serving)).isEqualTo(MANY);
    }
  }

  private static int single(List<JsonNode> paged) {
    return (int)
        paged.stream().filter(data -> data.path("event").asText("").equals("opened")).count();
  }

  private static void append(Serving serving, int entries, byte[] entry) {
    for (int i = 0; i < entries; i++) {
      serving.log().log().append(entry);
    }
    serving.log().log().publish();
  }

  /// Every finding that the API lists, page by page.
  private static int stored(Serving serving) throws IOException {
    Set<String> uids = new HashSet<>();
    List<String> pages = new ArrayList<>(List.of(""));
    while (!pages.isEmpty()) {
      String cursor = pages.removeLast();
      JsonNode page =
          serving
              .get(
                  "/api/v1/findings?kind=unexpected-signature&limit=500"
                      + (cursor.isEmpty() ? "" : "&cursor=" + cursor),
                  serving.local())
              .json();
      page.path("findings").forEach(finding -> uids.add(finding.path("uid").asText("")));
      if (!page.path("next").asText("").isEmpty()) {
        pages.add(page.path("next").asText(""));
      }
    }
    return uids.size();
  }
}
