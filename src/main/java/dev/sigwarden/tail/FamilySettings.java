package dev.sigwarden.tail;

import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.verify.TrustedLog;

/// A family of logs of the configuration. What its section says of a log is said of each member.
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
    LogSettings.Timing timing,
    LogSettings.Mode mode)
    implements BlockSettings {
  /// What stands between the names of a family and of its member. No name of the operator's has it.
  public static final char SEPARATOR = '/';

  /// What the member is called.
  public String nameOf(String member) {
    return name + SEPARATOR + member;
  }

  /// The settings of a member whose reading begins at `first` when it is first met.
  public LogSettings member(LogFamily.Member member, Start first) {
    return new LogSettings(
        new TrustedLog(nameOf(member.name()), member.origin(), member.keys(), witnesses),
        protocol,
        member.source(),
        entryFormat,
        trust,
        first,
        timing,
        mode);
  }
}
