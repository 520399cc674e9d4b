package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogBlock;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.verify.TrustedLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads the sections of `logs:`.
final class BlockReader {
  private BlockReader() {}

  /// Reads one section of `logs:`.
  ///
  /// @param trusts all trusted roots by name
  static BlockSettings read(
      Section log,
      List<LogProtocol> protocols,
      Decoders decoders,
      Map<String, TrustSettings> trusts) {
    Map<String, Function<Section, Chosen>> readers = new LinkedHashMap<>();
    for (LogProtocol protocol : protocols) {
      if (readers.put(protocol.name(), section -> chosen(section, protocol, trusts)) != null) {
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
    WitnessPolicy witnesses = witnesses(log);
    Start start = start(log);
    LogSettings.Timing timing = LogSettings.Timing.read(log);
    LogSettings.Mode mode =
        log.choice(
            "mode",
            LogSettings.Mode.class,
            LogSettings.Mode.JUDGE,
            "whether entries are judged, or heads only are proven to continue each other");
    String protocol = chosen.map(it -> it.protocol().name()).orElse("");
    FamilySource.Trust believed = chosen.map(Chosen::believed).orElseGet(BlockReader::nobody);
    return switch (chosen.map(Chosen::block).orElse(UNREADABLE)) {
      case LogSource source ->
          new LogSettings(
              new TrustedLog(log.name(), believed.origin(), believed.keys(), witnesses),
              protocol,
              source,
              format,
              believed.root(),
              start,
              Instant.MAX,
              timing,
              mode);
      case LedgerSource source -> {
        if (!witnesses.witnesses().isEmpty()) {
          log.problem("witness-policy", "of a ledger", "none: nobody cosigns receipts");
        }
        if (mode != LogSettings.Mode.JUDGE) {
          log.problem("mode", "of a ledger", "judge: a ledger shows no heads apart from entries");
        }
        yield new LedgerSettings(log.name(), protocol, source, format, start, timing);
      }
      case FamilySource source ->
          new FamilySettings(
              log.name(),
              protocol,
              source,
              believed,
              witnesses,
              format,
              believed.root(),
              start,
              Instant.MAX,
              timing,
              mode);
    };
  }

  private record Chosen(LogProtocol protocol, LogBlock block, FamilySource.Trust believed) {}

  /// Stands in where a problem was noted, so that the rest of the section is read all the same.
  private static FamilySource.Trust nobody() {
    return new FamilySource.Trust("none", List.of(NoteSigner.generate("none").verifierKey()), "");
  }

  private static Chosen chosen(
      Section log, LogProtocol protocol, Map<String, TrustSettings> trusts) {
    LogBlock block = protocol.configure(log);
    return new Chosen(
        protocol, block, block.trust().orElseGet(() -> believed(log, protocol, trusts)));
  }

  /// Reads whose signatures count.
  private static FamilySource.Trust believed(
      Section log, LogProtocol protocol, Map<String, TrustSettings> trusts) {
    if (protocol.rooted()) {
      return new FamilySource.Trust("", List.of(), root(log, trusts));
    }
    List<VerifierKey> keys = keys(log);
    String origin =
        log.optionalText("origin", "the first line of checkpoints; the key's name if not given")
            .orElse(keys.getFirst().name());
    return new FamilySource.Trust(origin, keys, trust(log, trusts.keySet()));
  }

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
    return keys.isEmpty() ? nobody().keys() : keys;
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

  /// The trusted root that names the logs.
  private static String root(Section log, Map<String, TrustSettings> trusts) {
    String expected =
        "the name of the trusted root that names the logs, their keys and authorities";
    String trust = log.text("trust", expected);
    TrustSettings found = trusts.get(trust);
    if (found == null) {
      log.problem(
          "trust",
          trust + Nearest.hint(trust, trusts.keySet()),
          "the name of a section of `trust`");
    } else if (!found.namesLogs()) {
      log.problem("trust", trust + ", which names no log", "a trusted root with tlogs");
    }
    return trust;
  }

  private static String trust(Section log, Set<String> trusts) {
    String trust =
        log.text(
            "trust",
            "",
            "the name of the trusted root that certificates in it are checked against; without it"
                + " they are not");
    if (!trust.isEmpty() && !trusts.contains(trust)) {
      log.problem("trust", trust + Nearest.hint(trust, trusts), "the name of a section of `trust`");
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
