package dev.sigwarden.log.scitt;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.LoggedMessage;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.http.Question;
import dev.sigwarden.tuf.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A transparency service on a CCF ledger, as scitt-ccf-ledger answers in both of its API modes.
/// Thread-safe.
///
/// What is not in the service's memory is loaded when it is first asked for: until then the service
/// says 503, or points with 302 to the very address that was asked.
final class ScittClient implements LedgerClient {
  private static final int FOUND = 302;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final int PARTIAL = 206;

  /// The first pause before the same is asked again; it doubles up to `LONGEST_PAUSE`.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private static final List<String> KEYS = List.of(".well-known/scitt-keys", "jwks");
  private static final List<String> COMMITS = List.of("node/commit", "app/commit");

  private final ScittLedger ledger;
  private final PoliteHttp web;
  private final PoliteHttp http;
  private final Optional<ServicePin> pin;

  ScittClient(ScittLedger ledger, LogTools tools) {
    this.ledger = ledger;
    this.web = tools.http();
    this.pin = ledger.pin().map(source -> new ServicePin(source, tools.http(), tools.clock()));
    this.http =
        pin.map(it -> tools.http().pinned(() -> it.last().orElseThrow().context()))
            .orElse(tools.http());
  }

  @Override
  public Keys keys() throws LogUnavailableException, BadAnswerException {
    for (String path : KEYS) {
      Answer answer = ask(path, ServiceKeys.MAX_BYTES, Set.of(NOT_FOUND));
      if (answer.found()) {
        return keys(address(path), answer.body());
      }
    }
    throw new LogUnavailableException(
        address() + ": no keys (expected: /" + String.join(" or /", KEYS) + ")");
  }

  static Keys keys(String resource, byte[] bytes) throws BadAnswerException {
    try {
      List<ReceiptKeys.Entry> entries = ReceiptKeys.of(ServiceKeys.read(bytes)).entries();
      Set<String> ids = new HashSet<>();
      for (ReceiptKeys.Entry entry : entries) {
        String id = entry.key().spkiSha256().toHex();
        if (!ids.add(id)
            || (entry.kid().isPresent() && !entry.kid().get().equals(ReceiptKeys.ofText(id)))) {
          throw new BadAnswerException(
              resource,
              "a key twice, or by another name (expected: its own hash, %s)".formatted(id));
        }
      }
      return new Keys(entries, Cbor.Bytes.of(bytes));
    } catch (RefusedException e) {
      throw new BadAnswerException(resource, e.getMessage());
    } catch (MalformedCoseException e) {
      throw new BadAnswerException(resource, e.getMessage());
    }
  }

  @Override
  public Optional<String> policy() throws LogUnavailableException, BadAnswerException {
    Answer answer = ask("configuration", Answers.MAX_POLICY, Set.of(NOT_FOUND));
    return answer.found()
        ? Optional.of(Answers.canonical(address("configuration"), answer.body()))
        : Optional.empty();
  }

  @Override
  public Optional<TxId> committed() throws LogUnavailableException, BadAnswerException {
    for (String path : COMMITS) {
      Answer answer = ask(path, Answers.MAX_COMMIT, Set.of(NOT_FOUND));
      if (answer.found()) {
        return Optional.of(Answers.commit(address(path), answer.body()));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Page> page(long from, OptionalLong to)
      throws LogUnavailableException, BadAnswerException {
    String path = "entries/txIds?from=" + from + (to.isPresent() ? "&to=" + to.getAsLong() : "");
    Waiting waiting = new Waiting();
    while (true) {
      Answer answer = ask(path, Answers.MAX_PAGE, Set.of(NOT_FOUND, BAD_REQUEST, UNAVAILABLE));
      if (answer.found()) {
        return Optional.of(Answers.page(address(path), answer.body(), ledger.base(), from, to));
      }
      if (answer.status() == NOT_FOUND) {
        return Optional.empty();
      }
      String words = "status %d %s".formatted(answer.status(), Answers.words(answer.body()));
      if (answer.status() == BAD_REQUEST || !waiting.again()) {
        throw new LogUnavailableException(address(path) + ": " + words);
      }
    }
  }

  @Override
  public Fetched entry(TxId id, boolean wait) throws LogUnavailableException, BadAnswerException {
    String path = path(id);
    Waiting waiting = new Waiting();
    while (true) {
      Answer answer =
          ask(path, LoggedMessage.MAX_BYTES, Set.of(FOUND, NOT_FOUND, BAD_REQUEST, UNAVAILABLE));
      if (answer.found()) {
        return new Fetched.Whole(Cbor.Bytes.of(answer.body()));
      }
      String words = "status %d %s".formatted(answer.status(), Answers.words(answer.body()));
      switch (answer.status()) {
        case NOT_FOUND, BAD_REQUEST -> {
          return new Fetched.Unknown(words);
        }
        case FOUND -> toItself(path, answer.location().orElse(""));
        default -> {}
      }
      if (!wait || !waiting.again()) {
        return new Fetched.NotReady("not ready: " + words.strip());
      }
    }
  }

  /// A redirect says that the entry is being loaded, and nothing else: nobody is led elsewhere.
  private void toItself(String path, String location) throws BadAnswerException {
    try {
      URI target = ledger.base().resolve(path).resolve(location);
      URI asked = ledger.base().resolve(path);
      if (asked.getRawPath().equals(target.getRawPath())
          && asked.getRawAuthority().equals(target.getRawAuthority())) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // Said below, like one to another place.
    }
    throw new BadAnswerException(
        address(path),
        "a redirect to %s (expected: to itself, while it is loaded)"
            .formatted(dev.sigwarden.text.Sanitizer.clean(location, 200)));
  }

  @Override
  public Optional<List<File>> files() throws LogUnavailableException, BadAnswerException {
    if (ledger.files().isEmpty()) {
      return Optional.empty();
    }
    URI index = ledger.files().get().index();
    Limits plain = Limits.of(Answers.MAX_INDEX);
    Answer answer =
        web.get(
            index.toString(),
            index,
            new Limits(plain.maxBodyBytes(), plain.maxInflatedBytes(), "application/json"));
    if (!answer.found()) {
      throw new LogUnavailableException(index + ": nothing there (expected: a list of files)");
    }
    return Optional.of(Answers.index(index.toString(), answer.body()));
  }

  @Override
  public byte[] part(String file, long from, int length)
      throws LogUnavailableException, BadAnswerException {
    URI uri = ledger.files().orElseThrow().index().resolve(file);
    Answer answer =
        web.ask(
            new Question(
                uri.toString(),
                uri,
                new Limits(length, length, "application/octet-stream"),
                Set.of(PARTIAL),
                Map.of(
                    "Range",
                    "bytes=%d-%d".formatted(from, from + length - 1),
                    "Accept-Encoding",
                    "identity")));
    if (answer.status() == PARTIAL || (answer.found() && from == 0)) {
      return answer.body();
    }
    throw new LogUnavailableException(
        "%s: status %d (expected: a part of it)".formatted(uri, answer.status()));
  }

  @Override
  public String address(TxId id) {
    return address(path(id));
  }

  @Override
  public String address() {
    return ledger.base().toString();
  }

  private static String path(TxId id) {
    return "entries/%s/statement".formatted(id);
  }

  private String address(String path) {
    return ledger.base().resolve(path).toString();
  }

  @Override
  public Optional<String> identityTrouble() {
    return pin.flatMap(ServicePin::last)
        .map(ServicePin.Certified::key)
        .filter(key -> !ledger.receipts().keys().contains(key))
        .map(key ->
            "the service proves itself by a certificate of key %s, which is none of service-keys"
                .formatted(key));
  }

  private Answer ask(String path, int maxBytes, Set<Integer> answers)
      throws LogUnavailableException, BadAnswerException {
    if (pin.isPresent()) {
      var _ = pin.get().certified();
    }
    Map<String, String> headers = new HashMap<>();
    if (ledger.api().token().isPresent()) {
      headers.put("Authorization", "Bearer " + token());
    }
    try {
      return http.ask(new Question(address(), uri(path), Limits.of(maxBytes), answers, headers));
    } catch (LogUnavailableException e) {
      // Perhaps it proves itself by another certificate now.
      pin.ifPresent(ServicePin::doubt);
      throw e;
    }
  }

  private URI uri(String path) {
    String version = ledger.api().version();
    String query =
        version.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "api-version=" + version;
    return ledger.base().resolve(path + query);
  }

  private String token() throws LogUnavailableException {
    try {
      return ledger.api().token().orElseThrow().read();
    } catch (IOException e) {
      throw new LogUnavailableException("token: " + e.getMessage(), e);
    }
  }

  /// Waits while the service loads something, for so long in all.
  private final class Waiting {
    private final long end = System.nanoTime() + ledger.api().patience().toNanos();
    private Duration pause = FIRST_PAUSE;

    /// Pauses; false, at once, if the time is over.
    boolean again() throws LogUnavailableException {
      if (System.nanoTime() + pause.toNanos() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LogUnavailableException(address() + ": interrupted", e);
      }
      Duration next = pause.multipliedBy(2);
      pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
      return true;
    }
  }

  @Override
  public void close() {
    if (http != web) {
      http.close();
    }
  }
}
