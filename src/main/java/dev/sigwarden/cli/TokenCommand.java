package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.access.Grant;
import dev.sigwarden.access.LocalToken;
import dev.sigwarden.access.Role;
import dev.sigwarden.access.Token;
import dev.sigwarden.daemon.Configuration.Reaching;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.text.Sanitizer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden token`: tokens of the API.
@Command(
    name = "token",
    description = "Make, list and revoke tokens of the API.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TokenCommand.Create.class, TokenCommand.All.class, TokenCommand.Revoke.class})
final class TokenCommand extends Group {
  /// `sigwarden token create`: shows the token once.
  @Command(
      name = "create",
      description = {
        "Make a token and print it, once: Sigwarden keeps its hash only.",
        "Where no daemon runs with the configuration, it is written into the database directly."
      },
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private Change change = new Change();

    @Parameters(paramLabel = "NAME", description = "A name for it, for the audit log.")
    private String name = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        required = true,
        description = "viewer, responder, release or admin.")
    private String role = "";

    @Option(
        names = "--allowlist",
        paramLabel = "NAME",
        description = "What a release token may add to; more than once for several.")
    private List<String> allowlists = new ArrayList<>();

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "How long it is valid (default: for ever).")
    private @Nullable Integer days;

    @Override
    public Integer call() throws CommandFailure {
      Optional<ApiClient> client = change.reached().find();
      String token = client.isPresent() ? made(client.get()) : written();
      System.err.println("sigwarden: this token is shown once; keep it where secrets are kept");
      System.out.println(token);
      return Exit.OK;
    }

    private String made(ApiClient client) throws CommandFailure {
      ObjectNode body = ApiClient.JSON.createObjectNode().put("name", name).put("role", role);
      if (days != null) {
        body.put("days", days);
      }
      if (!allowlists.isEmpty()) {
        allowlists.forEach(body.putArray("allowlists")::add);
      }
      return change.post(client, "/api/v1/tokens", body).path("token").asText();
    }

    private String written() throws CommandFailure {
      Reaching reaching = Config.reach(change.reached().config());
      Grant grant = grant(reaching);
      Token token = Token.mint(new SecureRandom());
      Deed deed =
          new Deed(
              grant.createdBy(),
              Role.ADMIN.label(),
              "",
              "token.create",
              name,
              Sanitizer.clean(change.reason()),
              "role %s %s".formatted(role, grant.allowlists()));
      try (Store store = Store.open(reaching.storage().place(), Clock.systemUTC())) {
        if (!store.desk().addToken(grant, token.hash(), deed)) {
          throw new CommandFailure(Exit.USAGE, "there is a token %s already".formatted(name));
        }
      } catch (StoreException e) {
        throw new CommandFailure(Exit.OPERATIONAL, Sanitizer.clean(String.valueOf(e.getMessage())));
      }
      return token.reveal();
    }

    private Grant grant(Reaching reaching) throws CommandFailure {
      Optional<Role> known = Role.of(role);
      boolean named = !allowlists.isEmpty();
      if (!name.matches(Grant.NAME)
          || known.isEmpty()
          || named != (known.get() == Role.RELEASE)
          || !reaching.allowlists().containsAll(allowlists)
          || (days != null && (days < 1 || days > Grant.MAX_DAYS))
          || change.reason().isBlank()) {
        throw new CommandFailure(
            Exit.USAGE,
            ("no such token can be made (expected: a name of letters and digits; a role of viewer,"
                    + " responder, release, admin; --allowlist of the configuration for release"
                    + " only; --days up to %d; a reason)")
                .formatted(Grant.MAX_DAYS));
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      return new Grant(
          name,
          known.get(),
          Set.copyOf(allowlists),
          now,
          LocalToken.caller().name(),
          Optional.ofNullable(days).map(Duration::ofDays).map(now::plus));
    }
  }

  /// `sigwarden token list`: which there are.
  @Command(
      name = "list",
      description = "List tokens, without their text.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin private Reached reached = new Reached();

    @Override
    public Integer call() throws CommandFailure {
      reached.client().get("/api/v1/tokens", Map.of()).forEach(System.out::println);
      return Exit.OK;
    }
  }

  /// `sigwarden token revoke`: at once.
  @Command(
      name = "revoke",
      description = "Revoke a token at once.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Mixin private Change change = new Change();

    @Parameters(paramLabel = "NAME", description = "The token's name.")
    private String name = "";

    @Override
    public Integer call() throws CommandFailure {
      change.post("/api/v1/tokens/%s/revoke", name);
      System.out.println("revoked: " + Sanitizer.clean(name));
      return Exit.OK;
    }
  }
}
