package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import java.net.URI;
import java.util.Optional;

/// A log's resources below a prefix on a server.
final class HttpTiles implements TileSource {
  private final PoliteHttp http;
  private final URI base;

  /// `base` ends in a slash.
  HttpTiles(PoliteHttp http, URI base) {
    this.http = http;
    this.base = base;
  }

  @Override
  public Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    Answer answer = http.get(base, path, Limits.of(maxBytes));
    return answer.found() ? Optional.of(answer.body()) : Optional.empty();
  }

  @Override
  public String address(String path) {
    return base.resolve(path).toString();
  }

  @Override
  public String expectation() {
    return "the URL prefix of a tlog-tiles log";
  }
}
