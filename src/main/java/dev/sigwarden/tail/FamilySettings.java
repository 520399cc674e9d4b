package dev.sigwarden.tail;

import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.verify.TrustedLog;
import java.time.Instant;

/// A family of logs of the configuration, or one that is a member of another. What its section says
/// of a log is said of each member.
///
/// @param name the operator's name of the family
/// @param protocol the protocol's name
/// @param source how to open it
/// @param keys whom to believe, unless the family knows better
/// @param witnesses which witnesses must have cosigned
/// @param entryFormat the format of the leaves, as `EntryDecoder.format()` answers
/// @param trust the name of the trusted root that certificates are checked against; empty if they
///   are not checked
/// @param start where reading begins in the members that are there at first
/// @param until when its members take no entries any more; `Instant.MAX` if that is not known
/// @param timing how often each is asked, and what is too long
/// @param mode what is done with entries
public record FamilySettings(
    String name,
    String protocol,
    FamilySource source,
    FamilySource.Trust keys,
    WitnessPolicy witnesses,
    String entryFormat,
    String trust,
    Start start,
    Instant until,
    LogSettings.Timing timing,
    LogSettings.Mode mode)
    implements BlockSettings {
  /// What the member is called.
  public String nameOf(String member) {
    return name + SEPARATOR + member;
  }

  @Override
  public boolean sameAs(BlockSettings other) {
    return other instanceof FamilySettings family
        && keys.equals(family.keys)
        && protocol.equals(family.protocol)
        && until.equals(family.until);
  }

  /// The settings of a member whose reading begins at `first` when it is first met.
  public BlockSettings member(LogFamily.Member member, Start first) {
    Instant end = member.until().isBefore(until) ? member.until() : until;
    return switch (member.source()) {
      case LogSource log ->
          new LogSettings(
              new TrustedLog(nameOf(member.name()), member.origin(), member.keys(), witnesses),
              member.protocol(),
              log,
              entryFormat,
              trust,
              first,
              end,
              timing,
              mode);
      case LedgerSource ledger ->
          new LedgerSettings(
              nameOf(member.name()), member.protocol(), ledger, entryFormat, first, timing);
      case FamilySource family ->
          new FamilySettings(
              nameOf(member.name()),
              member.protocol(),
              family,
              new FamilySource.Trust(member.origin(), member.keys(), trust),
              witnesses,
              entryFormat,
              trust,
              first,
              end,
              timing,
              mode);
    };
  }
}
