package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a `PracticeCtLog` answers: the API of RFC 6962 section 4 and the resources of
/// c2sp.org/static-ct-api, both of the one log.
public final class PracticeCtApi {
  /// Entries in one answer at most, as logs cut pages.
  private static final int MAX_PAGE = 1_000;

  /// Room made for an entry in JSON at first, in bytes: what one of usual size takes.
  private static final int USUAL_ENTRY_BYTES = 8 * 1024;

  private static final byte[] OPENING = ascii("{");
  private static final byte[] NEXT = ascii(",{");
  private static final byte[] LEAF = ascii("\"leaf_input\":\"");
  private static final byte[] EXTRA_DATA = ascii("\",\"extra_data\":\"");

  private static final String CHECKPOINT = "checkpoint";
  private static final Pattern ISSUER = Pattern.compile("issuer/([0-9a-f]{64})");
  private static final Pattern HASH = Pattern.compile("[?&]hash=([^&]*)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final CtContent content;
  private final PracticeCtTree log;

  /// Signs beside the log under the log's own name, as Sunlight does: readers must know the key.
  private final NoteSigner decoy;

  /// Answers for `log`.
  public PracticeCtApi(PracticeCtLog log) {
    this(log.content());
  }

  /// Answers with `content`.
  PracticeCtApi(CtContent content) {
    this.content = content;
    this.log = content.tree();
    this.decoy = NoteSigner.generate(log.origin());
  }

  /// What is answered to `GET` of that path, query included, without a leading slash; empty for 404
  /// and for what no head has covered yet.
  public Optional<byte[]> answer(String path) {
    if (path.equals(CHECKPOINT)) {
      return Optional.of(checkpoint());
    }
    Matcher issuer = ISSUER.matcher(path);
    if (issuer.matches()) {
      return content.issuer(issuer.group(1));
    }
    if (path.startsWith("tile/")) {
      return TileResource.parse(path).filter(this::served).map(this::tile);
    }
    return api(path);
  }

  private byte[] tile(TileResource tile) {
    return tile.level() == TileResource.DATA ? content.data(tile) : log.tile(tile);
  }

  private boolean served(TileResource tile) {
    if (tile.level() == TileResource.ENTRIES) {
      return false;
    }
    long available = tile.available(log.head().tree().size());
    long full = available / TileResource.FULL_WIDTH;
    return tile.index() < full
        || (tile.index() == full && tile.width() <= available % TileResource.FULL_WIDTH);
  }

  private byte[] checkpoint() {
    PracticeCtTree.Head head = log.head();
    byte[] timed =
        ByteBuffer.allocate(Long.BYTES + head.signature().length)
            .putLong(head.millis())
            .put(head.signature())
            .array();
    String text = new Checkpoint(log.origin(), head.tree(), List.of()).toText();
    try {
      List<NoteSignature> signatures =
          new ArrayList<>(SignedNote.parse(decoy.sign(text)).signatures());
      signatures.add(NoteSignature.of(log.verifierKey(), timed));
      return SignedNote.of(text, signatures).toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("the log's own checkpoint", e);
    }
  }

  private Optional<byte[]> api(String path) {
    int question = path.indexOf('?');
    String method = question < 0 ? path : path.substring(0, question);
    Map<String, Long> query = query(question < 0 ? "" : path.substring(question + 1));
    long size = log.head().tree().size();
    return switch (method) {
      case "ct/v1/get-sth" -> Optional.of(ascii(treeHead()));
      case "ct/v1/get-entries" -> {
        long from = query.getOrDefault("start", -1L);
        long to = Math.min(Math.min(query.getOrDefault("end", -1L) + 1, size), from + MAX_PAGE);
        yield from >= 0 && from < to ? Optional.of(entries(from, to)) : Optional.empty();
      }
      case "ct/v1/get-sth-consistency" -> {
        long first = query.getOrDefault("first", -1L);
        long second = query.getOrDefault("second", -1L);
        yield first > 0 && first <= second && second <= size
            ? Optional.of(
                ascii(
                    "{\"consistency\":%s}"
                        .formatted(hashes(Proofs.consistency(first, second, log::node).path()))))
            : Optional.empty();
      }
      case "ct/v1/get-entry-and-proof" -> {
        long index = query.getOrDefault("leaf_index", -1L);
        long tree = query.getOrDefault("tree_size", -1L);
        yield index >= 0 && index < tree && tree <= size
            ? Optional.of(entryAndProof(index, tree))
            : Optional.empty();
      }
      case "ct/v1/get-proof-by-hash" -> proofByHash(path, query, size);
      default -> Optional.empty();
    };
  }

  private Optional<byte[]> proofByHash(String path, Map<String, Long> query, long size) {
    long tree = query.getOrDefault("tree_size", -1L);
    Matcher wanted = HASH.matcher(path);
    if (tree < 1 || tree > size || !wanted.find()) {
      return Optional.empty();
    }
    String hash = URLDecoder.decode(wanted.group(1), StandardCharsets.US_ASCII);
    for (long index = 0; index < tree; index++) {
      if (log.node(0, index).toBase64().equals(hash)) {
        return Optional.of(
            ascii(
                "{\"leaf_index\":%d,\"audit_path\":%s}"
                    .formatted(index, hashes(Proofs.inclusion(index, tree, log::node).path()))));
      }
    }
    return Optional.empty();
  }

  private static Map<String, Long> query(String text) {
    Map<String, Long> query = new HashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && NUMBER.matcher(pair.substring(equals + 1)).matches()) {
        query.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private String treeHead() {
    PracticeCtTree.Head head = log.head();
    return "{\"tree_size\":%d,\"timestamp\":%d,\"sha256_root_hash\":\"%s\",\"tree_head_signature\":\"%s\"}"
        .formatted(
            head.tree().size(),
            head.millis(),
            head.tree().root().toBase64(),
            base64(head.signature()));
  }

  /// Bytes and no text, since benchmarks ask for little else.
  private byte[] entries(long from, long to) {
    ByteArrayOutputStream json = new ByteArrayOutputStream((int) (to - from) * USUAL_ENTRY_BYTES);
    json.writeBytes(ascii("{\"entries\":["));
    for (long index = from; index < to; index++) {
      json.writeBytes(index == from ? OPENING : NEXT);
      entry(json, index);
      json.write('}');
    }
    json.writeBytes(ascii("]}"));
    return json.toByteArray();
  }

  private byte[] entryAndProof(long index, long tree) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes(OPENING);
    entry(json, index);
    json.writeBytes(ascii(",\"audit_path\":"));
    json.writeBytes(ascii(hashes(Proofs.inclusion(index, tree, log::node).path())));
    json.write('}');
    return json.toByteArray();
  }

  /// The members of an entry.
  private void entry(ByteArrayOutputStream json, long index) {
    json.writeBytes(LEAF);
    json.writeBytes(Base64.getEncoder().encode(content.leaf(index)));
    json.writeBytes(EXTRA_DATA);
    json.writeBytes(content.extraData(index));
    json.write('"');
  }

  private static String hashes(List<Hash> hashes) {
    return hashes.stream()
        .map((Function<Hash, String>) hash -> "\"" + hash.toBase64() + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
