package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads a small tile log in the simplest way that checks everything: for tests of logs, not of
/// what reads them. Fewer than 1000 tiles in a level.
final class PlainReader {
  private static final int TILE_WIDTH = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /// Where files come from, by path.
  interface Files {
    byte[] get(String path) throws Exception;
  }

  private final Files files;
  private final VerifierKey key;

  PlainReader(Files files, VerifierKey key) {
    this.files = files;
    this.key = key;
  }

  /// A reader of a simulated log over HTTP.
  static PlainReader of(SimulatedLog log) throws Exception {
    return new PlainReader(path -> get(log.url(), path).body(), VerifierKey.parse(log.vkey()));
  }

  static HttpResponse<byte[]> get(URI log, String path) throws Exception {
    URI address = URI.create(log + "/" + path);
    HttpRequest request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
    return HTTP.send(request, BodyHandlers.ofByteArray());
  }

  /// Whether the note of that path is signed by the log's key.
  SignatureCheck check(String path) throws Exception {
    return SignedNote.parse(files.get(path)).check(key);
  }

  /// The head of the note of that path, whose signature must hold.
  TreeHead head(String path) throws Exception {
    assertThat(check(path)).isInstanceOf(SignatureCheck.Valid.class);
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(files.get(path)).text());
    assertThat(checkpoint.origin()).isEqualTo(key.name());
    return checkpoint.head();
  }

  TreeHead head() throws Exception {
    return head("checkpoint");
  }

  /// The entries `[0, size)`, from bundles.
  List<byte[]> entries(long size) throws Exception {
    List<byte[]> entries = new ArrayList<>();
    for (String path : paths("entries", size)) {
      entries.addAll(Corruptions.split(files.get(path)));
    }
    return entries;
  }

  /// The head of the tree over the entries that the bundles of `[0, size)` hold.
  TreeHead fromBundles(long size) throws Exception {
    CompactRange range = CompactRange.empty();
    for (byte[] entry : entries(size)) {
      range.appendLeaf(entry, 0, entry.length);
    }
    return range.head();
  }

  /// The head of the tree over the leaf hashes that the tiles of level 0 hold.
  TreeHead fromTiles(long size) throws Exception {
    CompactRange range = CompactRange.empty();
    for (Hash hash : hashes(0, size)) {
      range.append(hash);
    }
    return range.head();
  }

  /// Whether each hash above level 0 is the root of the tile below it.
  boolean tilesAgree(long size) throws Exception {
    List<Hash> below = hashes(0, size);
    for (int level = 1; below.size() >= TILE_WIDTH; level++) {
      List<Hash> roots = new ArrayList<>();
      for (int from = 0; from + TILE_WIDTH <= below.size(); from += TILE_WIDTH) {
        CompactRange range = CompactRange.empty();
        below.subList(from, from + TILE_WIDTH).forEach(range::append);
        roots.add(range.root());
      }
      List<Hash> stored = hashes(level, roots.size());
      if (!stored.equals(roots)) {
        return false;
      }
      below = roots;
    }
    return true;
  }

  /// Whether all that the log serves is one tree, and its head is signed.
  boolean honest() throws Exception {
    TreeHead head = head();
    return fromBundles(head.size()).equals(head)
        && fromTiles(head.size()).equals(head)
        && tilesAgree(head.size());
  }

  private List<Hash> hashes(int level, long count) throws Exception {
    List<Hash> hashes = new ArrayList<>();
    for (String path : paths(Integer.toString(level), count)) {
      byte[] tile = files.get(path);
      for (int at = 0; at < tile.length; at += Hash.LENGTH) {
        hashes.add(Hash.of(tile, at));
      }
    }
    return hashes;
  }

  private static List<String> paths(String level, long count) {
    List<String> paths = new ArrayList<>();
    for (long tile = 0; tile < count / TILE_WIDTH; tile++) {
      paths.add("tile/%s/%03d".formatted(level, tile));
    }
    if (count % TILE_WIDTH > 0) {
      paths.add("tile/%s/%03d.p/%d".formatted(level, count / TILE_WIDTH, count % TILE_WIDTH));
    }
    return paths;
  }
}
