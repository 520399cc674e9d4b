package dev.sigwarden.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.cose.CcfConsistency;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.ledger.LedgerForge;
import dev.sigwarden.merkle.TreeHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy of a ledger on the command line of the packaged program.
class LedgerIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private final ScittForge issuer = new ScittForge();
  private final LedgerForge forge = new LedgerForge();

  private byte[] statement(String feed, long svn) {
    byte[] payload = (feed + svn).getBytes(UTF_8);
    byte[] header = issuer.header(issuer.did(), feed, svn);
    try {
      return SignedStatement.parse(
              ScittForge.sign(
                  header,
                  payload,
                  dev.sigwarden.cose.CoseAlgorithm.ES256,
                  issuer.leafKey().getPrivate()))
          .message()
          .toEmptied();
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  private List<JsonNode> scan(int exit, String... more) throws IOException {
    Files.createDirectories(folder.resolve("files"));
    int last = forge.transactions();
    Files.write(
        folder.resolve("files").resolve("ledger_1-%d.committed".formatted(last)),
        forge.file(1, last, true));
    Files.writeString(folder.resolve("service.pem"), LedgerForge.pem(forge.service()));
    List<String> args = new ArrayList<>(List.of("scan", "--log", "ledger:files", "--json"));
    args.addAll(List.of(more));
    Outcome scan = Program.run(folder, args.toArray(String[]::new));
    assertThat(scan.exit()).as(scan.out() + scan.err()).isEqualTo(exit);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : scan.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void says_what_was_proven_and_what_changed() throws IOException {
    forge.entry(statement("app", 1)).sign().recover(false).sign();
    forge.open().entry(statement("app", 2)).sign();

    JsonNode summary = scan(0, "--keys", "service.pem").getLast();

    assertThat(summary.path("entries").asLong()).isEqualTo(2);
    assertThat(summary.path("provenEntries").asLong()).isEqualTo(2);
    assertThat(summary.path("provenByServiceEntries").asLong()).isEqualTo(2);
    assertThat(summary.path("rootsProven").asLong()).isEqualTo(3);
    assertThat(summary.path("rootsSignedByService").asLong()).isEqualTo(3);
    assertThat(summary.at("/viewChanges/0").asText()).isEqualTo("4.4");
    assertThat(summary.at("/keyChanges/0/endorsed").asBoolean()).isTrue();
    assertThat(summary.path("serviceKeyExpected").asBoolean()).isTrue();
    assertThat(summary.path("issuer").asText()).isEqualTo(ScittForge.SERVICE);
    assertThat(summary.path("findings").asLong()).isZero();
  }

  @Test
  void proves_that_the_newest_root_continues_the_first_for_whoever_kept_that() throws Exception {
    TreeHead kept =
        new TreeHead(forge.entry(statement("app", 1)).transactions() + 1L, forge.root());
    forge.sign().entry(statement("app", 2)).entry(statement("app", 3));
    TreeHead newest = new TreeHead(forge.transactions() + 1L, forge.root());
    forge.sign();

    JsonNode proof = scan(0).getLast().path("consistency");

    assertThat(proof.path("fromTreeSize").asLong()).isEqualTo(kept.size());
    assertThat(proof.path("fromRootHash").asText()).isEqualTo(kept.root().toHex());
    assertThat(proof.path("toTreeSize").asLong()).isEqualTo(newest.size());
    assertThat(proof.path("toRootHash").asText()).isEqualTo(newest.root().toHex());
    assertThat(CcfConsistency.parse(proof.path("proof").binaryValue()).holds(kept, newest))
        .isTrue();
  }

  @Test
  void watch_selects_statements_by_feed_and_issuer() throws IOException {
    Files.writeString(
        folder.resolve("watch.yaml"),
        """
        contact: a@example.com
        storage: {url: "sqlite:a.db"}
        receivers: {c: {channel: console}}
        route: {receivers: [c]}
        watches: {mine: {severity: high, identities: [{issuer: "did:x509:*", feed: "app"}]}}
        """);
    forge.entry(statement("app", 1)).entry(statement("lib", 1)).sign();

    List<JsonNode> lines = scan(1, "--config", "watch.yaml");

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().path("watch").asText()).isEqualTo("mine");
    assertThat(lines.getFirst().path("transaction").asText()).isEqualTo("2.2");
    assertThat(lines.getFirst().at("/signers/0/feed").asText()).isEqualTo("app");
  }

  @Test
  void older_version_and_bad_signature_are_findings() throws IOException {
    byte[] forged = statement("lib", 9);
    forged[forged.length - 1] ^= 1;
    forge.entry(statement("app", 5)).entry(statement("app", 4)).entry(forged).sign();

    List<JsonNode> lines = scan(1);

    assertThat(lines.get(0).path("verdict").asText()).isEqualTo("svn-rollback");
    assertThat(lines.get(0).path("because").asText()).isEqualTo("svn 4 after 5");
    assertThat(lines.get(1).path("verdict").asText()).isEqualTo("bad-signature");
    assertThat(lines.get(2).path("findings").asLong()).isEqualTo(2);
  }

  @Test
  void statement_under_no_root_that_the_expected_key_signed_is_unproven() throws IOException {
    forge.entry(statement("app", 1)).signByNode();

    scan(0);
    JsonNode named = scan(5, "--keys", "service.pem").getLast();
    assertThat(named.path("serviceKeyExpected").asBoolean()).isFalse();
    assertThat(named.path("provenByServiceEntries").asLong()).isZero();

    Files.delete(folder.resolve("files/ledger_1-3.committed"));
    forge.sign();
    scan(0, "--keys", "service.pem");

    Files.delete(folder.resolve("files/ledger_1-4.committed"));
    forge.entry(statement("app", 2));
    scan(5);
    scan(5, "--keys", "service.pem");
  }

  @Test
  void ledger_that_lies_or_is_anothers_misbehaves() throws IOException {
    forge.sign().recover(false).sign();
    scan(3);
    Files.writeString(folder.resolve("other.pem"), LedgerForge.pem(ScittForge.ec("secp384r1")));
    scan(3, "--keys", "other.pem");
    assertThat(Program.run(folder, "scan", "--log", "ledger:absent").exit()).isEqualTo(4);
    assertThat(Program.run(folder, "scan", "--log", "ledger:files", "--from", "1").exit())
        .isEqualTo(2);
  }
}
