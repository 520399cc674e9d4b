package dev.sigwarden.api;

import dev.sigwarden.access.Grant;
import dev.sigwarden.access.Permission;
import dev.sigwarden.access.Role;
import dev.sigwarden.access.Token;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Desk;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Tokens of the API: made, listed without their text, revoked.
@Path("/api/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "tokens")
public final class TokensResource {
  private final RunningDaemon running;
  private final Call call;
  private final SecureRandom random = new SecureRandom();
  private final Clock clock = Clock.systemUTC();

  TokensResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// What is known of a token.
  ///
  /// @param name the operator's name for it
  /// @param role what its bearer is
  /// @param allowlists what a bearer with the role `release` may add to
  /// @param createdAt when it was made
  /// @param createdBy by whom
  /// @param expiresAt from when on it is worth nothing; absent for never
  public record One(
      String name,
      String role,
      List<String> allowlists,
      Instant createdAt,
      String createdBy,
      Optional<Instant> expiresAt) {}

  /// A token to make.
  ///
  /// @param name a name for it, of letters, digits, dots, hyphens and underscores
  /// @param role `viewer`, `responder`, `release` or `admin`
  /// @param allowlists what a bearer with the role `release` may add to; nothing for other roles
  /// @param days how long it is valid; absent for ever
  /// @param reason what it is for, in 1 to 500 characters
  public record Wanted(
      @Nullable String name,
      @Nullable String role,
      @Nullable List<String> allowlists,
      @Nullable Integer days,
      @Nullable String reason) {}

  /// A new token: its text is shown here and never again.
  ///
  /// @param token the text
  /// @param about what is known of it
  public record Made(String token, One about) {}

  @GET
  @Needs(Permission.ADMINISTER)
  @Operation(summary = "All tokens, without their text")
  public List<One> all() {
    return desk().grants().stream().map(TokensResource::one).toList();
  }

  @POST
  @Needs(Permission.ADMINISTER)
  @Operation(summary = "Make a token; its text is in this answer only")
  public Made make(@Nullable Wanted body) {
    Wanted wanted = Asked.required("body", body);
    String name = Asked.required("name", wanted.name());
    if (!name.matches(Grant.NAME)) {
      throw Refused.wrong("name", Asked.shown(name), "1 to 64 letters, digits, dots, hyphens");
    }
    List<String> roles = Arrays.stream(Role.values()).map(Role::label).toList();
    String label = Asked.label("role", Asked.required("role", wanted.role()), roles);
    Role role =
        Role.of(label)
            .orElseThrow(() -> Refused.wrong("role", "none", "one of " + String.join(", ", roles)));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Grant grant =
        new Grant(
            name, role, allowlists(role, wanted), now, call.caller().name(), expiry(wanted, now));
    Deed deed =
        call.deed(
            "token.create",
            name,
            wanted.reason(),
            "role %s %s".formatted(label, grant.allowlists()));
    Token token = Token.mint(random);
    if (!desk().addToken(grant, token.hash(), deed)) {
      throw Refused.conflict("there is a token %s already, or too many".formatted(name));
    }
    return new Made(token.reveal(), one(grant));
  }

  @POST
  @Path("/{name: " + Grant.NAME + "}/revoke")
  @Needs(Permission.ADMINISTER)
  @Operation(summary = "Revoke a token at once")
  public One revoke(@PathParam("name") String name, @Nullable Why body) {
    Why why = Asked.required("body", body);
    Grant grant =
        desk().grants().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Refused.unknown("no token " + name));
    Deed deed = call.deed("token.revoke", name, why.reason(), "role " + grant.role().label());
    if (!desk().removeToken(name, deed)) {
      throw Refused.unknown("no token " + name);
    }
    return one(grant);
  }

  private Set<String> allowlists(Role role, Wanted wanted) {
    List<String> named = Optional.ofNullable(wanted.allowlists()).orElse(List.of());
    if (named.isEmpty() == (role == Role.RELEASE)) {
      throw Refused.wrong(
          "allowlists",
          named.isEmpty() ? "none" : "some",
          "names for the role release, and only for it");
    }
    Set<String> known = running.get().configuration().allowlists().names();
    for (String name : named) {
      if (!known.contains(name)) {
        throw Refused.wrong("allowlists", Asked.shown(name), "names of allowlists");
      }
    }
    return Set.copyOf(named);
  }

  private static Optional<Instant> expiry(Wanted wanted, Instant now) {
    Integer days = wanted.days();
    if (days == null) {
      return Optional.empty();
    }
    if (days < 1 || days > Grant.MAX_DAYS) {
      throw Refused.wrong("days", days.toString(), "1 to " + Grant.MAX_DAYS);
    }
    return Optional.of(now.plus(Duration.ofDays(days)));
  }

  private static One one(Grant grant) {
    return new One(
        grant.name(),
        grant.role().label(),
        grant.allowlists().stream().sorted().toList(),
        grant.createdAt(),
        grant.createdBy(),
        grant.expiresAt());
  }

  private Desk desk() {
    return running.get().store().desk();
  }
}
