package dev.sigwarden.cli;

import dev.sigwarden.access.LocalToken;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which daemon a command talks to, and as whom: the one that runs with this configuration on this
/// machine, by what it left beside its database; or another, by its URL and a token.
final class Reached {
  /// Bytes of a file with a token.
  private static final int MAX_TOKEN_BYTES = 16_384;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = Configuration.DEFAULT_FILE,
      description =
          "The configuration of a daemon on this machine, run by you (default: ${DEFAULT-VALUE}).")
  private Path config = Path.of("");

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Another daemon; or the environment variable SIGWARDEN_URL.")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with the token to show it; or the environment variable SIGWARDEN_TOKEN.")
  private @Nullable Path tokenFile;

  /// The same as options of another name said it.
  static Reached of(Path config, @Nullable String url, @Nullable Path tokenFile) {
    Reached reached = new Reached();
    reached.config = config;
    reached.url = url;
    reached.tokenFile = tokenFile;
    return reached;
  }

  /// The configuration file.
  Path config() {
    return config;
  }

  /// Whether a daemon elsewhere was named.
  boolean isElsewhere() {
    return named().isPresent();
  }

  private Optional<String> named() {
    return Optional.ofNullable(url).or(() -> variable("SIGWARDEN_URL"));
  }

  private static Optional<String> variable(String name) {
    Map<String, String> env = System.getenv();
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isBlank());
  }

  /// The daemon.
  ///
  /// @throws CommandFailure if there is none, or no token for it
  ApiClient client() throws CommandFailure {
    return find()
        .orElseThrow(() ->
            new CommandFailure(
                Exit.OPERATIONAL,
                "no daemon runs with %s, or another user runs it (expected: start it; or --url and --token-file)"
                    .formatted(config)));
  }

  /// The daemon; empty if none runs with the configuration.
  Optional<ApiClient> find() throws CommandFailure {
    Optional<String> elsewhere = named();
    if (elsewhere.isPresent()) {
      return Optional.of(new ApiClient(elsewhere.get(), token(), Optional.empty()));
    }
    Path folder = Config.folder(config);
    try {
      return LocalToken.read(folder)
          .map(reach -> new ApiClient(reach.url(), reach.token(), reach.certificate()));
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL,
          "cannot be read: %s (expected: to be the user that runs the daemon; or --url and --token-file)"
              .formatted(Sanitizer.clean(String.valueOf(e.getMessage()))));
    }
  }

  private String token() throws CommandFailure {
    if (tokenFile == null) {
      return variable("SIGWARDEN_TOKEN")
          .orElseThrow(() ->
              new CommandFailure(
                  Exit.USAGE, "no token (expected: --token-file or SIGWARDEN_TOKEN)"));
    }
    byte[] bytes = BoundedFile.read(tokenFile, MAX_TOKEN_BYTES, "a token");
    return new String(bytes, StandardCharsets.US_ASCII).strip();
  }
}
