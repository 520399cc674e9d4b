package dev.sigwarden.it;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.SimulatedRekor;
import dev.sigwarden.store.View;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.tuf.TestRepository;
import dev.sigwarden.tuf.TufServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The whole program with a Sigstore instance as its one section of logs: an authority, a TUF
/// repository, a Rekor v1 instance and logs of Rekor v2.
final class SigstoreProgram implements AutoCloseable {
  private static final PracticeIdentity ACME =
      PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private final WholeProgram program;
  private final TestAuthority authority;
  private final TestRepository repository;
  private final TufServer server;
  private final SimulatedRekor rekor;
  private final List<SimulatedLog> logs = new ArrayList<>();

  /// What the next trusted root names, by URL, with the keys of each.
  private final Map<String, List<ObjectNode>> listed = new LinkedHashMap<>();

  /// A stopped program; the root names the v1 instance, which has two shards, and one v2 log.
  SigstoreProgram(Path folder) {
    program = new WholeProgram(folder);
    authority = new TestAuthority(program.clock().instant().minus(Duration.ofDays(1)));
    rekor = new SimulatedRekor(program.clock());
    list(rekor.url(), rekor.rekor().verifierKey(), Optional.empty());
    addLog();
    repository = new TestRepository("trusted_root.json", root());
    try {
      server = new TufServer(repository);
      Files.write(folder.resolve("root.json"), repository.anchor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    program
        .config()
        .without("url", "key", "entries", "start")
        .log("protocol", "sigstore")
        .log("trust", "own")
        .log(
            "overrides",
            "[{url: \"%s\", origin: %s}]".formatted(rekor.url(), SimulatedRekor.HOSTNAME))
        .trust(
            "{own: {source: tuf, url: \"%s\", root-file: root.json, refresh: 200ms}}"
                .formatted(server.url()))
        .allow(Entries.allowed("release"));
    others(5);
    rekor.rekor().rotate();
    others(5);
  }

  WholeProgram program() {
    return program;
  }

  SimulatedRekor rekor() {
    return rekor;
  }

  TestRepository repository() {
    return repository;
  }

  /// The v2 log of that number.
  SimulatedLog log(int number) {
    return logs.get(number);
  }

  /// Another v2 log, which the root names from the next `publish` on.
  SimulatedLog addLog() {
    SimulatedLog log =
        new SimulatedLog(program.clock(), 0, url -> url.getAuthority() + url.getPath());
    logs.add(log);
    list(log.url(), log.log().verifierKey(), Optional.empty());
    return log;
  }

  /// The root names that key for that log from the next `publish` on, beside others.
  void list(URI url, VerifierKey key, Optional<Instant> end) {
    boolean ecdsa = key.signatureType() == SignatureType.ECDSA;
    byte[] spki = ecdsa ? key.toBytes() : concat(ED25519_SPKI, key.toBytes());
    ObjectNode node = authority.json().objectNode();
    node.put("baseUrl", url.toString());
    ObjectNode publicKey = node.putObject("publicKey");
    publicKey.put("rawBytes", base64(spki));
    publicKey.put("keyDetails", ecdsa ? "PKIX_ECDSA_P256_SHA_256" : "PKIX_ED25519");
    ObjectNode validFor = publicKey.putObject("validFor").put("start", "2021-01-12T11:53:27Z");
    end.ifPresent(time -> validFor.put("end", time.toString()));
    node.putObject("logId").put("keyId", base64(spki));
    listed.computeIfAbsent(url.toString(), _ -> new ArrayList<>()).add(node);
  }

  /// The root does not name that log from the next `publish` on.
  void unlist(URI url) {
    listed.remove(url.toString());
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private byte[] root() {
    ObjectNode root = authority.json();
    ArrayNode tlogs = root.putArray("tlogs");
    listed.values().forEach(tlogs::addAll);
    return TestAuthority.bytes(root);
  }

  /// Publishes the trusted root as it is now.
  SigstoreProgram publish() {
    repository.content(root()).publish();
    return this;
  }

  SigstoreProgram start() {
    program.start();
    return this;
  }

  /// An entry in which the watched identity signs, with a certificate of the authority.
  byte[] signed(String artifact) {
    return Entries.certified(
        authority.issue(ACME, authority.shape(program.clock().instant())), artifact);
  }

  /// Adds that many of other people's entries to each log.
  SigstoreProgram others(int count) {
    for (int i = 0; i < count; i++) {
      rekor.rekor().append(Entries.other(i));
      for (SimulatedLog log : logs) {
        log.log().append(Entries.other(i));
      }
    }
    rekor.rekor().publish();
    logs.forEach(log -> log.log().publish());
    return this;
  }

  /// What the v1 instance is called.
  String instance() {
    return ConfigFile.LOG + "/" + rekor.url().getAuthority().replace(':', '-');
  }

  /// What a shard of the v1 instance is called.
  String shard(int number) {
    return instance() + "/" + rekor.rekor().treeId(number);
  }

  /// What a v2 log is called.
  static String name(SimulatedLog log) {
    return ConfigFile.LOG
        + "/"
        + (log.url().getAuthority() + log.url().getPath()).replaceAll("[:/]", "-");
  }

  /// Entries of a log that were judged; -1 before the first head.
  long position(String log) {
    List<View> views = program.daemon().store().views(log);
    return views.isEmpty() ? -1 : views.getFirst().position().head().size();
  }

  /// Waits until all that every log shows is judged.
  SigstoreProgram awaitJudged() {
    for (int i = 0; i < rekor.rekor().shards(); i++) {
      int shard = i;
      program.until("shard " + i, () -> position(shard(shard)) == rekor.rekor().head(shard).size());
    }
    for (SimulatedLog log : logs) {
      program.until(name(log), () -> position(name(log)) == log.log().published());
    }
    return this;
  }

  /// The logs and indexes of unexpected signatures.
  List<String> unexpected() {
    return program.findings(Kind.UNEXPECTED_SIGNATURE).stream()
        .map((Finding finding) -> finding.alert().log() + ":" + finding.index())
        .toList();
  }

  @Override
  public void close() {
    program.close();
    server.close();
    rekor.close();
    logs.forEach(SimulatedLog::close);
  }
}
