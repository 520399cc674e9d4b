package dev.sigwarden.cli;

import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Labels;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.notify.Receivers;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LedgerSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import dev.sigwarden.watch.Watch;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden check`: whether a configuration holds.
@Command(
    name = "check",
    description = {
      "Check a configuration: keys, values, files, allowlists, templates.",
      "All problems are told at once, each with its place, what stands there and what was expected.",
      "Sends nothing."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 good (warnings allowed), 1 problems online, 2 problems in the file."
    })
final class Check implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = Configuration.DEFAULT_FILE,
      description = "The configuration, or the folder of it (default: ${DEFAULT-VALUE}).")
  private Path config = Path.of("");

  @Option(names = "--online", description = "Also fetch and verify each log's checkpoint.")
  private boolean online;

  @Option(names = "--schema", description = "Print the JSON Schema of the configuration and end.")
  private boolean schema;

  @Option(names = "--team-schema", description = "Print the JSON Schema of a team's file and end.")
  private boolean teamSchema;

  @Option(
      names = "--route",
      paramLabel = "LABEL=VALUE",
      arity = "1..*",
      description = {
        "Only print who would be told of an alert with these labels, and how:",
        "--route kind=unexpected-signature watch=acme-release severity=critical."
      })
  private List<String> route = List.of();

  /// The longest problem with a log that is shown, in characters.
  private static final int MAX_PROBLEM = 2_000;

  @Override
  public Integer call() throws CommandFailure {
    if (schema) {
      System.out.println(Configuration.schema().toPrettyString());
      return Exit.OK;
    }
    if (teamSchema) {
      System.out.println(Configuration.teamSchema().toPrettyString());
      return Exit.OK;
    }
    Loaded<Configuration> loaded = Configuration.load(config, System.getenv());
    loaded.problems().stream().map(Problem::format).forEach(System.err::println);
    Configuration configuration =
        loaded.value().orElseThrow(() -> new CommandFailure(Exit.USAGE, config + " has problems"));
    if (!route.isEmpty()) {
      Labels labels = RouteAnswer.labels(route, configuration.tenant());
      RouteAnswer.lines(configuration.routes(), labels).forEach(System.out::println);
      return Exit.OK;
    }
    warnings(configuration).forEach(warning -> System.err.println("warning: " + warning));
    int all = configuration.followed();
    int good = online ? goodLogs(configuration) : all;
    String verdict =
        good == all
            ? "is good"
            : "holds, but %d of its logs cannot be followed as it says".formatted(all - good);
    System.out.printf(
        "%s %s: %d logs, %d watches, %d receivers%n",
        config,
        verdict,
        all,
        configuration.watches().all().size(),
        configuration.receivers().size());
    return good == all ? Exit.OK : Exit.FINDINGS;
  }

  private static List<String> warnings(Configuration configuration) {
    List<String> warnings = new ArrayList<>();
    for (Watch watch : configuration.watches().all()) {
      warnings.addAll(watch.warnings());
    }
    warnings.addAll(AlertText.of(configuration.templates(), Receivers.channelNames()).problems());
    if (configuration.followed() == 0) {
      warnings.add("no log is followed");
    }
    if (configuration.watches().all().isEmpty()) {
      warnings.add("nothing is watched");
    }
    if (configuration.receivers().isEmpty()) {
      warnings.add("nobody is told: no receivers");
    }
    return warnings;
  }

  /// How many logs show a checkpoint that can be believed.
  private static int goodLogs(Configuration configuration) {
    int good = 0;
    try (PoliteHttp http =
        new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom())) {
      AskedRoots roots = new AskedRoots(configuration.trusts().values(), true, http);
      LogTools tools = new LogTools(http, Clock.systemUTC(), roots);
      for (LogSettings log : configuration.logs().values()) {
        good += tell(log.trusted().name(), head(log, tools)) ? 1 : 0;
      }
      for (LedgerSettings ledger : configuration.ledgers().values()) {
        good += tell(ledger.name(), keys(ledger, tools)) ? 1 : 0;
      }
      for (FamilySettings family : configuration.families().values()) {
        good += family(family, tools) ? 1 : 0;
      }
    }
    return good;
  }

  /// Whether the members of a family can be learnt, and each shows such a checkpoint.
  private static boolean family(FamilySettings family, LogTools tools) {
    boolean good = true;
    try {
      LogFamily.Listing listing = FamilyMembers.list(family, tools);
      if (listing.trouble().isPresent()) {
        good = tell(family.name(), listing.trouble().get());
      }
      for (BlockSettings member : FamilyMembers.members(family, listing)) {
        good &=
            switch (member) {
              case LogSettings log -> tell(log.name(), head(log, tools));
              case LedgerSettings ledger -> tell(ledger.name(), keys(ledger, tools));
              case FamilySettings inner -> family(inner, tools);
            };
      }
    } catch (LogUnavailableException e) {
      good = tell(family.name(), e.getMessage());
    } catch (BadAnswerException e) {
      good = tell(family.name(), e.getMessage());
    }
    return good;
  }

  private static boolean tell(String log, String problem) {
    System.out.printf(
        "log %s: %s%n", log, problem.isEmpty() ? "good" : Sanitizer.clean(problem, MAX_PROBLEM));
    return problem.isEmpty();
  }

  /// What keeps the receipts of a ledger from being believed; empty if nothing does.
  private static String keys(LedgerSettings ledger, LogTools tools) {
    try (LedgerClient client = ledger.source().open(tools)) {
      LedgerClient.Keys shown = client.keys();
      return ledger.source().receipts().believed(shown.entries()).isEmpty()
          ? "none of the keys that the service shows is one of service-keys"
          : client.identityTrouble().orElse("");
    } catch (LogUnavailableException e) {
      return e.getMessage();
    } catch (BadAnswerException e) {
      return e.getMessage();
    }
  }

  private static String head(LogSettings log, LogTools tools) {
    try (LogClient client = log.source().open(tools)) {
      return switch (HeadCheck.check(log.trusted(), client.head(), tools.clock().instant())) {
        case HeadVerdict.Believed _ -> "";
        case HeadVerdict.Unreadable(String why) -> why;
        case HeadVerdict.Untrusted(String why, _) -> why;
        case HeadVerdict.Unwitnessed(String why, _) -> why;
      };
    } catch (LogUnavailableException e) {
      return e.getMessage();
    } catch (BadAnswerException e) {
      return e.getMessage();
    }
  }
}
