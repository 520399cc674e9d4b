package dev.sigwarden.log;

import dev.sigwarden.note.VerifierKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Several logs that one section of the configuration stands for, as they are listed now. A member
/// may be a family itself. Used by one thread at a time.
public interface LogFamily extends AutoCloseable {
  /// One member of a family.
  ///
  /// @param name stable, told from its siblings by it: 1 to 64 letters, digits, dots, hyphens and
  ///   underscores; the log is called `section/name`
  /// @param protocol the protocol's name
  /// @param origin the first line of its checkpoints; of a family what its members' begin with, of
  ///   a ledger the service's name in receipts
  /// @param keys the keys that may sign them, at least one; of a ledger none, its source says whose
  ///   receipts are believed
  /// @param until when it takes no entries any more, so that its silence is no news; `Instant.MAX`
  ///   if that is not known
  /// @param source how to open it
  record Member(
      String name,
      String protocol,
      String origin,
      List<VerifierKey> keys,
      Instant until,
      LogBlock source) {
    public Member {
      keys = List.copyOf(keys);
    }
  }

  /// What is listed.
  ///
  /// @param members in the list's order
  /// @param trouble what of the list cannot be followed, and why; empty if all of it can
  record Listing(List<Member> members, Optional<String> trouble) {
    public Listing {
      members = List.copyOf(members);
    }

    /// All of a list.
    public Listing(List<Member> members) {
      this(members, Optional.empty());
    }
  }

  /// Who keeps the list, and so what a change of it means.
  enum Keeper {
    /// The logs themselves: once listed, always listed, in the same place. A member that is gone or
    /// has moved is the misbehaviour of a log.
    LOG,
    /// People: a member that is gone was taken off the list.
    PEOPLE
  }

  /// Who keeps the list.
  Keeper keeper();

  /// Where a member is read from that joined after the first look.
  enum Newcomers {
    /// From its first entry: nothing that it ever held is missed.
    FIRST,
    /// From its head: what it held before is not read.
    HEAD
  }

  /// Where members are read from that join after the first look.
  default Newcomers newcomers() {
    return Newcomers.FIRST;
  }

  /// What is listed now.
  ///
  /// @throws LogUnavailableException if nothing was learnt
  /// @throws BadAnswerException if the list is one that no honest log gives
  Listing list() throws LogUnavailableException, BadAnswerException;

  /// A member that was listed once and is not now, to be asked for all the same; empty if it cannot
  /// be asked without being listed.
  ///
  /// @param name its name
  Optional<Member> unlisted(String name);

  /// What was listed, kept over restarts for when the list cannot be had.
  interface Memory {
    /// What was listed last, in the family's own form; empty if nothing was.
    Optional<byte[]> toKeep();

    /// What was listed when `kept` was to be kept; as if it were listed now, until it is known
    /// better.
    ///
    /// @throws BadAnswerException if it is not what this version keeps
    Listing recall(byte[] kept) throws BadAnswerException;
  }

  /// How its list is kept over restarts; empty if an old list is of no use.
  default Optional<Memory> memory() {
    return Optional.empty();
  }

  /// Where the list is had, for people: shown in alerts.
  String address();

  @Override
  void close();
}
