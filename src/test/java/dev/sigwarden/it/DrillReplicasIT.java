package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver.Message;
import dev.sigwarden.store.Drill;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drills where three replicas share a database: whoever is asked makes it, whoever has the outbox
/// delivers it, and whoever is left ends what a killed one began.
class DrillReplicasIT {
  private static final int REPLICAS = 3;

  @TempDir private Path folder;

  private static String[] drill(String... more) {
    String[] args = new String[3 + more.length];
    args[0] = "drill";
    args[1] = "--config";
    args[2] = "sigwarden.yaml";
    System.arraycopy(more, 0, args, 3, more.length);
    return args;
  }

  private static long told(Cluster cluster, String event) {
    return cluster.hook().messages().stream()
        .filter(Message::accepted)
        .filter(message -> message.body().contains("\"kind\":\"drill\""))
        .filter(message -> message.body().contains("\"event\":\"" + event + "\""))
        .map(Message::id)
        .distinct()
        .count();
  }

  @Test
  void drill_is_made_where_it_is_asked_for_and_one_that_a_kill_cut_off_is_ended_by_the_others() {
    try (Cluster cluster = new Cluster(folder, 1, REPLICAS)) {
      for (int i = 0; i < REPLICAS; i++) {
        cluster.start(i);
      }
      for (int i = 0; i < REPLICAS; i++) {
        cluster.awaitStarted(i);
      }
      cluster.awaitShared(REPLICAS);
      int outbox = cluster.owner("deliveries to hook");
      int asked = (outbox + 1) % REPLICAS;
      Path reach = cluster.home(asked).resolve("data/sigwarden.local");
      cluster.until("where it is reached", () -> Files.exists(reach));

      Program.Outcome good = Program.run(cluster.home(asked), drill("--watch", "acme-release"));
      assertThat(good.exit()).as(good.out() + good.err()).isZero();
      assertThat(good.out()).containsPattern("delivered +hook +[0-9]+ ms +ok");
      cluster.until("its end is told", () -> told(cluster, "closed") == 1);
      assertThat(told(cluster, "opened")).isEqualTo(1);

      cluster.hook().answerWith(Answer.of(503));
      try (Program cut = Program.start(cluster.home(asked), drill("--within", "600"))) {
        cluster.until(
            "it waits for the receiver: " + cut.err(),
            () -> cluster.drills().size() == 2 && cluster.findings().size() == 2);
        cluster.kill(asked);
        Program.Outcome ended = cut.end();
        assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(4);
        assertThat(ended.err()).contains("what became of it cannot be asked");
      }
      cluster.hook().answerWith(Answer.of(200));
      cluster.until(
          "another ends it", () -> cluster.drills().getFirst().state() == Drill.State.INTERRUPTED);
      cluster.until(
          "who was told hears so", () -> told(cluster, "closed") == told(cluster, "opened"));
      assertThat(cluster.findings())
          .hasSize(2)
          .allSatisfy(it -> assertThat(it.alert().kind()).isEqualTo(Kind.DRILL));
      assertThat(cluster.openFindings()).isZero();

      Program.Outcome again = Program.run(cluster.home(outbox), drill());
      assertThat(again.exit()).as(again.out() + again.err()).isZero();
      assertThat(cluster.drills()).hasSize(3);
    }
  }
}
