package dev.sigwarden.log;

import dev.sigwarden.note.VerifierKey;
import java.util.List;

/// Several logs that one section of the configuration stands for, as they are listed now. Used by
/// one thread at a time.
public interface LogFamily extends AutoCloseable {
  /// One log of a family.
  ///
  /// @param name stable, told from its siblings by it: 1 to 64 letters, digits, dots, hyphens and
  ///   underscores; the log is called `section/name`
  /// @param origin the first line of its checkpoints
  /// @param keys the keys that may sign them, at least one
  /// @param source how to open it
  record Member(String name, String origin, List<VerifierKey> keys, LogSource source) {
    public Member {
      keys = List.copyOf(keys);
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

  /// The members listed now, in the list's order.
  ///
  /// @throws LogUnavailableException if nothing was learnt
  /// @throws BadAnswerException if the list is one that no honest log gives
  List<Member> members() throws LogUnavailableException, BadAnswerException;

  /// Where the list is had, for people: shown in alerts.
  String address();

  @Override
  void close();
}
