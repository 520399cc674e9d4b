package dev.sigwarden.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.cose.CborWriter;
import dev.sigwarden.cose.CoseAlgorithm;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.it.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signed statements on the command line of the packaged program.
class StatementIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private final ScittForge forge = new ScittForge();

  @BeforeEach
  void save() throws IOException {
    byte[] statement = forge.statement("acme/app", "release 1");
    byte[] receipt = forge.receipt(statement, new TxId(2, 5), new TxId(2, 8));
    byte[] broken = receipt.clone();
    broken[broken.length - 1] ^= 1;
    write("plain.cose", statement);
    write("receipt.cose", receipt);
    write("proven.cose", ScittForge.transparent(statement, receipt));
    write("broken.cose", ScittForge.transparent(statement, broken));
    byte[] altered = ScittForge.transparent(statement, receipt);
    altered[altered.length - 1] ^= 1;
    write("altered.cose", altered);
    write("keys.pem", pem(forge.service().getPublic().getEncoded()));
    write("signer.pem", pem(forge.leafKey().getPublic().getEncoded()));
    write("artifact", "release 1".getBytes(UTF_8));
    write("other", "release 2".getBytes(UTF_8));
    byte[] header =
        new CborWriter()
            .map(2)
            .integer(1)
            .integer(-7)
            .integer(15)
            .encoded(ScittForge.claims("https://acme.example", "acme/app", 1))
            .toBytes();
    write(
        "bare.cose",
        ScittForge.sign(header, new byte[5], CoseAlgorithm.ES256, forge.leafKey().getPrivate()));
  }

  private static byte[] pem(byte[] spki) {
    return CertificateForge.pem("PUBLIC KEY", spki).getBytes(UTF_8);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private Outcome verify(String... more) {
    List<String> args = new ArrayList<>(List.of("verify"));
    args.addAll(List.of(more));
    return Program.run(folder, args.toArray(String[]::new));
  }

  @Test
  void statement_with_a_receipt_of_a_known_service_is_proven() throws IOException {
    Outcome verify =
        verify(
            "proven.cose",
            "--keys",
            "keys.pem",
            "--issuer",
            "did:x509:0:sha256:*",
            "--feed",
            "acme/*",
            "--min-svn",
            "7",
            "--artifact",
            "artifact");

    assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
    JsonNode answer = JSON.readTree(verify.out());
    assertThat(answer.path("verdict").asText()).isEqualTo("proven");
    assertThat(answer.path("because")).isEmpty();
    assertThat(answer.path("signerVerdict").asText()).isEqualTo("verified");
    assertThat(answer.at("/receipts/0/transaction").asText()).isEqualTo("2.5");
    assertThat(answer.at("/receipts/0/signedIn").asText()).isEqualTo("2.8");
    assertThat(answer.at("/receipts/0/treeSize").asInt()).isEqualTo(8);
    assertThat(answer.at("/receipts/0/issuer").asText()).isEqualTo(ScittForge.SERVICE);
    assertThat(answer.at("/statement/signers/0/feed").asText()).isEqualTo("acme/app");
    assertThat(answer.at("/statement/signers/0/eku/0").asText()).isEqualTo(ScittForge.EKU);
    assertThat(answer.at("/statement/kind").asText()).isEqualTo("scittstatement");
  }

  @Test
  void exit_code_keeps_unproven_apart_from_invalid() throws IOException {
    assertThat(verify("proven.cose").exit()).as("no key").isEqualTo(5);
    assertThat(verify("plain.cose", "--keys", "keys.pem").exit()).as("no receipt").isEqualTo(5);
    assertThat(verify("bare.cose").exit()).as("no key of the issuer").isEqualTo(5);
    assertThat(verify("plain.cose", "--keys", "keys.pem", "--receipt", "receipt.cose").exit())
        .isZero();
    assertThat(verify("broken.cose", "--keys", "keys.pem").exit()).as("receipt").isEqualTo(3);
    assertThat(verify("altered.cose", "--keys", "keys.pem").exit()).as("signature").isEqualTo(1);
    assertThat(verify("keys.pem").exit()).as("no statement").isEqualTo(1);
    assertThat(verify("proven.cose", "--keys", "artifact").exit()).as("no keys").isEqualTo(2);
    assertThat(verify("absent.cose").exit()).as("no file").isEqualTo(4);
    assertThat(verify().exit()).as("nothing to verify").isEqualTo(2);
    assertThat(verify("proven.cose", "--identity", "x").exit()).isEqualTo(2);
    Outcome unproven = verify("proven.cose");
    assertThat(JSON.readTree(unproven.out()).path("verdict").asText()).isEqualTo("unproven");
    assertThat(JSON.readTree(unproven.out()).at("/because/0").asText())
        .startsWith("receipt: no key");
  }

  @Test
  void what_is_asked_of_statements_is_refused_with_bundles_and_evidence() throws IOException {
    write("bundle.json", "{}".getBytes(UTF_8));
    write("evidence.json", "{\"format\":\"sigwarden-split-view/1\"}".getBytes(UTF_8));
    for (String file : List.of("bundle.json", "evidence.json")) {
      for (String[] option :
          new String[][] {{"--leaf", "STATEMENT"}, {"--leaf", "DIGEST"}, {"--min-svn", "1"}}) {
        Outcome verify = verify(file, option[0], option[1]);
        assertThat(verify.exit()).as(file + option[0] + verify.err()).isEqualTo(2);
      }
    }
    assertThat(verify("proven.cose", "--keys", "keys.pem", "--leaf", "STATEMENT").exit()).isZero();
    assertThat(verify("proven.cose", "--keys", "keys.pem", "--leaf", "ROOT").exit()).isEqualTo(2);
  }

  @Test
  void statement_that_is_another_than_asked_for_is_refused() throws IOException {
    assertDifferent("feed: acme/app", "--feed", "acme/lib");
    assertDifferent("issuer: did:x509", "--issuer", "https://*");
    assertDifferent("svn: 7 (expected: >= 8)", "--min-svn", "8");
    assertDifferent("artifact: another one", "--artifact", "other");
    assertThat(verify("bare.cose", "--signer-key", "signer.pem").exit()).isEqualTo(5);
    assertThat(verify("bare.cose", "--signer-key", "keys.pem").exit()).isEqualTo(1);
  }

  private void assertDifferent(String because, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("proven.cose", "--keys", "keys.pem"));
    args.addAll(List.of(options));
    Outcome verify = verify(args.toArray(String[]::new));
    assertThat(verify.exit()).as(verify.out() + verify.err()).isEqualTo(1);
    JsonNode answer = JSON.readTree(verify.out());
    assertThat(answer.path("verdict").asText()).isEqualTo("refused");
    assertThat(answer.at("/because/0").asText()).startsWith(because);
  }
}
