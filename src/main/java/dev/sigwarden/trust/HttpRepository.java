package dev.sigwarden.trust;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.tuf.Repository;
import dev.sigwarden.tuf.UnavailableException;
import java.net.URI;
import java.util.Optional;

/// A TUF repository on HTTP, asked with the same manners as the logs.
///
/// @param base ends with a slash
record HttpRepository(URI base, PoliteHttp http) implements Repository {
  @Override
  public Optional<byte[]> fetch(String path, int maxBytes)
      throws UnavailableException, RefusedException {
    try {
      Answer answer = http.get(base.resolve(path), Limits.of(maxBytes));
      return answer.found() ? Optional.of(answer.body()) : Optional.empty();
    } catch (LogUnavailableException e) {
      throw new UnavailableException(e.getMessage(), e);
    } catch (BadAnswerException e) {
      throw new RefusedException(e.getMessage());
    }
  }
}
