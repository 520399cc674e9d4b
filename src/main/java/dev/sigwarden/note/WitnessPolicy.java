package dev.sigwarden.note;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Which witnesses must have cosigned a checkpoint: a tlog-policy file's quorum. Immutable.
/// c2sp.org/tlog-policy.
public final class WitnessPolicy {
  /// How far ahead of our clock a witness's clock may be before its cosignature is not counted.
  public static final Duration MAX_SKEW = Duration.ofMinutes(5);

  /// A log that a policy file names.
  ///
  /// @param key the log's key; its name is the log's origin
  /// @param url where the log is, as written; empty if the file gives none
  public record Log(VerifierKey key, String url) {}

  /// A witness that a policy names.
  ///
  /// @param name the witness's name in the policy
  /// @param key as it cosigns: type 0x04 or 0x06
  /// @param url where checkpoints are submitted, as written; empty if the file gives none
  public record Witness(String name, VerifierKey key, String url) implements Member {}

  /// What the quorum and groups are made of.
  sealed interface Member {}

  /// At least `threshold` of some members defined earlier.
  ///
  /// @param members positions in the policy's list of members, each below the group's own
  record Group(int threshold, List<Integer> members) implements Member {
    Group {
      members = List.copyOf(members);
    }
  }

  /// Whether a checkpoint has the cosignatures asked for.
  ///
  /// @param met whether it has
  /// @param valid the cosignatures that count, in the policy's order
  /// @param problems what is wrong, for people: bad cosignatures, clocks ahead, a quorum missed;
  ///   may hold something although the quorum is met
  public record Quorum(boolean met, List<Cosignature> valid, List<String> problems) {
    public Quorum {
      valid = List.copyOf(valid);
      problems = List.copyOf(problems);
    }
  }

  /// The quorum of a policy that asks for no witness.
  static final int NO_QUORUM = -1;

  private final List<Log> logs;
  private final List<Member> members;
  private final int quorum;

  /// @param quorum position in `members`, or `NO_QUORUM`
  WitnessPolicy(List<Log> logs, List<Member> members, int quorum) {
    this.logs = List.copyOf(logs);
    this.members = List.copyOf(members);
    this.quorum = quorum;
  }

  /// The policy that asks for no witness.
  public static WitnessPolicy none() {
    return new WitnessPolicy(List.of(), List.of(), NO_QUORUM);
  }

  /// Reads a policy file, decoded as UTF-8.
  public static WitnessPolicy parse(String file) throws MalformedNoteException {
    return new PolicyParser().parse(file);
  }

  /// The policy that asks for any `k` of these witnesses, whose names are their keys' names.
  ///
  /// @throws IllegalArgumentException unless `1 <= k <= witnesses.size()`, all keys are witnesses'
  ///   keys and no two are the same
  public static WitnessPolicy of(int k, List<VerifierKey> witnesses) {
    if (k < 1 || k > witnesses.size()) {
      throw new IllegalArgumentException(
          "quorum: %d (expected: 1 to %d)".formatted(k, witnesses.size()));
    }
    try {
      PolicyParser parser = new PolicyParser();
      List<Member> members = new ArrayList<>();
      for (VerifierKey key : witnesses) {
        members.add(parser.witness(key.name(), key, ""));
      }
      members.add(new Group(k, IntStream.range(0, witnesses.size()).boxed().toList()));
      return new WitnessPolicy(List.of(), members, members.size() - 1);
    } catch (MalformedNoteException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// The logs that the file names, in its order.
  public List<Log> logs() {
    return logs;
  }

  /// The witnesses that the policy names, in its order, whether the quorum needs them or not.
  public List<Witness> witnesses() {
    List<Witness> witnesses = new ArrayList<>();
    for (Member member : members) {
      if (member instanceof Witness witness) {
        witnesses.add(witness);
      }
    }
    return List.copyOf(witnesses);
  }

  /// Whether `note` has the cosignatures asked for. A cosignature dated after `now` by more than
  /// `MAX_SKEW` does not count; how old one may be is not this policy's question.
  public Quorum check(SignedNote note, Instant now) {
    List<Cosignature> valid = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    boolean[] satisfied = new boolean[members.size()];
    int witnesses = 0;
    for (int i = 0; i < satisfied.length; i++) {
      satisfied[i] =
          switch (members.get(i)) {
            case Witness witness -> {
              witnesses++;
              yield counts(witness, note.check(witness.key()), now, valid, problems);
            }
            case Group(int threshold, List<Integer> parts) ->
                parts.stream().filter(part -> satisfied[part]).count() >= threshold;
          };
    }
    boolean met = quorum == NO_QUORUM || satisfied[quorum];
    if (!met) {
      problems.add(
          "the quorum is not met: %d of %d witnesses cosigned".formatted(valid.size(), witnesses));
    }
    return new Quorum(met, valid, problems);
  }

  /// Whether one witness's cosignature counts; adds it to `valid`, or what is wrong with it to
  /// `problems`.
  private static boolean counts(
      Witness witness,
      SignatureCheck check,
      Instant now,
      List<Cosignature> valid,
      List<String> problems) {
    return switch (check) {
      case SignatureCheck.Valid(Instant time) when time.isAfter(now.plus(MAX_SKEW)) -> {
        problems.add(
            "witness " + Strict.excerpt(witness.name()) + ": dated in the future, " + time);
        yield false;
      }
      case SignatureCheck.Valid(Instant time) -> {
        valid.add(new Cosignature(witness.name(), time));
        yield true;
      }
      case SignatureCheck.Invalid(String why) -> {
        problems.add("witness " + Strict.excerpt(witness.name()) + ": " + why);
        yield false;
      }
      case SignatureCheck.Absent() -> false;
    };
  }
}
