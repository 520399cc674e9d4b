package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Notes, keys and policies of real logs and of other implementations.
class NoteVectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void real_notes_of_every_type_verify() throws IOException, MalformedNoteException {
    int seen = 0;
    for (JsonNode vector : JSON.readTree(Vectors.dir("note").resolve("notes.json").toFile())) {
      String name = vector.get("name").asText();
      VerifierKey key = VerifierKey.parse(vector.get("vkey").asText());
      if (vector.get("signatureType").asInt() == 4) {
        key = key.asWitness();
      }
      assertThat("%08x".formatted(key.keyId())).as(name).isEqualTo(vector.get("keyId").asText());
      SignatureCheck check = Notes.parse(vector.get("note").asText()).check(key);
      if (!vector.get("wantOk").asBoolean()) {
        assertThat(check).as(name).isNotInstanceOf(SignatureCheck.Valid.class);
      } else {
        long stated = vector.get("timestamp").asLong();
        Instant time =
            key.type() == 5 ? Instant.ofEpochMilli(stated) : Instant.ofEpochSecond(stated);
        assertThat(check).as(name).isEqualTo(new SignatureCheck.Valid(time));
      }
      seen++;
    }
    assertThat(seen).isEqualTo(12);
  }

  @Test
  void every_line_that_a_tree_head_signature_does_not_cover_is_refused()
      throws IOException, MalformedNoteException {
    for (JsonNode vector : JSON.readTree(Vectors.dir("note").resolve("notes.json").toFile())) {
      VerifierKey key = VerifierKey.parse(vector.get("vkey").asText());
      if (key.signatureType() != SignatureType.RFC6962_TREE_HEAD) {
        continue;
      }
      SignedNote note = Notes.parse(vector.get("note").asText());
      String extended = note.text() + "an extension\n";
      String renamed = "x" + note.text();
      for (String text : List.of(extended, renamed)) {
        assertThat(SignedNote.of(text, note.signatures()).check(key))
            .isInstanceOf(SignatureCheck.Invalid.class);
      }
      for (int at = 0; at < 13; at++) {
        byte[] signature = note.signatures().getFirst().toBytes();
        signature[at] ^= 1;
        assertThat(SignedNote.of(note.text(), List.of(NoteSignature.of(key, signature))).check(key))
            .as("byte %d", at)
            .isInstanceOf(SignatureCheck.Invalid.class);
      }
    }
  }

  /// The table of golang.org/x/mod/sumdb/note TestOpen.
  @Test
  void opens_notes_as_go_does() throws IOException {
    JsonNode table = JSON.readTree(Vectors.dir("note").resolve("note-open.json").toFile());
    int seen = 0;
    for (JsonNode vector : table.get("cases")) {
      String name = vector.get("name").asText();
      List<String> vkeys = new ArrayList<>();
      vector.get("knownVkeys").forEach(vkey -> vkeys.add(vkey.asText()));
      String want = vector.get("want").asText();
      if (want.equals("ambiguous")) {
        want = "ok"; // which of two equal keys verifies is no question here
      }
      assertThat(open(vector.get("msgB64").binaryValue(), vkeys)).as(name).isEqualTo(want);
      seen++;
    }
    assertThat(seen).isEqualTo(15);
  }

  private static String open(byte[] bytes, List<String> vkeys) {
    try {
      SignedNote note = SignedNote.parse(bytes);
      String answer = "unverified";
      for (String vkey : vkeys) {
        switch (note.check(VerifierKey.parse(vkey))) {
          case SignatureCheck.Invalid _ -> {
            return "invalid-signature";
          }
          case SignatureCheck.Valid _ -> answer = "ok";
          case SignatureCheck.Absent _ -> {}
        }
      }
      return answer;
    } catch (MalformedNoteException _) {
      return "malformed";
    }
  }

  @Test
  void a_post_quantum_cosignature_verifies_over_its_own_checkpoint_only()
      throws IOException, MalformedNoteException {
    JsonNode file = JSON.readTree(Vectors.dir("note").resolve("mldsa44-cosignature.json").toFile());
    VerifierKey key = VerifierKey.parse(file.get("vkey").asText());
    assertThat(key.printedIdDiffers()).isFalse();
    assertThat(key.asWitness()).isSameAs(key);
    List<Boolean> valid = new ArrayList<>();
    for (JsonNode vector : file.get("cases")) {
      Checkpoint checkpoint =
          new Checkpoint(
              vector.get("origin").asText(),
              new TreeHead(
                  vector.get("end").asLong(), Hash.ofBase64(vector.get("rootB64").asText())),
              List.of());
      NoteSignature signature = NoteSignature.parse(vector.get("signatureLine").asText());
      SignatureCheck check = SignedNote.of(checkpoint.toText(), List.of(signature)).check(key);
      valid.add(check.equals(new SignatureCheck.Valid(Instant.ofEpochSecond(1_754_000_000))));
    }
    // A checkpoint, a subtree that does not begin at 0 and is so no checkpoint's, a wrong size.
    assertThat(valid).containsExactly(true, false, false);
  }

  @Test
  void a_published_post_quantum_key_with_a_wrong_printed_id_is_told() throws Exception {
    String vkey = Files.readString(Vectors.dir("note").resolve("mldsa44.vkey")).strip();
    VerifierKey key = VerifierKey.parse(vkey);
    assertThat(key.printedIdDiffers()).isTrue();
    assertThat("%08x".formatted(key.keyId())).isEqualTo("31236897");
  }

  @Test
  void checkpoints_sent_to_a_witness_verify_unless_the_witness_refused_their_signature()
      throws IOException, MalformedNoteException {
    VerifierKey sigsum =
        VerifierKey.parse(
            "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
                + "+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP");
    VerifierKey sumdb =
        VerifierKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    int valid = 0;
    for (JsonNode vector :
        JSON.readTree(Vectors.dir("witness").resolve("add-checkpoint.json").toFile())) {
      String body = vector.get("body").asText();
      int status = vector.get("specStatus").asInt();
      if (status == 403) {
        // Altered in the last bits, which base64 does not carry: no note at all when read strictly.
        assertMalformed(body, () -> Notes.parse(body.substring(body.indexOf("\n\n") + 2)));
        continue;
      }
      SignedNote note = Notes.parse(body.substring(body.indexOf("\n\n") + 2));
      Checkpoint checkpoint = Checkpoint.parse(note.text());
      assertThat(checkpoint.toText()).isEqualTo(note.text());
      VerifierKey key = checkpoint.origin().startsWith("sigsum") ? sigsum : sumdb;
      SignatureCheck check = note.check(key);
      assertThat(check instanceof SignatureCheck.Valid).isEqualTo(status != 404);
      valid += check instanceof SignatureCheck.Valid ? 1 : 0;
    }
    assertThat(valid).isEqualTo(8);
  }

  @Test
  void sigsum_checkpoints_and_cosignatures_are_judged_as_sigsum_does()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("sigsum").resolve("checkpoints");
    SignedNote valid = SignedNote.parse(Files.readAllBytes(dir.resolve("sigsum-valid.checkpoint")));
    byte[] raw = hex("66e0b858e462a609e66fe71370c816d8846ff103d5499a22a7fec37fdbc424a7");
    VerifierKey log =
        VerifierKey.of(Checkpoint.parse(valid.text()).origin(), SignatureType.ED25519, raw);
    assertThat(valid.check(log)).isInstanceOf(SignatureCheck.Valid.class);

    SignedNote target =
        SignedNote.parse(Files.readAllBytes(dir.resolve("cosign-target.checkpoint")));
    List<String> lines = Files.readAllLines(dir.resolve("cosign-target.cosignatures"));
    VerifierKey witness = VerifierKey.of("example.org/witness", SignatureType.COSIGNATURE, raw);
    List<Class<?>> judged = new ArrayList<>();
    for (String line : lines) {
      SignedNote cosigned = SignedNote.of(target.text(), List.of(NoteSignature.parse(line)));
      judged.add(cosigned.check(witness).getClass());
    }
    assertThat(judged)
        .containsExactly(
            SignatureCheck.Absent.class,
            SignatureCheck.Valid.class,
            SignatureCheck.Absent.class,
            SignatureCheck.Invalid.class);
  }

  @Test
  void a_sigsum_proofs_tree_head_and_cosignature_verify()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("sigsum").resolve("proofs");
    JsonNode keys = JSON.readTree(dir.resolve("keys.json").toFile()).get("verify-witness-size4");
    byte[] logKey = hex(keys.get("logKey").get("ed25519_hex").asText());
    byte[] witnessKey = hex(keys.get("witnessKey").get("ed25519_hex").asText());
    List<String> proof = Files.readAllLines(dir.resolve("verify-witness-size4.sigsum-proof"));
    String origin = "sigsum.org/v1/tree/" + Hash.ofData(logKey);
    VerifierKey log = VerifierKey.of(origin, SignatureType.ED25519, logKey);
    VerifierKey witness = VerifierKey.of("witness", SignatureType.COSIGNATURE, witnessKey);
    Checkpoint checkpoint =
        new Checkpoint(origin, new TreeHead(4, Hash.ofHex(value(proof, "root_hash="))), List.of());
    String[] cosignature = value(proof, "cosignature=").split(" ");
    byte[] timed =
        ByteBuffer.allocate(72)
            .putLong(Long.parseLong(cosignature[1]))
            .put(hex(cosignature[2]))
            .array();
    SignedNote note =
        SignedNote.of(
            checkpoint.toText(),
            List.of(
                NoteSignature.of(log, hex(value(proof, "signature="))),
                NoteSignature.of(witness, timed)));
    assertThat(note.check(log)).isInstanceOf(SignatureCheck.Valid.class);
    assertThat(WitnessPolicy.of(1, List.of(witness)).check(note, Instant.now()).valid())
        .containsExactly(new Cosignature("witness", Instant.ofEpochSecond(1_683_202_758)));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .orElseThrow()
        .substring(key.length());
  }

  @Test
  void sigsum_policies_are_read_once_their_keys_are_written_as_vkeys()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("sigsum").resolve("policy");
    int read = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*policy")) {
      for (Path file : files) {
        WitnessPolicy policy = WitnessPolicy.parse(withVkeys(Files.readString(file)));
        assertThat(policy.logs()).isNotEmpty();
        assertThat(policy.witnesses()).isNotEmpty();
        read++;
      }
    }
    assertThat(read).isEqualTo(6);
    for (JsonNode vector : JSON.readTree(dir.resolve("invalid.json").toFile())) {
      String bad = withVkeys(vector.get("policy").asText());
      assertMalformed(vector.get("desc").asText(), () -> WitnessPolicy.parse(bad));
    }
  }

  /// A sigsum policy's raw hex keys as vkeys.
  private static String withVkeys(String policy) throws MalformedNoteException {
    StringBuilder converted = new StringBuilder();
    for (String word : policy.splitWithDelimiters("[ \t\n]", -1)) {
      converted.append(
          word.matches("[0-9a-f]{64}")
              ? VerifierKey.of("key", SignatureType.ED25519, hex(word)).toString()
              : word);
    }
    return converted.toString();
  }

  @Test
  void live_rekor_checkpoints_and_their_witnesses_verify()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("rekor").resolve("rekor-v2/live");
    VerifierKey log = rekor2025();
    assertThat("%08x".formatted(log.keyId())).isEqualTo("cf119915");
    List<VerifierKey> witnesses = new ArrayList<>();
    for (String vkey : Files.readAllLines(dir.resolve("witness-vkeys.txt"))) {
      witnesses.add(VerifierKey.parse(vkey));
    }
    WitnessPolicy policy = WitnessPolicy.of(1, witnesses);
    Set<String> seen = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "checkpoint-*")) {
      for (Path file : files) {
        SignedNote note = SignedNote.parse(Files.readAllBytes(file));
        assertThat(note.check(log)).isInstanceOf(SignatureCheck.Valid.class);
        WitnessPolicy.Quorum quorum = policy.check(note, Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(quorum.valid()).hasSize(note.signatures().size() - 1);
        assertThat(quorum.met()).isEqualTo(note.signatures().size() > 1);
        quorum.valid().forEach(cosignature -> seen.add(cosignature.witness()));
      }
    }
    assertThat(seen).isNotEmpty();
  }

  private static VerifierKey rekor2025() throws IOException, MalformedNoteException {
    Path root = Vectors.dir("sigstore-root").resolve("public-good/trusted_root.json");
    for (JsonNode log : JSON.readTree(root.toFile()).get("tlogs")) {
      if (log.get("baseUrl").asText().contains("log2025-1")) {
        byte[] spki = log.get("publicKey").get("rawBytes").binaryValue();
        byte[] raw = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
        return VerifierKey.of("log2025-1.rekor.sigstore.dev", SignatureType.ED25519, raw);
      }
    }
    throw new AssertionError("no log2025-1 in " + root);
  }

  @Test
  void rekors_bad_checkpoints_are_refused_and_its_good_ones_read()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("rekor").resolve("sigstore-java/checkpoints");
    int refused = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "error_*")) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        assertMalformed(file.toString(), () -> Checkpoint.parse(SignedNote.parse(bytes).text()));
        refused++;
      }
    }
    assertThat(refused).isEqualTo(7);
    for (String name : List.of("valid.txt", "valid_multi_sig.txt")) {
      String text = Files.readString(dir.resolve(name), StandardCharsets.UTF_8);
      Checkpoint checkpoint = Checkpoint.parse(Notes.parse(text).text());
      assertThat(checkpoint.head().size()).isEqualTo(37_795_272);
      assertThat(checkpoint.extensions()).containsExactly("Timestamp: 1697034484441201852");
    }
  }
}
