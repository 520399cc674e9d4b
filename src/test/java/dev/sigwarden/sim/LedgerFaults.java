package dev.sigwarden.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeStatement;
import dev.sigwarden.practice.PracticeTxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// What a transparency service on a CCF ledger, its operator, or somebody between can do wrong.
/// What becomes of the ledger itself (another history, a recovery, another key) is done to a
/// `PracticeLedger` and served with `serve`; what any server does (silence, slow and huge bodies)
/// is in `WireFaults`.
public final class LedgerFaults {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long FAR = 1_000_000_000_000L;

  private LedgerFaults() {}

  /// Everything comes from another ledger: a fork, a recovered one. `.on(LedgerFault.entry(id))`
  /// for one transaction alone, whose receipt then has another root under the same signature's id.
  public static LedgerFault serve(PracticeLedger other) {
    LedgerApi api = new LedgerApi(other);
    return (request, honest) -> request.path().startsWith("/ledger") ? honest : api.answer(request);
  }

  /// The statement is another one, under the same transaction and receipt.
  public static LedgerFault mutated(PracticeLedger ledger, PracticeTxId id, byte[] other) {
    byte[] receipt = ledger.receipt(id.seqno()).orElseThrow();
    byte[] body = PracticeStatement.withReceipts(other, receipt);
    return whole(id, body);
  }

  /// The statement has the receipt of another one, or several.
  public static LedgerFault grafted(PracticeLedger ledger, PracticeTxId id, PracticeTxId... from) {
    byte[][] receipts = new byte[from.length][];
    for (int i = 0; i < from.length; i++) {
      receipts[i] = ledger.receipt(from[i].seqno()).orElseThrow();
    }
    byte[] statement = ledger.at(id.seqno()).orElseThrow().statement().orElseThrow();
    LedgerFault transparent = whole(id, PracticeStatement.withReceipts(statement, receipts));
    LedgerFault alone =
        (request, honest) ->
            honest.status() == 200 && !isStatement(request.path())
                ? honest.withBody(receipts[0])
                : honest;
    return (request, honest) ->
        transparent.apply(request, alone.on(LedgerFault.entry(id)).apply(request, honest));
  }

  private static LedgerFault whole(PracticeTxId id, byte[] body) {
    LedgerFault other =
        (request, honest) ->
            honest.status() == 200 && isStatement(request.path()) ? honest.withBody(body) : honest;
    return other.on(LedgerFault.entry(id));
  }

  private static boolean isStatement(String path) {
    return path.replaceFirst("\\?.*", "").endsWith("/statement");
  }

  /// The service says that it never had that transaction, and lists it no more.
  public static LedgerFault vanished(PracticeTxId id) {
    LedgerFault gone =
        (_, _) ->
            LedgerApi.problem(
                404, "TransactionInvalid", "Transaction %s is invalid.".formatted(id));
    LedgerFault hidden = hidden(id);
    return (request, honest) ->
        hidden.apply(request, gone.on(LedgerFault.entry(id)).apply(request, honest));
  }

  /// The list of entries leaves that one out; asked for by its id it is there. Injected and then
  /// healed it is an entry that comes late, in a range that was listed before.
  public static LedgerFault hidden(PracticeTxId id) {
    return page(body -> {
      ArrayNode ids = (ArrayNode) body.path("transactionIds");
      for (int i = ids.size() - 1; i >= 0; i--) {
        if (ids.get(i).asText().equals(id.toString())) {
          ids.remove(i);
        }
      }
    });
  }

  /// The list of entries has one more, at the place where its number belongs, that was never there
  /// before. It is served as the honest service would.
  public static LedgerFault listed(PracticeTxId id) {
    return page(body -> ((ArrayNode) body.path("transactionIds")).add(id.toString()));
  }

  /// Every page has a next one, further on, for ever.
  public static LedgerFault endlessPages() {
    return (request, honest) ->
        change(
            honest,
            page -> {
              long from = number(request.path(), "from", 1);
              page.put("nextLink", "/entries/txIds?from=%d&to=%d".formatted(from + 1, FAR));
            });
  }

  /// The same from the second page on: pages that do not exist are there, and empty.
  public static LedgerFault endlessEmptyPages() {
    return (request, _) -> {
      long from = number(request.path(), "from", 1);
      ObjectNode page = JSON.createObjectNode();
      page.putArray("transactionIds");
      page.put("nextLink", "/entries/txIds?from=%d&to=%d".formatted(from + 1, FAR));
      return LedgerApi.json(200, page);
    };
  }

  /// The next page is this one.
  public static LedgerFault nextPageIsThisOne() {
    return (request, honest) -> change(honest, page -> page.put("nextLink", request.path()));
  }

  /// The next page is at another host.
  public static LedgerFault nextPageElsewhere(URI host) {
    return page(body -> body.put("nextLink", host + "/entries/txIds?from=2&to=3"));
  }

  private static long number(String path, String name, long otherwise) {
    String mark = name + "=";
    int at = path.indexOf(mark);
    return at < 0
        ? otherwise
        : Long.parseLong(path.substring(at + mark.length()).replaceFirst("[^0-9].*", ""));
  }

  private static LedgerFault page(Consumer<ObjectNode> change) {
    LedgerFault changed = (_, honest) -> change(honest, change);
    return changed.on(LedgerFault::lists);
  }

  private static Answer change(Answer honest, Consumer<ObjectNode> change) {
    if (honest.status() != 200) {
      return honest;
    }
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(honest.body());
      change.accept(body);
      return honest.withBody(JSON.writeValueAsBytes(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An entry is read again and again and never ready: 302 to itself where the mode has it, else
  /// 503.
  public static LedgerFault neverReady() {
    return (request, _) ->
        request.path().contains("api-version=") && !isStatement(request.path())
            ? Answer.of(302).withBody(new byte[0]).with("Location", request.path())
            : LedgerApi.problem(503, "TransactionNotCached", "The transaction is not available.");
  }

  /// Whatever is asked for is somewhere else on the same server, without end.
  public static LedgerFault redirectLoop() {
    return (request, _) ->
        Answer.of(302)
            .withBody(new byte[0])
            .with("Location", request.path() + (request.path().contains("?") ? "&" : "?") + "a=1");
  }

  /// The index of entries is never done.
  public static LedgerFault indexing() {
    LedgerFault busy =
        (_, _) ->
            LedgerApi.jsonError(
                503, "IndexingInProgressRetryLater", "Index of requested range not available yet");
    return busy.on(LedgerFault::lists);
  }

  /// A gateway that has enough of this client.
  public static LedgerFault tooMany(Duration retryAfter) {
    return LedgerFault.wire(WireFaults.tooManyRequests(retryAfter));
  }

  /// Only those keys are published that the test lets through, by their kid.
  public static LedgerFault keys(Predicate<String> kept) {
    LedgerFault fewer =
        (_, honest) ->
            change(
                honest,
                body -> {
                  ArrayNode keys = (ArrayNode) body.path("keys");
                  for (int i = keys.size() - 1; i >= 0; i--) {
                    if (!kept.test(keys.get(i).path("kid").asText())) {
                      keys.remove(i);
                    }
                  }
                });
    // The set in CBOR is gone: clients have to take the other.
    LedgerFault gone = (_, _) -> Answer.of(404);
    return (request, honest) ->
        request.path().startsWith("/.well-known/scitt-keys")
            ? gone.apply(request, honest)
            : fewer.on(path -> path.startsWith("/jwks")).apply(request, honest);
  }

  /// The keys are those of another ledger too, or instead.
  public static LedgerFault keysOf(PracticeLedger other) {
    return serve(other).on(LedgerFault::keys);
  }

  /// Another configuration than the ledger's own.
  public static LedgerFault configuration(String json) {
    LedgerFault other =
        (_, honest) -> honest.withBody(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return other.on(path -> path.startsWith("/configuration"));
  }

  /// The copy of the files is another: its list and the files in it.
  public static LedgerFault copied(
      UnaryOperator<SortedMap<String, byte[]>> change, PracticeLedger of) {
    return (request, honest) -> {
      if (!request.path().startsWith("/ledger/")) {
        return honest;
      }
      SortedMap<String, byte[]> files = new TreeMap<>(of.files());
      files.keySet().removeIf(name -> !name.endsWith(".committed"));
      return LedgerFiles.copied(
          change.apply(files), request.path(), request.headers().getOrDefault("accept", ""));
    };
  }

  /// The file that is still being written is in the copy too.
  public static LedgerFault inProgress(PracticeLedger of) {
    return copied(_ -> new TreeMap<>(of.files()), of);
  }

  /// A file of the transactions `[from, to]` is in the copy too, beside those that it overlaps.
  public static LedgerFault overlapping(PracticeLedger of, long from, long to) {
    return copied(
        files -> {
          files.put("ledger_%d-%d.committed".formatted(from, to), of.file(from, to, true));
          return files;
        },
        of);
  }

  /// The file of that name has other bytes than before: the same length, one bit changed.
  public static LedgerFault reissued(PracticeLedger of, String name) {
    return copied(
        files -> {
          byte[] changed = files.get(name).clone();
          changed[changed.length / 2] ^= 1;
          files.put(name, changed);
          return files;
        },
        of);
  }

  /// Downloads of files end in good order after that many bytes, so often.
  public static LedgerFault cutDownloads(int after, int times) {
    return LedgerFault.wire(WireFaults.cut(after)).times(times).on(LedgerFault::files);
  }

  /// The body as JSON, for tests that look at one.
  public static JsonNode json(Answer answer) {
    try {
      return JSON.readTree(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
