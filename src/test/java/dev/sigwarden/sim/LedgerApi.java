package dev.sigwarden.sim;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.cose.CborWriter;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeService;
import dev.sigwarden.practice.PracticeTransaction;
import dev.sigwarden.practice.PracticeTxId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a scitt-ccf-ledger answers, in both of its modes: that of SCRAPI, which requests ask for by
/// `api-version`, and the older one. Thread-safe.
public final class LedgerApi {
  /// The value of `api-version` that asks for the mode of SCRAPI.
  public static final String VERSION = "2026-03-26";

  /// Transactions of which one bucket of the index is.
  private static final long BUCKET = 10_000;

  private static final Pattern ENTRY = Pattern.compile("/entries/([^/]+?)(/statement)?");
  private static final Pattern TXID = Pattern.compile("([1-9][0-9]*)\\.([1-9][0-9]*)");
  private static final JsonMapper JSON = new JsonMapper();

  private final PracticeLedger ledger;
  private final Set<String> read = new HashSet<>();
  private volatile boolean older;
  private volatile boolean cold;
  private volatile String token = "";
  private volatile long pageSize = BUCKET;

  /// A service of that ledger: of both modes, whose reads are ready at once.
  public LedgerApi(PracticeLedger ledger) {
    this.ledger = ledger;
  }

  /// The service is one from before SCRAPI: whatever is asked for, it answers in the older mode.
  public LedgerApi older() {
    older = true;
    return this;
  }

  /// What is behind each entry and each bucket of the index is on disk: the first read of it is not
  /// ready, as after a restart of the service.
  public LedgerApi cold() {
    synchronized (read) {
      read.clear();
    }
    cold = true;
    return this;
  }

  /// Reads need this token; none if it is empty.
  public LedgerApi token(String value) {
    token = value;
    return this;
  }

  /// A page of the list of entries covers `[from, from + size]`.
  public LedgerApi pageSize(long size) {
    pageSize = size;
    return this;
  }

  /// A request's parameters.
  private static Map<String, String> query(String path) {
    Map<String, String> query = new LinkedHashMap<>();
    int mark = path.indexOf('?');
    for (String pair : mark < 0 ? new String[0] : path.substring(mark + 1).split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    return query;
  }

  /// What the service answers when nothing is wrong.
  public Answer answer(Request request) {
    String path = request.path().replaceFirst("\\?.*", "");
    Map<String, String> query = query(request.path());
    boolean scrapi = !older && VERSION.equals(query.get("api-version"));
    Answer answer = answer(request, path, query, scrapi);
    return answer.with("x-ms-ccf-transaction-id", ledger.committed().toString());
  }

  private Answer answer(Request request, String path, Map<String, String> query, boolean scrapi) {
    boolean guarded = path.startsWith("/entries") || path.startsWith("/operations/");
    if (guarded
        && !token.isEmpty()
        && !("Bearer " + token).equals(request.headers().get("authorization"))) {
      return jsonError(401, "InvalidAuthenticationInfo", "Invalid authentication credentials.");
    }
    if (path.equals("/entries")) {
      return request.method().equals("POST")
          ? register(request, query, scrapi)
          : jsonError(405, "UnsupportedHttpVerb", "Allowed methods: POST");
    }
    if (path.equals("/entries/txIds")) {
      return list(query);
    }
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      return entry(request, entry.group(1), entry.group(2) != null, scrapi);
    }
    if (path.startsWith("/operations/")) {
      return operation(path.substring("/operations/".length()));
    }
    return about(path, query);
  }

  private Answer about(String path, Map<String, String> query) {
    String keys = "/.well-known/scitt-keys";
    if (path.startsWith(keys + "/")) {
      return key(path.substring(keys.length() + 1));
    }
    if (path.startsWith("/node/ledger-chunk")) {
      return LedgerFiles.atNode(ledger, path, query);
    }
    return switch (path) {
      case "/jwks" -> json(200, jwks());
      case "/.well-known/scitt-keys" -> keySet();
      case "/.well-known/transparency-configuration" ->
          cbor(
              200,
              "application/cbor",
              new CborWriter()
                  .map(2)
                  .text("issuer")
                  .text(ledger.host())
                  .text("jwks_uri")
                  .text("https://%s/jwks".formatted(ledger.host())));
      case "/configuration" ->
          Answer.ok(ledger.configuration().getBytes(StandardCharsets.UTF_8))
              .with("Content-Type", "application/json");
      case "/version" -> json(200, JSON.createObjectNode().put("version", "0.18.2"));
      case "/app/commit", "/node/commit" ->
          json(200, JSON.createObjectNode().put("transaction_id", ledger.committed().toString()));
      case "/node/tx", "/app/tx" -> status(query.getOrDefault("transaction_id", ""));
      case "/node/network" -> {
        ObjectNode network = JSON.createObjectNode();
        network.put("service_status", "Open");
        network.put("service_certificate", ledger.service().certificatePem());
        network.put("current_view", ledger.view());
        yield json(200, network);
      }
      default -> jsonError(404, "ResourceNotFound", "Unknown path: " + path + ".");
    };
  }

  private Answer register(Request request, Map<String, String> query, boolean scrapi) {
    byte[] statement = request.body().getBytes(StandardCharsets.ISO_8859_1);
    String wait = query.getOrDefault("waitForCommit", "false");
    if (!wait.equals("true") && !wait.equals("false")) {
      return jsonError(400, "QueryParameterError", "waitForCommit: true or false");
    }
    if (statement.length > 1 << 20) {
      return problem(400, "PayloadTooLarge", "Entry payload is too large");
    }
    if (statement.length < 2 || (statement[0] & 0xff) != 0xd2) {
      return problem(400, "InvalidInput", "Failed to parse COSE_Sign1");
    }
    PracticeTxId id = ledger.register(statement);
    if (wait.equals("true")) {
      ledger.sign();
      return cbor(201, receiptType(scrapi), ledger.receipt(id.seqno()).orElseThrow())
          .with("Location", location(request, "/entries/" + id));
    }
    return scrapi
        ? Answer.of(303).withBody(new byte[0]).with("Location", location(request, "/entries/" + id))
        : cbor(
                202,
                "application/cbor",
                new CborWriter()
                    .map(2)
                    .text("OperationId")
                    .text(id.toString())
                    .text("Status")
                    .text("running"))
            .with("Location", location(request, "/operations/" + id));
  }

  private static String location(Request request, String path) {
    return "https://%s%s".formatted(request.headers().getOrDefault("host", "localhost"), path);
  }

  private static String receiptType(boolean scrapi) {
    return scrapi ? "application/scitt-receipt+cose" : "application/cose";
  }

  private enum Status {
    UNKNOWN,
    PENDING,
    COMMITTED,
    INVALID
  }

  private Optional<Status> statusOf(String text) {
    Matcher parts = TXID.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long view = Long.parseLong(parts.group(1));
    long seqno = Long.parseLong(parts.group(2));
    Optional<PracticeTransaction> there = ledger.at(seqno);
    if (there.isEmpty()) {
      return Optional.of(view < ledger.view() ? Status.INVALID : Status.UNKNOWN);
    }
    if (there.get().id().view() != view) {
      return Optional.of(Status.INVALID);
    }
    return Optional.of(seqno <= ledger.committed().seqno() ? Status.COMMITTED : Status.PENDING);
  }

  private Answer status(String text) {
    Optional<Status> status = statusOf(text);
    if (status.isEmpty()) {
      return jsonError(400, "InvalidQueryParameterValue", "transaction_id");
    }
    String name = status.get().name();
    ObjectNode body = JSON.createObjectNode();
    body.put("status", name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT));
    return json(200, body.put("transaction_id", text));
  }

  private Answer entry(Request request, String text, boolean statement, boolean scrapi) {
    Optional<Status> status = statusOf(text);
    if (status.isEmpty()) {
      return problem(400, "InvalidInput", "Invalid transaction id: " + text);
    }
    if (status.get() == Status.INVALID) {
      return problem(404, "TransactionInvalid", "Transaction " + text + " is invalid.");
    }
    boolean committed = status.get() == Status.COMMITTED;
    if (!committed || isCold("entry " + text)) {
      return scrapi && !statement
          ? Answer.of(302).withBody(new byte[0]).with("Location", location(request, request.path()))
          : problem(
              503,
              committed ? "TransactionNotCached" : "TransactionPendingOrUnknown",
              "Transaction %s is not available.".formatted(text));
    }
    long seqno = Long.parseLong(text.substring(text.indexOf('.') + 1));
    if (ledger.at(seqno).flatMap(PracticeTransaction::statement).isEmpty()) {
      return problem(400, "InvalidInput", "Transaction %s is not a submission".formatted(text));
    }
    return statement
        ? cbor(
            200,
            scrapi ? "application/scitt-statement+cose" : "application/cose",
            ledger.transparent(seqno).orElseThrow())
        : cbor(200, receiptType(scrapi), ledger.receipt(seqno).orElseThrow());
  }

  /// Whether this is the first read of something that is on disk.
  private boolean isCold(String what) {
    synchronized (read) {
      return cold && read.add(what);
    }
  }

  private Answer list(Map<String, String> query) {
    long committed = ledger.committed().seqno();
    long from;
    long to;
    try {
      from = Long.parseLong(query.getOrDefault("from", "1"));
      to = query.containsKey("to") ? Long.parseLong(query.get("to")) : committed;
    } catch (NumberFormatException _) {
      return jsonError(400, "InvalidInput", "Invalid query parameter");
    }
    if (to < from || from < 1) {
      return jsonError(400, "InvalidInput", "Invalid range: %d to %d".formatted(from, to));
    }
    if (to > committed) {
      return jsonError(400, "InvalidInput", "Only committed transactions can be queried");
    }
    long end = Math.min(to, from + pageSize);
    for (long bucket = from / BUCKET; bucket <= end / BUCKET; bucket++) {
      if (isCold("bucket " + bucket)) {
        return jsonError(
            503, "IndexingInProgressRetryLater", "Index of requested range not available yet");
      }
    }
    ObjectNode page = JSON.createObjectNode();
    ArrayNode ids = page.putArray("transactionIds");
    for (long seqno = from; seqno <= end; seqno++) {
      PracticeTransaction one = ledger.at(seqno).orElseThrow();
      if (one.statement().isPresent()) {
        ids.add(one.id().toString());
      }
    }
    if (end != to) {
      page.put("nextLink", "/entries/txIds?from=%d&to=%d".formatted(end + 1, to));
    }
    return json(200, page);
  }

  private Answer operation(String text) {
    Optional<Status> status = statusOf(text);
    if (status.isEmpty()) {
      return problem(400, "InvalidInput", "Invalid transaction id: " + text);
    }
    return switch (status.get()) {
      case UNKNOWN -> problem(404, "NotFound", "Operation not found");
      case PENDING -> Answer.of(202).withBody(new byte[0]);
      case COMMITTED, INVALID -> {
        boolean done = status.get() == Status.COMMITTED;
        CborWriter body = new CborWriter().map(done ? 3 : 2).text("OperationId").text(text);
        body.text("Status").text(done ? "succeeded" : "failed");
        if (done) {
          body.text("EntryId").text(text);
        }
        yield cbor(200, "application/cbor", body);
      }
    };
  }

  private ObjectNode jwks() {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode keys = all.putArray("keys");
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    for (PracticeService service : ledger.published()) {
      ObjectNode key = keys.addObject();
      key.put("crv", "P-384").put("kid", service.kid()).put("kty", "EC");
      key.put("x", base64.encodeToString(service.x()));
      key.put("y", base64.encodeToString(service.y()));
    }
    return all;
  }

  private Answer keySet() {
    CborWriter set = new CborWriter().array(ledger.published().size());
    ledger.published().forEach(service -> key(set, service));
    return cbor(200, "application/cbor", set);
  }

  private Answer key(String kid) {
    for (PracticeService service : ledger.published()) {
      if (service.kid().equals(kid)) {
        CborWriter one = new CborWriter();
        key(one, service);
        return cbor(200, "application/cbor", one);
      }
    }
    return problem(404, "No such key", "No key with that identifier");
  }

  private static void key(CborWriter to, PracticeService service) {
    to.map(5).integer(1).integer(2);
    to.integer(2).bytes(service.kid().getBytes(StandardCharsets.US_ASCII));
    to.integer(-1).integer(2).integer(-2).bytes(service.x()).integer(-3).bytes(service.y());
  }

  /// RFC 9290.
  static Answer problem(int status, String title, String detail) {
    return cbor(
        status,
        "application/concise-problem-details+cbor",
        new CborWriter().map(2).integer(-1).text(title).integer(-2).text(detail));
  }

  static Answer jsonError(int status, String code, String message) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("error").put("code", code).put("message", message);
    return json(status, body);
  }

  static Answer json(int status, com.fasterxml.jackson.databind.JsonNode body) {
    return Answer.of(status)
        .withBody(body.toString().getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", "application/json");
  }

  private static Answer cbor(int status, String type, CborWriter body) {
    return cbor(status, type, body.toBytes());
  }

  private static Answer cbor(int status, String type, byte[] body) {
    return Answer.of(status).withBody(body).with("Content-Type", type);
  }
}
