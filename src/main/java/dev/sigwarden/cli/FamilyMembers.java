package dev.sigwarden.cli;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LedgerSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.TrustSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
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
    int separator = name.indexOf(BlockSettings.SEPARATOR);
    return separator < 0 ? name : name.substring(0, separator);
  }

  /// The log of that name: a single log, or `family/member`. The name of a family alone stands for
  /// its last member, which is its newest.
  static LogSettings log(
      Map<String, BlockSettings> blocks,
      Collection<TrustSettings> trusts,
      HttpPolicy requests,
      String name)
      throws CommandFailure {
    @Nullable BlockSettings block = blocks.get(block(name));
    if (block == null) {
      throw unknown(name, blocks.keySet());
    }
    try (PoliteHttp http = new PoliteHttp(requests, Clock.systemUTC(), new SecureRandom())) {
      AskedRoots roots = new AskedRoots(trusts, false, http);
      return log(block, name, new LogTools(http, Clock.systemUTC(), roots));
    } catch (LogUnavailableException e) {
      throw new CommandFailure(Exit.OPERATIONAL, Sanitizer.clean(e.getMessage()));
    } catch (BadAnswerException e) {
      throw new CommandFailure(Exit.MISBEHAVED, Sanitizer.clean(e.getMessage()));
    }
  }

  /// The log that `name` stands for, at or below `block`.
  private static LogSettings log(BlockSettings block, String name, LogTools tools)
      throws CommandFailure, LogUnavailableException, BadAnswerException {
    if (block instanceof LogSettings log && name.equals(log.name())) {
      return log;
    }
    if (block instanceof LedgerSettings && name.equals(block.name())) {
      throw new CommandFailure(
          Exit.USAGE,
          "%s is a ledger (expected: a log; of a ledger, scan ledger:DIR, a copy of its files)"
              .formatted(name));
    }
    List<BlockSettings> members =
        block instanceof FamilySettings family ? members(family, list(family, tools)) : List.of();
    if (name.equals(block.name()) && !members.isEmpty()) {
      BlockSettings newest = members.getLast();
      return log(newest, newest.name(), tools);
    }
    for (BlockSettings member : members) {
      if (name.equals(member.name()) || name.startsWith(member.name() + BlockSettings.SEPARATOR)) {
        return log(member, name, tools);
      }
    }
    throw unknown(name, members.stream().map(BlockSettings::name).toList());
  }

  private static CommandFailure unknown(String name, Collection<String> known) {
    return new CommandFailure(
        Exit.USAGE, "log: %s (expected: one of %s, or an address)".formatted(name, known));
  }

  /// What a family lists now.
  static LogFamily.Listing list(FamilySettings family, LogTools tools)
      throws LogUnavailableException, BadAnswerException {
    try (LogFamily open = family.source().open(tools, family.keys())) {
      return open.list();
    }
  }

  /// The settings of what a family lists.
  static List<BlockSettings> members(FamilySettings family, LogFamily.Listing listing) {
    return listing.members().stream().map(member -> family.member(member, family.start())).toList();
  }
}
