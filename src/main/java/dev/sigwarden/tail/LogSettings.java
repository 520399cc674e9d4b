package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.verify.TrustedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One log of the configuration.
///
/// @param trusted its name, origin, keys and witnesses
/// @param protocol the protocol's name
/// @param source how to open it
/// @param entryFormat the format of its leaves, as `EntryDecoder.format()` answers
/// @param trust the name of the trusted root that its certificates are checked against; empty if
///   they are not checked
/// @param start where reading begins when the log is first met
/// @param timing how often it is asked, and what is too long
public record LogSettings(
    TrustedLog trusted,
    String protocol,
    LogSource source,
    String entryFormat,
    String trust,
    Start start,
    Timing timing) {

  /// How often a log is asked, and what is too long.
  ///
  /// @param poll between two turns that find nothing new
  /// @param staleAfter how old the newest sign of life may be: a new head or a cosignature
  /// @param unreachableAfter how long a log may fail to answer
  /// @param rollbackAfter how long a log may show a smaller head before that is no stale cache
  /// @param backlogAfter how long a backlog may last without shrinking
  public record Timing(
      Duration poll,
      Duration staleAfter,
      Duration unreachableAfter,
      Duration rollbackAfter,
      Duration backlogAfter) {
    /// The defaults: a minute from signature to alert, and patience with what mends itself.
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(10),
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));

    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofDays(365);

    static Timing read(Section log) {
      return new Timing(
          log.duration(
              "poll", DEFAULT.poll, MIN, Duration.ofDays(1), "between two looks at the log"),
          log.duration(
              "stale-after",
              DEFAULT.staleAfter,
              MIN,
              MAX,
              "how old the newest sign of life (a new head, a cosignature) may be"),
          log.duration(
              "unreachable-after",
              DEFAULT.unreachableAfter,
              MIN,
              MAX,
              "how long the log may fail to answer before that is told"),
          log.duration(
              "rollback-after",
              DEFAULT.rollbackAfter,
              MIN,
              MAX,
              "how long a smaller head may be shown before it counts as a rollback"),
          log.duration(
              "backlog-after",
              DEFAULT.backlogAfter,
              MIN,
              MAX,
              "how long a backlog may last without shrinking before that is told"));
    }
  }

  /// The same log under another name.
  public LogSettings named(String name) {
    TrustedLog renamed =
        new TrustedLog(name, trusted.origin(), trusted.keys(), trusted.witnesses());
    return new LogSettings(renamed, protocol, source, entryFormat, trust, start, timing);
  }

  /// Reads one section of `logs:`.
  ///
  /// @param trusts the names of all trusted roots
  public static LogSettings read(
      Section log, List<LogProtocol> protocols, Decoders decoders, Set<String> trusts) {
    Map<String, Function<Section, Chosen>> readers = new LinkedHashMap<>();
    for (LogProtocol protocol : protocols) {
      if (readers.put(protocol.name(), section -> new Chosen(protocol, protocol.configure(section)))
          != null) {
        throw new IllegalStateException(
            "protocol %s: two of them (expected: one name each)".formatted(protocol.name()));
      }
    }
    Optional<Chosen> chosen = log.variant("protocol", "how to talk to the log", readers);
    String defaultFormat = chosen.map(it -> it.protocol().entryFormat()).orElse("raw");
    String format = log.text("entries", defaultFormat, "the format of the log's leaves");
    if (!decoders.formats().contains(format)) {
      log.problem(
          "entries",
          format + Nearest.hint(format, decoders.formats()),
          "one of " + String.join(", ", decoders.formats()));
    }
    List<VerifierKey> keys = keys(log);
    return new LogSettings(
        new TrustedLog(
            log.name(),
            log.optionalText("origin", "the first line of checkpoints; the key's name if not given")
                .orElse(keys.getFirst().name()),
            keys,
            witnesses(log)),
        chosen.map(it -> it.protocol().name()).orElse(""),
        chosen.map(Chosen::source).orElse(UNREADABLE),
        format,
        trust(log, trusts),
        start(log),
        Timing.read(log));
  }

  private record Chosen(LogProtocol protocol, LogSource source) {}

  /// Stands in for a source that could not be read; a configuration with problems is never used.
  private static final LogSource UNREADABLE =
      _ -> {
        throw new IllegalStateException("a log that could not be configured was opened");
      };

  private static List<VerifierKey> keys(Section log) {
    List<VerifierKey> keys = new ArrayList<>();
    for (String vkey :
        log.texts(
            "key", "the vkey that signs checkpoints, name+id+base64; several during a rotation")) {
      try {
        keys.add(VerifierKey.parse(vkey));
      } catch (MalformedNoteException e) {
        log.problem("key", e.getMessage(), "a vkey: name+hash+base64(type and key)");
      }
    }
    if (keys.isEmpty()) {
      // A problem was noted; the rest of the section is read all the same.
      keys.add(NoteSigner.generate("none").verifierKey());
    }
    return keys;
  }

  private static WitnessPolicy witnesses(Section log) {
    Optional<String> file =
        log.optionalFile(
            "witness-policy",
            "a tlog-policy file: which witnesses must have cosigned a checkpoint");
    if (file.isEmpty()) {
      return WitnessPolicy.none();
    }
    try {
      return WitnessPolicy.parse(file.get());
    } catch (MalformedNoteException e) {
      log.problem("witness-policy", e.getMessage(), "a tlog-policy file");
      return WitnessPolicy.none();
    }
  }

  private static String trust(Section log, Set<String> trusts) {
    String trust =
        log.text(
            "trust",
            "",
            "the name of the trusted root that certificates in it are checked against; without it"
                + " they are not");
    if (!trust.isEmpty() && !trusts.contains(trust)) {
      String nearest = Nearest.of(trust, trusts).map(n -> " (did you mean " + n + "?)").orElse("");
      log.problem("trust", trust, "the name of a section of `trust`" + nearest);
    }
    return trust;
  }

  private static Start start(Section log) {
    String start =
        log.text("start", "head", "where reading begins at first: `head`, or an entry's index");
    if (start.equals("head")) {
      return new Start.Head();
    }
    try {
      long index = Long.parseLong(start);
      if (index >= 0) {
        return new Start.Index(index);
      }
    } catch (NumberFormatException _) {
      // Told below, as for a negative number.
    }
    log.problem("start", start, "`head`, or an entry's index in [0, 2^63)");
    return new Start.Head();
  }
}
