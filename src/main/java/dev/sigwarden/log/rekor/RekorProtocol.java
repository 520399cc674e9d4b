package dev.sigwarden.log.rekor;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Sigstore's Rekor v1: all shards of an instance.
@AutoService(LogProtocol.class)
public final class RekorProtocol implements LogProtocol {
  /// The protocol's name.
  public static final String NAME = "rekor";

  /// Found by `ServiceLoader`.
  public RekorProtocol() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String entryFormat() {
    return "rekor";
  }

  @Override
  public FamilySource configure(Section log) {
    String meaning = "the instance's URL; all its shards are followed";
    URI url = log.url("url", List.of("http", "https"), meaning);
    if (url.getRawQuery() != null || PoliteHttp.objection(url).isPresent()) {
      log.problem(
          "url",
          Objects.toString(url.getHost(), ""),
          PoliteHttp.objection(url).orElse("a URL without query"));
    }
    return instance(url, readTimestamps(log));
  }

  /// Reads the key `timestamps`.
  public static boolean readTimestamps(Section log) {
    return log.flag(
        "timestamps", true, "whether entries' signed times are verified and used in alerts");
  }

  /// The entry in an answer of the API to a question for one, as the log hashed it; empty if
  /// `answer` is something else.
  ///
  /// @param resource what to call the answer in messages
  /// @throws BadAnswerException if it is one that no log gives, for example with a body that is not
  ///   the one of its id
  public static Optional<byte[]> entryIn(String resource, byte[] answer) throws BadAnswerException {
    return RekorEntry.isAnswer(answer)
        ? Optional.of(RekorEntry.parse(resource, answer).leaf())
        : Optional.empty();
  }

  /// All shards of the instance at `url`, which `PoliteHttp` has no objection to.
  ///
  /// @param timestamps whether entries' signed times are read and verified
  public static FamilySource instance(URI url, boolean timestamps) {
    String text = url.toString();
    URI base = text.endsWith("/") ? url : URI.create(text + "/");
    return (tools, trust) -> new RekorFamily(base, timestamps, tools, trust);
  }
}
