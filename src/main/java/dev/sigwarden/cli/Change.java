package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a command has that changes something in a daemon: which daemon, and why, for the audit log.
final class Change {
  @Mixin private Reached reached = new Reached();

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  private String reason = "";

  /// Asks for it; `body` gets the reason.
  JsonNode post(String path, ObjectNode body) throws CommandFailure {
    return post(reached.client(), path, body);
  }

  /// The same of a daemon that was found already.
  JsonNode post(ApiClient client, String path, ObjectNode body) throws CommandFailure {
    return client.post(path, body.put("reason", reason));
  }

  /// Asks for what needs no more words than whom it is about.
  ///
  /// @param path with `%s` for the id or name
  void post(String path, String subject) throws CommandFailure {
    post(path.formatted(ApiClient.encoded(subject)), ApiClient.JSON.createObjectNode());
  }

  /// Which daemon.
  Reached reached() {
    return reached;
  }

  /// Why, as it was given.
  String reason() {
    return reason;
  }
}
