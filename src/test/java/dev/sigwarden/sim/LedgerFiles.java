package dev.sigwarden.sim;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeLedger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A ledger's files on HTTP: as the service itself serves them, and as the public copy does, which
/// is a web server's folder. The copy may hold other files than the ledger has.
final class LedgerFiles {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern SPAN = Pattern.compile("ledger_(\\d+)(?:-(\\d+)\\.committed)?");
  private static final String AT_NODE = "/node/ledger-chunk";
  private static final String COPY = "/ledger/";

  private LedgerFiles() {}

  /// `GET /node/ledger-chunk?since=SEQNO`, `GET /node/ledger-chunk/NAME`.
  static Answer atNode(PracticeLedger ledger, String path, Map<String, String> query) {
    SortedMap<String, byte[]> finished = new TreeMap<>(ledger.files());
    finished.keySet().removeIf(name -> !name.endsWith(".committed"));
    if (path.equals(AT_NODE)) {
      String since = query.getOrDefault("since", "");
      if (!since.matches("[0-9]{1,18}")) {
        return LedgerApi.jsonError(400, "InvalidQueryParameterValue", "since");
      }
      for (String name : finished.keySet()) {
        Matcher span = SPAN.matcher(name);
        if (span.matches() && contains(span, Long.parseLong(since))) {
          return Answer.of(308)
              .withBody(new byte[0])
              .with("Location", AT_NODE + "/" + name)
              .with("x-ms-ccf-ledger-chunk-name", name);
        }
      }
      return LedgerApi.jsonError(404, "ResourceNotFound", "No such ledger chunk");
    }
    String name = path.substring(AT_NODE.length() + 1);
    byte[] file = finished.get(name);
    return file == null
        ? LedgerApi.jsonError(404, "ResourceNotFound", "No such ledger chunk")
        : Answer.ok(file)
            .with("Content-Type", "application/octet-stream")
            .with("ETag", "\"sha-256=:%s:\"".formatted(Hash.ofData(file).toBase64()))
            .with("x-ms-ccf-ledger-chunk-name", name);
  }

  private static boolean contains(Matcher span, long seqno) {
    return Long.parseLong(span.group(1)) <= seqno && seqno <= Long.parseLong(span.group(2));
  }

  /// `GET /ledger/`, `GET /ledger/NAME`.
  static Answer copied(SortedMap<String, byte[]> files, String path, String accept) {
    if (path.equals(COPY)) {
      return accept.contains("application/json") ? index(files) : page(files);
    }
    byte[] file = files.get(path.substring(COPY.length()));
    return file == null
        ? Answer.of(404)
        : Answer.ok(file)
            .with("Content-Type", "application/octet-stream")
            .with("ETag", "\"%s\"".formatted(Hash.ofData(file).toHex().substring(0, 16)));
  }

  private static Answer index(SortedMap<String, byte[]> files) {
    ArrayNode list = JSON.createArrayNode();
    files.forEach((name, bytes) -> {
      ObjectNode one = list.addObject();
      one.put("name", name).put("type", "file");
      one.put("mtime", "Mon, 02 Mar 2026 10:00:00 GMT").put("size", bytes.length);
    });
    return LedgerApi.json(200, list);
  }

  private static Answer page(SortedMap<String, byte[]> files) {
    StringBuilder html = new StringBuilder("<html><head><title>Index of /ledger/</title></head>");
    files.keySet().forEach(name -> html.append("<a href=\"%1$s\">%1$s</a>\r\n".formatted(name)));
    return Answer.ok(html.toString().getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", "text/html");
  }

  /// The part of a whole answer that a request asks for by `Range`, if it does.
  static Answer ranged(Request request, Answer whole) {
    Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
    Answer offered = whole.status() == 200 ? whole.with("Accept-Ranges", "bytes") : whole;
    String match = request.headers().get("if-range");
    boolean changed = match != null && !match.equals(whole.headers().get("ETag"));
    if (whole.status() != 200 || !range.matches() || changed) {
      return offered;
    }
    long length = whole.body().length;
    long from = Long.parseLong(range.group(1));
    long last =
        range.group(2).isEmpty()
            ? length - 1
            : Math.min(length - 1, Long.parseLong(range.group(2)));
    if (from > last) {
      return Answer.of(416).withBody(new byte[0]).with("Content-Range", "bytes */" + length);
    }
    Answer part =
        Answer.of(206)
            .withBody(java.util.Arrays.copyOfRange(whole.body(), (int) from, (int) last + 1));
    for (Map.Entry<String, String> header : offered.headers().entrySet()) {
      part = part.with(header.getKey(), header.getValue());
    }
    return part.with("Content-Range", "bytes %d-%d/%d".formatted(from, last, length));
  }
}
