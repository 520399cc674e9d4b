package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.Vectors;
import dev.sigwarden.bundle.LogVerdict.Promised;
import dev.sigwarden.bundle.LogVerdict.Proven;
import dev.sigwarden.bundle.LogVerdict.Refused;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Entries and checkpoints of the public logs, as the logs themselves serve them.
class LogVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static TrustedRoot root(String name) throws IOException, RefusedException {
    Path file = Vectors.dir("sigstore-root").resolve(name).resolve("trusted_root.json");
    return TrustedRoot.parse(Files.readAllBytes(file));
  }

  private static JsonNode json(String path) throws IOException {
    return JSON.readTree(Files.readAllBytes(Vectors.dir("rekor").resolve(path)));
  }

  private static LogVerdict verdict(String root, JsonNode entry, int version)
      throws IOException, RefusedException {
    byte[] bytes = TestAuthority.bytes((ObjectNode) entry);
    return new LogCheck(root(root))
        .check(LoggedEntry.of(JsonObject.parse("entry", bytes, 1 << 20)), version);
  }

  /// An answer of Rekor v1's API in the form that bundles have.
  private static ObjectNode converted(String path) throws IOException {
    JsonNode answer = json(path).elements().next();
    ObjectNode entry = JSON.createObjectNode();
    entry.put("logIndex", answer.get("logIndex").asText());
    entry.putObject("logId").put("keyId", base64(answer.get("logID")));
    entry.put("integratedTime", answer.get("integratedTime").asText());
    entry.put("canonicalizedBody", answer.get("body").asText());
    JsonNode verification = answer.get("verification");
    entry
        .putObject("inclusionPromise")
        .set("signedEntryTimestamp", verification.get("signedEntryTimestamp"));
    JsonNode found = verification.path("inclusionProof");
    if (!found.isMissingNode()) {
      ObjectNode proof = entry.putObject("inclusionProof");
      proof.put("logIndex", found.get("logIndex").asText());
      proof.put("treeSize", found.get("treeSize").asText());
      proof.put("rootHash", base64(found.get("rootHash")));
      found.get("hashes").forEach(hash -> proof.withArray("hashes").add(base64(hash)));
      proof.putObject("checkpoint").set("envelope", found.get("checkpoint"));
    }
    return entry;
  }

  private static String base64(JsonNode hex) {
    return TestBundle.base64(HexFormat.of().parseHex(hex.asText()));
  }

  @ParameterizedTest
  @CsvSource({
    "public-good, rekor-v1/live/entry-3078143996.json, 2956239734",
    "public-good, sigstore-java/rekor-response/valid/jar-entry.json, 3120029",
    "staging, sigstore-java/rekor-response/valid/entry.json, 1227"
  })
  void entry_of_rekor_v1_is_proven(String root, String path, long index)
      throws IOException, RefusedException {
    assertThat(verdict(root, converted(path), 3))
        .isInstanceOfSatisfying(
            Proven.class,
            proven -> {
              assertThat(proven.index()).isEqualTo(index);
              assertThat(proven.integrated()).isPresent();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "public-good, rekor-v1/live/entry-1236200-rekord-ssh.json",
    "staging, sigstore-java/rekor-response/valid/entry-no-inclusion-proof.json"
  })
  void entry_of_rekor_v1_that_comes_without_a_proof_is_promised(String root, String path)
      throws IOException, RefusedException {
    assertThat(verdict(root, converted(path), 1)).isInstanceOf(Promised.class);
    assertThat(verdict(root, converted(path), 3)).isInstanceOf(Refused.class);
  }

  @Test
  void entry_of_rekor_v2_is_proven_and_an_edited_one_is_not() throws IOException, RefusedException {
    String folder = "sigstore-java/rekor-response/valid/";

    assertThat(verdict("staging", json(folder + "entry-v2.json"), 3)).isInstanceOf(Proven.class);
    assertThat(verdict("staging", json(folder + "jar-entry-v2.json"), 3))
        .isEqualTo(
            new Refused(
                "inclusion proof: does not lead from the entry at index 743 to the checkpoint's"
                    + " root"));
  }

  private static HeadVerdict head(int log, String note)
      throws IOException, RefusedException, MalformedNoteException {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    return HeadCheck.check(
        LogCheck.trusted(root("public-good").tlogs().get(log), note), bytes, TestBundle.NOW);
  }

  @ParameterizedTest
  @ValueSource(ints = {412_115, 34_356_369, 139_911_860})
  void checkpoint_of_rekor_v2_is_believed(int size)
      throws IOException, RefusedException, MalformedNoteException {
    Path file = Vectors.dir("rekor").resolve("rekor-v2/live/checkpoint-log2025-1-" + size + ".txt");

    assertThat(head(1, Files.readString(file)))
        .isInstanceOfSatisfying(
            HeadVerdict.Believed.class,
            believed -> assertThat(believed.checkpoint().head().size()).isEqualTo(size));
    assertThat(head(0, Files.readString(file))).isInstanceOf(HeadVerdict.Untrusted.class);
  }

  @Test
  void checkpoints_of_all_shards_of_rekor_v1_are_believed()
      throws IOException, RefusedException, MalformedNoteException {
    JsonNode info = json("rekor-v1/live/log-info-562247982.json");
    Path file = Vectors.dir("rekor").resolve("rekor-v1/live/checkpoint-266676745.txt");

    for (String note :
        List.of(
            info.get("signedTreeHead").asText(),
            info.at("/inactiveShards/0/signedTreeHead").asText(),
            Files.readString(file))) {
      assertThat(head(0, note)).as(note).isInstanceOf(HeadVerdict.Believed.class);
      assertThat(head(1, note)).as(note).isInstanceOf(HeadVerdict.Untrusted.class);
    }
  }
}
