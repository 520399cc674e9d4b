package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.BundleCheck;
import dev.sigwarden.bundle.LogVerdict;
import dev.sigwarden.bundle.SigstoreBundle;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.rekor.RekorProtocol;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.tail.ChunkJudge;
import dev.sigwarden.tail.Judgement;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.Trusts;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import dev.sigwarden.watch.Watches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden explain`: what an entry says, and what each watch says of it.
@Command(
    name = "explain",
    description = {
      "Decode one entry and say who signed what, which watches select it, and what they say and why.",
      "The entry is a file, a Sigstore bundle or an answer of Rekor's API that holds it, or LOG:INDEX",
      "with a log of the configuration.",
      "Exit codes: 0 decoded, 1 undecodable, 2 usage, 3 the log misbehaved, 4 operational."
    },
    mixinStandardHelpOptions = true)
final class Explain implements Callable<Integer> {
  /// The longest entry read from a file, in bytes: Rekor v1 takes some of megabytes.
  private static final int MAX_BYTES = 8 << 20;

  @Parameters(paramLabel = "FILE|LOG:INDEX", description = "The entry.")
  private String what = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "rekor",
      description =
          "The format of an entry in a file: rekor, ct, scittstatement or raw (default:"
              + " ${DEFAULT-VALUE}).")
  private String format = "rekor";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration with the watches (default: "
              + Configuration.DEFAULT_FILE
              + " for LOG:INDEX, none for a file).")
  private @Nullable Path config;

  @Option(
      names = "--trust",
      paramLabel = "NAME",
      description =
          "The trusted root of the configuration that certificates are checked against (default: the"
              + " log's; for a file the only one there is). What the daemon verified last counts;"
              + " nothing is fetched.")
  private @Nullable String trust;

  /// What entries are explained by.
  ///
  /// @param watches none without a configuration
  /// @param trusts none without a configuration
  /// @param trust which of them; empty for none
  private record By(Watches watches, Trusts trusts, String trust) {
    CertificateTrust check(CertificateSigner signer) {
      return trusts.check(trust, signer);
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    Path file = Path.of(what);
    ObjectNode answer = EventJson.JSON.createObjectNode();
    if (!Files.exists(file) && what.matches("[A-Za-z0-9][A-Za-z0-9._/-]*:[0-9]{1,18}")) {
      Configuration.Looking configuration =
          Config.look(config == null ? Path.of(Configuration.DEFAULT_FILE) : config);
      LogSettings log = log(configuration);
      EntryBytes entry = EntryBytes.of(fetch(configuration, log, answer));
      explain(answer, entry, log.entryFormat(), by(configuration, log.trust()));
    } else {
      byte[] bytes =
          BoundedFile.read(
              file, SigstoreBundle.MAX_BYTES, "a file with an entry or bundle, or LOG:INDEX");
      if (trust != null && config == null) {
        throw new CommandFailure(
            Exit.USAGE,
            "--trust %s (expected: with --config, which says what it is)".formatted(trust));
      }
      By by = config == null ? new By(Watches.none(), Trusts.none(), "") : by(Config.look(config));
      if (SigstoreBundle.isOne(bytes)) {
        bundle(answer, bytes, by);
      } else {
        held(answer, bytes, by);
      }
    }
    System.out.println(answer.toPrettyString());
    return answer.findValue("undecodable") == null ? Exit.OK : Exit.FINDINGS;
  }

  private By by(Configuration.Looking configuration) throws CommandFailure {
    Set<String> trusts = configuration.trusts().keySet();
    return by(configuration, trusts.size() == 1 ? trusts.iterator().next() : "");
  }

  /// @param usual the trust that counts if none is given
  private By by(Configuration.Looking configuration, String usual) throws CommandFailure {
    String name = trust == null ? usual : trust;
    if (!name.isEmpty() && !configuration.trusts().containsKey(name)) {
      throw new CommandFailure(
          Exit.USAGE, "--trust %s (expected: a section of `trust`)".formatted(name));
    }
    return new By(configuration.watches(), Config.trusts(configuration), name);
  }

  /// Explains the entry in a file, as it is or in an answer of Rekor's API.
  private void held(ObjectNode answer, byte[] bytes, By by) throws CommandFailure {
    Optional<byte[]> answered;
    try {
      answered =
          format.equals("rekor") ? RekorProtocol.entryIn("the answer", bytes) : Optional.empty();
    } catch (BadAnswerException e) {
      answer.put("undecodable", Sanitizer.clean(e.getMessage(), EventJson.MAX_WHY));
      return;
    }
    explain(answer, entry(answered.orElse(bytes)), format, by);
  }

  private EntryBytes entry(byte[] bytes) throws CommandFailure {
    if (bytes.length > MAX_BYTES) {
      throw new CommandFailure(
          Exit.USAGE, "%s: over %d bytes (expected: one entry)".formatted(what, MAX_BYTES));
    }
    return EntryBytes.of(bytes);
  }

  /// Explains each entry of a bundle, with what the log's part of it is worth.
  private static void bundle(ObjectNode answer, byte[] bytes, By by) throws CommandFailure {
    SigstoreBundle bundle;
    try {
      bundle = SigstoreBundle.parse(bytes);
    } catch (RefusedException e) {
      answer.put("undecodable", Sanitizer.clean(e.getMessage(), EventJson.MAX_WHY));
      return;
    }
    answer.put("bundle", "0." + bundle.version());
    List<LogVerdict> verdicts =
        by.trusts()
            .inForce(by.trust())
            .map(root -> new BundleCheck(root.root()).logs(bundle))
            .orElse(List.of());
    ArrayNode entries = answer.putArray("entries");
    for (int i = 0; i < bundle.entries().size(); i++) {
      ObjectNode entry = entries.addObject();
      ObjectNode log = entry.putObject("log");
      if (verdicts.isEmpty()) {
        log.put("verdict", "not-checked");
      } else {
        EventJson.log(log, verdicts.get(i));
      }
      explain(entry, bundle.entries().get(i).body(), "rekor", by);
    }
    if (entries.isEmpty()) {
      answer.put("undecodable", "a bundle without an entry of a log");
    }
  }

  private static void explain(ObjectNode answer, EntryBytes entry, String format, By by)
      throws CommandFailure {
    Decoders decoders = Decoders.found();
    if (!decoders.formats().contains(format)) {
      throw new CommandFailure(
          Exit.USAGE, "--format %s (expected: one of %s)".formatted(format, decoders.formats()));
    }
    EntryDecoder decoder = decoders.forFormat(format);
    switch (decoder.decode(entry)) {
      case Decoded.Event(SigningEvent event) -> {
        EventJson.event(answer, event);
        int number = 0;
        for (Signer signer : event.signers()) {
          if (answer.path("signers").path(number++) instanceof ObjectNode node
              && signer instanceof CertificateSigner certificate) {
            EventJson.trust(node, by.check(certificate));
          }
        }
        ArrayNode verdicts = answer.putArray("watches");
        ChunkJudge judge = new ChunkJudge(decoder, by::watches, by::check, Clock.systemUTC());
        Leaves leaves =
            new Leaves.Builder(0, 1).add(entry.buffer(), entry.offset(), entry.length()).build();
        for (Judgement judgement : judge.judge(leaves).judgements()) {
          EventJson.opinion(verdicts.addObject(), judgement);
        }
      }
      case Decoded.Undecodable(String reason) -> answer.put("undecodable", Sanitizer.clean(reason));
    }
  }

  private LogSettings log(Configuration.Looking configuration) throws CommandFailure {
    String name = what.substring(0, what.lastIndexOf(':'));
    return FamilyMembers.log(
        configuration.blocks(), configuration.trusts().values(), configuration.requests(), name);
  }

  private byte[] fetch(Configuration.Looking configuration, LogSettings log, ObjectNode answer)
      throws CommandFailure {
    try (PoliteHttp http =
            new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom());
        LogClient client = log.source().open(new LogTools(http, Clock.systemUTC()))) {
      long index = Long.parseLong(what.substring(what.lastIndexOf(':') + 1));
      if (!(HeadCheck.check(log.trusted(), client.head(), Instant.now())
          instanceof HeadVerdict.Believed(Checkpoint checkpoint, _, _, _))) {
        throw new CommandFailure(
            Exit.MISBEHAVED, log.trusted().name() + ": its checkpoint cannot be believed");
      }
      if (index >= checkpoint.head().size()) {
        throw new CommandFailure(
            Exit.USAGE,
            "index %d (expected: below the log's size of %d)"
                .formatted(index, checkpoint.head().size()));
      }
      byte[] entry = client.leaves(index, index + 1, checkpoint.head()).copy(0);
      Optional<String> objection =
          client
              .inclusion(index, checkpoint.head())
              .objection(
                  log.trusted(), index, Hash.ofLeaf(entry), checkpoint.head(), Instant.now());
      answer.put("log", log.trusted().name());
      answer.put("index", index);
      answer.put("proven", objection.isEmpty());
      if (objection.isPresent()) {
        throw new CommandFailure(
            Exit.MISBEHAVED,
            "%s: entry %d is not in the tree that it signed: %s"
                .formatted(log.trusted().name(), index, Sanitizer.clean(objection.get())));
      }
      return entry;
    } catch (LogUnavailableException e) {
      throw new CommandFailure(Exit.OPERATIONAL, Sanitizer.clean(e.getMessage()));
    } catch (BadAnswerException e) {
      throw new CommandFailure(Exit.MISBEHAVED, Sanitizer.clean(e.getMessage()));
    }
  }
}
