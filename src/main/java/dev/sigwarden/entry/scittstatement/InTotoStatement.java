package dev.sigwarden.entry.scittstatement;

import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An in-toto statement, the payload of an attestation: `{"_type": …, "subject": [{"name": …,
/// "digest": …}], "predicateType": …, "predicate": …}`. in-toto attestation framework, Statement v1
/// and v0.1. Which subjects the predicate is on are its maker's words.
final class InTotoStatement {
  private static final String TYPE = "https://in-toto.io/Statement/";

  private final List<String> names = new ArrayList<>();
  private int moreNames;
  private String type = "";
  private String predicateType = "";

  private InTotoStatement() {}

  /// What a payload names, if it is such a statement, whatever type it was given.
  static Optional<ClaimedArtifact> read(byte[] payload, String contentType) {
    InTotoStatement statement = new InTotoStatement();
    try (JsonCursor json = JsonCursor.open(payload, 0, payload.length)) {
      statement.read(json);
    } catch (MalformedJsonException _) {
      return Optional.empty();
    }
    return statement.type.startsWith(TYPE)
        ? Optional.of(
            ClaimedArtifact.named(
                statement.names, statement.moreNames, "", statement.predicateType, contentType))
        : Optional.empty();
  }

  private void read(JsonCursor json) throws MalformedJsonException {
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "_type" -> type = json.text();
        case "predicateType" -> predicateType = json.text();
        case "subject" -> {
          json.enterArray();
          while (json.nextElement()) {
            subject(json);
          }
        }
        default -> json.skip();
      }
    }
    json.end();
  }

  private void subject(JsonCursor json) throws MalformedJsonException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (!name.equals("name")) {
        json.skip();
      } else if (names.size() < ClaimedArtifact.MAX_NAMES) {
        names.add(json.text());
      } else {
        json.skip();
        moreNames++;
      }
    }
  }
}
