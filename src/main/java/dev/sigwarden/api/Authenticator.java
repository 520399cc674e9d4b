package dev.sigwarden.api;

import dev.sigwarden.access.Caller;
import dev.sigwarden.access.Grant;
import dev.sigwarden.access.LocalToken;
import dev.sigwarden.access.Token;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.merkle.Hash;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who stands behind the `Authorization` header of a call. There is no other way in: no cookie,
/// which a browser would send by itself, and nobody counts as known for calling from this machine.
@Singleton
final class Authenticator {
  /// Characters of the header: an identity token with many groups stays below.
  private static final int MAX_CHARS = 12_000;

  private static final String SCHEME = "bearer ";

  private final RunningDaemon running;
  private final Clock clock = Clock.systemUTC();
  private @Nullable OidcTokens oidc;

  Authenticator(RunningDaemon running) {
    this.running = running;
  }

  /// The caller; empty if the header names none. May ask the database, and the issuer for its keys.
  Optional<Caller> caller(@Nullable String header) {
    if (header == null
        || header.length() > MAX_CHARS
        || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    String text = header.substring(SCHEME.length()).strip();
    Optional<Token> token = Token.parse(text);
    if (token.isPresent()) {
      return ofToken(token.get().hash());
    }
    return oidc().flatMap(tokens -> tokens.caller(text));
  }

  /// By the hash: how long a comparison takes tells nothing of the token.
  private Optional<Caller> ofToken(Hash hash) {
    if (running.local().filter(hash::equals).isPresent()) {
      return Optional.of(LocalToken.caller());
    }
    return running
        .get()
        .store()
        .desk()
        .grant(hash)
        .filter(grant -> grant.isValid(clock.instant()))
        .map(Grant::caller);
  }

  private synchronized Optional<OidcTokens> oidc() {
    if (oidc == null) {
      oidc =
          running
              .get()
              .configuration()
              .access()
              .oidc()
              .map(it -> new OidcTokens(it, clock))
              .orElse(null);
    }
    return Optional.ofNullable(oidc);
  }
}
