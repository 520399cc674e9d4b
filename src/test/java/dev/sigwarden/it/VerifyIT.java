package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.TestBundle;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.trust.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bundles on the command line of the packaged program: `verify` and `explain`.
class VerifyIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private final TestBundle world = new TestBundle();

  @BeforeEach
  void save() throws IOException {
    Files.write(folder.resolve("trusted_root.json"), TestAuthority.bytes(world.trustedRootJson()));
    Files.write(folder.resolve("v1.json"), TestAuthority.bytes(world.v1()));
    Files.writeString(folder.resolve("artifact"), "release 1");
    Files.writeString(folder.resolve("other"), "release 2");
    ObjectNode broken = world.v2();
    ((ArrayNode) broken.at("/verificationMaterial/tlogEntries/0/inclusionProof/hashes")).remove(0);
    Files.write(folder.resolve("broken.json"), TestAuthority.bytes(broken));
  }

  private Outcome verify(String bundle, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("verify", "--trusted-root", "trusted_root.json", "--bundle", bundle));
    args.addAll(List.of(more));
    return Program.run(folder, args.toArray(String[]::new));
  }

  private static String because(Outcome outcome) throws IOException {
    return JSON.readTree(outcome.out()).at("/because/0").asText();
  }

  @Test
  void bundle_of_the_artifact_by_the_identity_is_accepted() throws IOException {
    Outcome verify =
        verify(
            "v1.json",
            "--artifact",
            "artifact",
            "--identity",
            "https://github.com/acme/app/*",
            "--issuer",
            TestBundle.ACME.issuer());

    assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
    assertThat(verify.err()).isEmpty();
    JsonNode answer = JSON.readTree(verify.out());
    assertThat(answer.path("verdict").asText()).isEqualTo("accepted");
    assertThat(answer.path("because")).isEmpty();
    assertThat(answer.at("/logs/0/verdict").asText()).isEqualTo("proven");
    assertThat(answer.at("/logs/0/origin").asText()).isEqualTo("rekor.example - 42");
    assertThat(answer.at("/signer/trust").asText()).isEqualTo("verified");
    assertThat(answer.at("/signer/subjects/0/value").asText()).isEqualTo(TestBundle.ACME.subject());
  }

  @Test
  void exit_code_says_whether_log_or_signer_or_command_line_is_wrong() throws IOException {
    Outcome identity = verify("v1.json", "--identity", "https://github.com/other/*");
    assertThat(identity.exit()).isEqualTo(1);
    assertThat(because(identity)).startsWith("identity: https://github.com/acme/app");
    assertThat(identity.err()).contains("no --issuer");

    Outcome artifact = verify("v1.json", "--artifact", "other");
    assertThat(artifact.exit()).isEqualTo(1);
    assertThat(because(artifact)).startsWith("artifact: another one");

    Outcome none = verify("artifact");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(because(none)).startsWith("bundle: ");

    Outcome log = verify("broken.json");
    assertThat(log.exit()).isEqualTo(3);
    assertThat(because(log)).startsWith("log: inclusion proof: does not lead");

    assertThat(verify("v1.json", "--identity", "re:(").exit()).isEqualTo(2);
    assertThat(verify("absent.json").exit()).isEqualTo(4);
  }

  @Test
  void trust_of_the_configuration_counts() throws IOException {
    new ConfigFile(folder, "http://127.0.0.1:9/", RekorFixtureIT.vkey(), "http://127.0.0.1:9/hook")
        .trust("{own: {source: trusted-root, file: trusted_root.json}}")
        .save();

    Outcome verify =
        Program.run(folder, "verify", "--bundle", "v1.json", "--config", "sigwarden.yaml");

    assertThat(verify.exit()).as(verify.err()).isZero();
    Outcome other =
        Program.run(
            folder, "verify", "--bundle", "v1.json", "--config", "sigwarden.yaml", "--trust", "x");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("--trust x (expected: one of [own], or --trusted-root)");
  }

  @Test
  void explain_of_a_bundle_says_what_its_entry_and_its_proof_are_worth() throws IOException {
    new ConfigFile(folder, "http://127.0.0.1:9/", RekorFixtureIT.vkey(), "http://127.0.0.1:9/hook")
        .trust("{own: {source: trusted-root, file: trusted_root.json}}")
        .save();

    Outcome good = Program.run(folder, "explain", "v1.json", "--config", "sigwarden.yaml");
    Outcome bad = Program.run(folder, "explain", "broken.json", "--config", "sigwarden.yaml");
    Outcome unchecked = Program.run(folder, "explain", "v1.json");

    assertThat(good.exit()).as(good.err()).isZero();
    JsonNode entry = JSON.readTree(good.out()).at("/entries/0");
    assertThat(entry.path("kind").asText()).isEqualTo("hashedrekord");
    assertThat(entry.at("/log/verdict").asText()).isEqualTo("proven");
    assertThat(entry.at("/signers/0/trust").asText()).isEqualTo("verified");
    assertThat(entry.at("/watches/0/watch").asText()).isEqualTo(ConfigFile.RELEASES);
    assertThat(JSON.readTree(bad.out()).at("/entries/0/log/verdict").asText()).isEqualTo("refused");
    assertThat(JSON.readTree(unchecked.out()).at("/entries/0/log/verdict").asText())
        .isEqualTo("not-checked");
  }
}
