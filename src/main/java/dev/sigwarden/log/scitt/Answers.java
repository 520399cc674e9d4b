package dev.sigwarden.log.scitt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The JSON answers of scitt-ccf-ledger, read strictly. Each takes the resource for messages.
final class Answers {
  /// The longest page in bytes: 10,001 transactions of at most 40 characters.
  static final int MAX_PAGE = 1 << 20;

  /// Transactions of one page: services list those of 10,000 places.
  static final int MAX_IDS = 20_000;

  /// The longest configuration in bytes: a policy is a script of some KiB.
  static final int MAX_POLICY = 1 << 20;

  /// The longest answer with one transaction in bytes.
  static final int MAX_COMMIT = 4 * 1024;

  /// The longest list of files in bytes: a file's name and times have some 120.
  static final int MAX_INDEX = 8 << 20;

  /// Files of one ledger: one a day for decades.
  static final int MAX_FILES = 50_000;

  private static final Pattern QUERY = Pattern.compile("(from|to)=([1-9][0-9]{0,17})");

  /// Of a chunk of a ledger and nothing that could lead out of a folder.
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final int MAX_CHANGED = 64;

  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Answers() {}

  /// A page of `GET /entries/txIds`. `nextLink` is believed only as far as it leads on: to the same
  /// list, at a later place, with the same end.
  ///
  /// @param base the service's address
  /// @param from the first place asked for
  /// @param to the last place asked for; empty if the service chose it
  static LedgerClient.Page page(String resource, byte[] bytes, URI base, long from, OptionalLong to)
      throws BadAnswerException {
    List<TxId> ids = new ArrayList<>();
    String nextLink = "";
    boolean listed = false;
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "transactionIds" -> {
            listed = true;
            if (json.enterArrayOrNull()) {
              ids(resource, json, ids);
            }
          }
          case "nextLink" -> nextLink = json.text();
          default -> json.skip();
        }
      }
      json.end();
    }
    if (!listed) {
      throw new BadAnswerException(resource, "no list (expected: transactionIds)");
    }
    OptionalLong next = OptionalLong.empty();
    if (!nextLink.isEmpty()) {
      next = OptionalLong.of(next(resource, nextLink, base, from, to));
    }
    inOrder(
        resource, ids, from, next.isPresent() ? next.getAsLong() - 1 : to.orElse(Long.MAX_VALUE));
    return new LedgerClient.Page(ids, next);
  }

  private static void ids(String resource, AnswerReader json, List<TxId> ids)
      throws BadAnswerException {
    while (json.nextElement()) {
      if (ids.size() == MAX_IDS) {
        throw new BadAnswerException(
            resource, "more than %d transactions (expected: no more)".formatted(MAX_IDS));
      }
      String text = json.text();
      ids.add(
          TxId.parse(text)
              .orElseThrow(() ->
                  new BadAnswerException(
                      resource,
                      "transaction %s (expected: VIEW.SEQNO)"
                          .formatted(Sanitizer.clean(text, 60)))));
    }
  }

  /// Each place once and in order, views never going down, all of it in the range.
  private static void inOrder(String resource, List<TxId> ids, long from, long to)
      throws BadAnswerException {
    long place = from - 1;
    long view = 1;
    for (TxId id : ids) {
      if (id.seqno() <= place || id.seqno() > to || id.view() < view) {
        throw new BadAnswerException(
            resource,
            "transaction %s behind %d.%d (expected: in order, places %d to %s)"
                .formatted(id, view, place, from, to == Long.MAX_VALUE ? "the newest" : to));
      }
      place = id.seqno();
      view = id.view();
    }
  }

  private static long next(String resource, String link, URI base, long from, OptionalLong to)
      throws BadAnswerException {
    Map<String, Long> range = new TreeMap<>();
    String expected = "the same list behind place %d".formatted(from);
    URI next;
    try {
      next = base.resolve(link);
    } catch (IllegalArgumentException _) {
      throw nextLink(resource, link, expected);
    }
    boolean sameList =
        base.getScheme().equals(next.getScheme())
            && base.getRawAuthority().equals(next.getRawAuthority())
            && base.resolve("entries/txIds").getRawPath().equals(next.getRawPath())
            && next.getRawQuery() != null;
    if (!sameList) {
      throw nextLink(resource, link, expected);
    }
    for (String part : next.getRawQuery().split("&", -1)) {
      Matcher parameter = QUERY.matcher(part);
      // The service's own api-version is ours to choose.
      if (parameter.matches()
          && range.put(parameter.group(1), Long.parseLong(parameter.group(2))) != null) {
        throw nextLink(resource, link, expected);
      }
    }
    long start = range.getOrDefault("from", 0L);
    Long end = range.get("to");
    if (start <= from || end == null || start > end || (to.isPresent() && to.getAsLong() != end)) {
      throw nextLink(resource, link, expected);
    }
    return start;
  }

  private static BadAnswerException nextLink(String resource, String link, String expected) {
    return new BadAnswerException(
        resource, "nextLink %s (expected: %s)".formatted(Sanitizer.clean(link, 200), expected));
  }

  /// The transaction in `{"transaction_id": …}`.
  static TxId commit(String resource, byte[] bytes) throws BadAnswerException {
    try {
      String text = JsonObject.parse("answer", bytes, MAX_COMMIT).text("transaction_id");
      return TxId.parse(text)
          .orElseThrow(() ->
              new BadAnswerException(
                  resource,
                  "transaction %s (expected: VIEW.SEQNO)".formatted(Sanitizer.clean(text, 60))));
    } catch (RefusedException e) {
      throw new BadAnswerException(resource, e.getMessage());
    }
  }

  /// A JSON object in the one form that tells a change from another order.
  static String canonical(String resource, byte[] bytes) throws BadAnswerException {
    try {
      // Strict first: what is read twice must not be read in two ways.
      JsonObject.parse("answer", bytes, MAX_POLICY);
      JsonNode tree = CANONICAL.readTree(bytes);
      return CANONICAL.writeValueAsString(CANONICAL.treeToValue(tree, Object.class));
    } catch (RefusedException e) {
      throw new BadAnswerException(resource, e.getMessage());
    } catch (JsonProcessingException e) {
      throw new BadAnswerException(
          resource, "not JSON: " + Sanitizer.clean(e.getOriginalMessage(), 200));
    } catch (java.io.IOException e) {
      throw new BadAnswerException(resource, "not UTF-8");
    }
  }

  /// The files in an index as NGINX writes it: `[{"name", "type", "mtime", "size"}]`. Folders, and
  /// names that no ledger's file has, are left out.
  static List<LedgerClient.File> index(String resource, byte[] bytes) throws BadAnswerException {
    List<LedgerClient.File> files = new ArrayList<>();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterArray();
      for (int count = 0; json.nextElement(); count++) {
        if (count == MAX_FILES) {
          throw new BadAnswerException(
              resource, "more than %d files (expected: no more)".formatted(MAX_FILES));
        }
        LedgerClient.File file = file(json);
        if (FILE.matcher(file.name()).matches()) {
          files.add(file);
        }
      }
      json.end();
    }
    return files;
  }

  private static LedgerClient.File file(AnswerReader json) throws BadAnswerException {
    String name = "";
    String type = "file";
    String changed = "";
    long size = -1;
    json.enterObject();
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      switch (key) {
        case "name" -> name = json.text();
        case "type" -> type = json.text();
        case "mtime" -> changed = Sanitizer.clean(json.text(), MAX_CHANGED);
        case "size" -> size = json.number();
        default -> json.skip();
      }
    }
    return new LedgerClient.File(type.equals("file") ? name : "", size, changed);
  }

  /// What an error says of itself, for messages: JSON, CBOR or anything else, as printable text.
  static String words(byte[] body) {
    return Sanitizer.clean(
        new String(body, java.nio.charset.StandardCharsets.ISO_8859_1).strip(), 200);
  }
}
