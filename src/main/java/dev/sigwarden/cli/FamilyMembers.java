package dev.sigwarden.cli;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.text.Sanitizer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the log that a name stands for, asking families for their members.
final class FamilyMembers {
  private FamilyMembers() {}

  /// Whether the name is that of a log, a family, or what may be a member of a family.
  static boolean names(Map<String, BlockSettings> blocks, String name) {
    return blocks.containsKey(block(name));
  }

  private static String block(String name) {
    int separator = name.indexOf(FamilySettings.SEPARATOR);
    return separator < 0 ? name : name.substring(0, separator);
  }

  /// The log of that name: a single log, or `family/member`. The name of a family alone stands for
  /// its last member, which is its newest.
  static LogSettings log(Map<String, BlockSettings> blocks, HttpPolicy requests, String name)
      throws CommandFailure {
    @Nullable BlockSettings block = blocks.get(block(name));
    if (block instanceof LogSettings log && log.trusted().name().equals(name)) {
      return log;
    }
    if (!(block instanceof FamilySettings family)) {
      throw new CommandFailure(
          Exit.USAGE,
          "log: %s (expected: one of %s, or an address)".formatted(name, blocks.keySet()));
    }
    try (PoliteHttp http = new PoliteHttp(requests, Clock.systemUTC(), new SecureRandom())) {
      List<LogSettings> members = members(family, new LogTools(http, Clock.systemUTC()));
      if (name.equals(family.name()) && !members.isEmpty()) {
        return members.getLast();
      }
      return members.stream()
          .filter(member -> member.trusted().name().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new CommandFailure(
                  Exit.USAGE,
                  "log: %s (expected: one of %s)"
                      .formatted(
                          name, members.stream().map(member -> member.trusted().name()).toList())));
    } catch (LogUnavailableException e) {
      throw new CommandFailure(Exit.OPERATIONAL, Sanitizer.clean(e.getMessage()));
    } catch (BadAnswerException e) {
      throw new CommandFailure(Exit.MISBEHAVED, Sanitizer.clean(e.getMessage()));
    }
  }

  /// The members that a family lists now.
  static List<LogSettings> members(FamilySettings family, LogTools tools)
      throws LogUnavailableException, BadAnswerException {
    try (LogFamily open = family.source().open(tools, family.keys())) {
      return open.members().stream().map(member -> family.member(member, family.start())).toList();
    }
  }
}
