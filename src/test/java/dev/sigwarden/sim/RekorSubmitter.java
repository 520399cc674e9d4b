package dev.sigwarden.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Fills a running Rekor v2 server with entries and records what it serves: how the fixture
/// `fixtures/rekor-tiles` was made, and how it is made again. The README there has the commands.
///
/// Arguments: the server's address, its storage folder, its public key as PEM (Ed25519), its
/// hostname, and the folder to write to, which must be empty or absent.
public final class RekorSubmitter {
  /// The tree sizes at which the checkpoint is kept: one tile that is not full, one filled exactly,
  /// and one tile more.
  static final List<Integer> STAGES = List.of(3, 40, 256, 300);

  /// Requests in flight; the server answers when it has published a checkpoint.
  private static final int AT_ONCE = 64;

  private static final int TILE_WIDTH = 256;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int CHECKPOINT_POLLS = 150;
  private static final Duration CHECKPOINT_POLL = Duration.ofMillis(200);
  private static final int ED25519_BYTES = 32;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;
  private final Path storage;
  private final Path target;
  private final List<Party> parties;

  /// Someone who signs entries, as the manifest names them.
  private record Party(PracticeCredential credential, ObjectNode description) {}

  private RekorSubmitter(URI server, Path storage, Path target) {
    this.server = server;
    this.storage = storage;
    this.target = target;
    this.parties = parties(new PracticeSigner(Clock.systemUTC(), new SecureRandom()));
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 5) {
      System.err.println(
          "usage: RekorSubmitter URL STORAGE-DIR PUBLIC-KEY.pem HOSTNAME TARGET-DIR");
      System.exit(2);
    }
    Path target = Path.of(args[4]);
    Files.createDirectories(target);
    var submitter = new RekorSubmitter(URI.create(args[0]), Path.of(args[1]), target);
    Files.writeString(target.resolve("vkey"), vkey(args[3], Path.of(args[2])) + "\n");
    submitter.run();
  }

  private void run() throws Exception {
    ArrayNode manifest = JSON.createArrayNode();
    int size = 0;
    for (int stage : STAGES) {
      List<ObjectNode> entries = submit(size, stage);
      entries.sort((a, b) -> Long.compare(a.get("index").asLong(), b.get("index").asLong()));
      manifest.addAll(entries);
      size = stage;
      record(size);
    }
    Files.writeString(target.resolve("manifest.json"), JSON.writeValueAsString(manifest) + "\n");
  }

  private static List<Party> parties(PracticeSigner signer) {
    String github = "https://token.actions.githubusercontent.com";
    String watched = "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.0.0";
    List<Party> parties = new ArrayList<>();
    for (PracticeIdentity identity :
        List.of(
            PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0"),
            PracticeIdentity.uri(watched, "https://issuer.example"),
            PracticeIdentity.githubWorkflow("acme/app", "test.yml", "refs/heads/main"),
            PracticeIdentity.githubWorkflow("other/project", "release.yml", "refs/tags/v2.1.0"),
            PracticeIdentity.uri(
                "spiffe://cluster.example/ns/build/sa/signer", "https://spire.example"),
            PracticeIdentity.uri(
                "https://gitlab.com/group/project//.gitlab-ci.yml@refs/heads/main",
                "https://gitlab.com"),
            PracticeIdentity.email("alice@acme.example", "https://accounts.google.com"),
            PracticeIdentity.email("bob@other.example", "https://github.com/login/oauth"),
            new PracticeIdentity(
                PracticeIdentity.Kind.OTHER_NAME, "carol!acme.example", github, Map.of()))) {
      ObjectNode description = JSON.createObjectNode();
      description.put("subjectKind", identity.kind().name());
      description.put("subject", identity.subject());
      description.put("issuer", identity.issuer());
      parties.add(new Party(signer.certificate(identity), description));
    }
    for (KeyKind kind : KeyKind.values()) {
      parties.add(new Party(signer.key(kind), JSON.createObjectNode()));
    }
    return parties;
  }

  /// Submits the entries numbered `[from, to)` and returns what was logged, in no order.
  private List<ObjectNode> submit(int from, int to) throws Exception {
    List<ObjectNode> logged = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<ObjectNode>> tasks = new ArrayList<>();
      for (int number = from; number < to; number++) {
        int entry = number;
        tasks.add(() -> submit(entry));
      }
      for (Future<ObjectNode> task : threads.invokeAll(tasks)) {
        logged.add(task.get());
      }
    }
    return logged;
  }

  private ObjectNode submit(int number) throws IOException, InterruptedException {
    Party party = parties.get(number % parties.size());
    PracticeCredential credential = party.credential();
    byte[] artifact = ("artifact " + number + "\n").getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/v2/log/entries"))
            .timeout(REQUEST_TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofByteArray(
                    PracticeEntries.hashedRekordRequest(credential, artifact)))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException(
          "%s, entry %d: status %d (expected: 201): %s"
              .formatted(credential.kind(), number, response.statusCode(), response.body()));
    }
    JsonNode answer = JSON.readTree(response.body());
    ObjectNode logged = JSON.createObjectNode();
    // Canonical protobuf JSON leaves out what is zero.
    logged.put("index", answer.path("logIndex").asLong(0));
    logged.setAll(party.description());
    logged.put("keyDetails", credential.kind().details());
    logged.put("keySha256", Hash.ofData(credential.publicKey().getEncoded()).toHex());
    logged.put("artifact", "artifact " + number + "\n");
    logged.put("digestAlgorithm", credential.kind().digestName());
    logged.put("digest", HexFormat.of().formatHex(credential.kind().digest(artifact)));
    return logged;
  }

  /// Waits for the checkpoint of `size` and copies it and all that it covers.
  private void record(int size) throws IOException, InterruptedException {
    Path checkpoint = storage.resolve("checkpoint");
    byte[] note = Files.readAllBytes(checkpoint);
    for (int poll = 0; sizeOf(note) != size; poll++) {
      if (poll == CHECKPOINT_POLLS) {
        throw new IOException("checkpoint size: %d (expected: %d)".formatted(sizeOf(note), size));
      }
      Thread.sleep(CHECKPOINT_POLL);
      note = Files.readAllBytes(checkpoint);
    }
    Files.write(target.resolve("checkpoint"), note);
    Files.write(target.resolve("checkpoint." + size), note);
    copyLevel("tile/entries", size);
    int level = 0;
    for (int count = size; count > 0; count /= TILE_WIDTH) {
      copyLevel("tile/" + level, count);
      level++;
    }
  }

  private void copyLevel(String folder, int count) throws IOException {
    for (int tile = 0; tile < count / TILE_WIDTH; tile++) {
      copy("%s/%03d".formatted(folder, tile));
    }
    if (count % TILE_WIDTH > 0) {
      copy("%s/%03d.p/%d".formatted(folder, count / TILE_WIDTH, count % TILE_WIDTH));
    }
  }

  private void copy(String path) throws IOException {
    Path copy = target.resolve(path);
    Files.createDirectories(copy.getParent());
    Files.write(copy, Files.readAllBytes(storage.resolve(path)));
  }

  private static long sizeOf(byte[] note) {
    return Long.parseLong(new String(note, StandardCharsets.UTF_8).split("\n", 3)[1]);
  }

  /// The vkey of a log: name, key id and typed key. c2sp.org/signed-note#verifier-keys.
  private static String vkey(String name, Path pem) throws IOException {
    byte[] spki =
        Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[A-Z ]+-----", ""));
    byte[] typed = new byte[1 + ED25519_BYTES];
    typed[0] = 1;
    System.arraycopy(spki, spki.length - ED25519_BYTES, typed, 1, ED25519_BYTES);
    ByteArrayOutputStream named = new ByteArrayOutputStream();
    named.writeBytes((name + "\n").getBytes(StandardCharsets.UTF_8));
    named.writeBytes(typed);
    byte[] id = Arrays.copyOf(Hash.ofData(named.toByteArray()).toBytes(), 4);
    return "%s+%s+%s"
        .formatted(name, HexFormat.of().formatHex(id), Base64.getEncoder().encodeToString(typed));
  }
}
