package dev.sigwarden.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.access.AccessSettings;
import dev.sigwarden.access.Caller;
import dev.sigwarden.access.Role;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jose4j.http.Get;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/// Access tokens of an OpenID Connect issuer: JWTs that it signed for Sigwarden. Its keys are found
/// through its discovery document (OpenID Connect Discovery 1.0, section 4) when the first token
/// comes, and asked for again as the issuer's answers say. Thread-safe.
final class OidcTokens {
  private static final Logger LOG = Logger.getLogger(OidcTokens.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Signatures with public keys only: with a shared secret, or none, anybody could sign.
  private static final AlgorithmConstraints ALGORITHMS =
      new AlgorithmConstraints(
          ConstraintType.PERMIT,
          "RS256",
          "RS384",
          "RS512",
          "PS256",
          "PS384",
          "PS512",
          "ES256",
          "ES384",
          "ES512",
          "EdDSA");

  /// How far the issuer's clock may be apart, in seconds.
  private static final int SKEW = 30;

  /// Bytes of a document of the issuer's.
  private static final int MAX_BYTES = 1 << 20;

  private static final int TIMEOUT_MILLIS = 5_000;

  /// Between two attempts to find the issuer: tokens that nobody can check must not become
  /// requests.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// Tokens that are checked at once, each in well below a millisecond unless the issuer is asked.
  /// The rest waits so many milliseconds: an issuer that hangs must not hold every call of the API,
  /// for whose tokens nobody has to be somebody.
  private static final int AT_ONCE = 16;

  private static final int WAIT_MILLIS = 100;

  /// Three parts in base64url (RFC 7515, section 3.1); what is no JWT is not worth a look.
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /// Characters of a subject that are shown.
  private static final int MAX_NAME = 150;

  private final AccessSettings.Oidc settings;
  private final Clock clock;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private @Nullable JwtConsumer consumer;
  private Instant next = Instant.MIN;

  OidcTokens(AccessSettings.Oidc settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /// The caller whom a token names; empty if it is not valid, or gives no role.
  Optional<Caller> caller(String token) {
    if (!FORM.matcher(token).matches()) {
      return Optional.empty();
    }
    try {
      if (!room.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return checked(token);
    } finally {
      room.release();
    }
  }

  private Optional<Caller> checked(String token) {
    Optional<JwtConsumer> known = consumer();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    try {
      JwtClaims claims = known.get().processToClaims(token);
      String subject = Sanitizer.clean(claims.getSubject(), MAX_NAME);
      if (subject.isBlank()) {
        return Optional.empty();
      }
      return settings
          .role(groups(claims))
          .map(role ->
              new Caller(
                  "oidc:" + subject,
                  role,
                  role == Role.RELEASE ? settings.allowlists() : Set.of()));
    } catch (InvalidJwtException e) {
      // Its message may hold the token.
      LOG.debugf("an OIDC token was refused: %s", e.getErrorDetails().size() + " errors");
      return Optional.empty();
    } catch (MalformedClaimException _) {
      return Optional.empty();
    }
  }

  private Set<String> groups(JwtClaims claims) {
    Object value = claims.getClaimValue(settings.claim());
    return switch (value) {
      case String one -> Set.of(one);
      case Collection<?> several ->
          several.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toUnmodifiableSet());
      case null, default -> Set.of();
    };
  }

  private synchronized Optional<JwtConsumer> consumer() {
    if (consumer == null && !clock.instant().isBefore(next)) {
      try {
        consumer = open();
      } catch (IOException e) {
        LOG.warnf(
            "OIDC tokens cannot be checked: %s: %s",
            settings.issuer(), Sanitizer.clean(String.valueOf(e.getMessage())));
      } finally {
        next = clock.instant().plus(PAUSE);
      }
    }
    return Optional.ofNullable(consumer);
  }

  private JwtConsumer open() throws IOException {
    String issuer = settings.issuer().toString();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode discovery =
        JSON.readTree(get().get(base + "/.well-known/openid-configuration").getBody());
    if (!discovery.path("issuer").asText("").equals(issuer)) {
      throw new IOException("its discovery document names another issuer");
    }
    URI keys = URI.create(discovery.path("jwks_uri").asText(""));
    if (!Objects.equals(keys.getScheme(), settings.issuer().getScheme())
        && !"https".equals(keys.getScheme())) {
      throw new IOException("jwks_uri: not https");
    }
    HttpsJwks jwks = new HttpsJwks(keys.toString());
    jwks.setSimpleHttpGet(get());
    // A token with a key that is not known makes it ask again, but no oftener than this.
    jwks.setRefreshReprieveThreshold(PAUSE.toMillis());
    return new JwtConsumerBuilder()
        .setExpectedIssuer(issuer)
        .setExpectedAudience(settings.audience())
        .setRequireSubject()
        .setRequireExpirationTime()
        .setAllowedClockSkewInSeconds(SKEW)
        .setJwsAlgorithmConstraints(ALGORITHMS)
        .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(jwks))
        .build();
  }

  private static Get get() {
    Get get = new Get();
    get.setConnectTimeout(TIMEOUT_MILLIS);
    get.setReadTimeout(TIMEOUT_MILLIS);
    get.setRetries(1);
    get.setResponseBodySizeLimit(MAX_BYTES);
    return get;
  }
}
