package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
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
      "The entry is a file, or LOG:INDEX with a log of the configuration.",
      "Exit codes: 0 decoded, 1 undecodable, 2 usage, 3 the log misbehaved, 4 operational."
    },
    mixinStandardHelpOptions = true)
final class Explain implements Callable<Integer> {
  /// The longest entry file read, in bytes: no log takes an entry of more than 65,535.
  private static final int MAX_BYTES = 1 << 20;

  @Parameters(paramLabel = "FILE|LOG:INDEX", description = "The entry.")
  private String what = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "rekor",
      description = "The format of an entry in a file: rekor or raw (default: ${DEFAULT-VALUE}).")
  private String format = "rekor";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration with the watches (default: config/sigwarden.yaml for LOG:INDEX, none for a file).")
  private @Nullable Path config;

  @Override
  public Integer call() throws CommandFailure {
    Path file = Path.of(what);
    boolean inLog = !Files.exists(file) && what.matches("[^/]+:[0-9]{1,19}");
    ObjectNode answer = EventJson.JSON.createObjectNode();
    EntryBytes entry;
    Watches watches;
    String leafFormat;
    if (inLog) {
      Configuration.Looking configuration =
          Config.look(config == null ? Path.of("config/sigwarden.yaml") : config);
      LogSettings log = log(configuration);
      entry = EntryBytes.of(fetch(configuration, log, answer));
      watches = configuration.watches();
      leafFormat = log.entryFormat();
    } else {
      entry = EntryBytes.of(read(file));
      watches = config == null ? Watches.none() : Config.look(config).watches();
      leafFormat = format;
    }
    explain(answer, entry, leafFormat, watches);
    System.out.println(answer.toPrettyString());
    return answer.has("undecodable") ? Exit.FINDINGS : Exit.OK;
  }

  private static void explain(ObjectNode answer, EntryBytes entry, String format, Watches watches)
      throws CommandFailure {
    Decoders decoders = Decoders.found();
    if (!decoders.formats().contains(format)) {
      throw new CommandFailure(
          Exit.USAGE, "--format %s (expected: one of %s)".formatted(format, decoders.formats()));
    }
    switch (decoders.forFormat(format).decode(entry)) {
      case Decoded.Event(SigningEvent event) -> {
        EventJson.event(answer, event);
        ArrayNode verdicts = answer.putArray("watches");
        Instant now = Instant.now();
        for (Hit hit : watches.select(event)) {
          ObjectNode verdict = verdicts.addObject();
          verdict.put("watch", hit.watch().name());
          verdict.put("selector", hit.selector());
          EventJson.verdict(verdict, watches.judge(hit, event, now, now));
        }
      }
      case Decoded.Undecodable(String reason) -> answer.put("undecodable", Sanitizer.clean(reason));
    }
  }

  private LogSettings log(Configuration.Looking configuration) throws CommandFailure {
    String name = what.substring(0, what.lastIndexOf(':'));
    return FamilyMembers.log(configuration.blocks(), configuration.requests(), name);
  }

  private byte[] fetch(Configuration.Looking configuration, LogSettings log, ObjectNode answer)
      throws CommandFailure {
    try (PoliteHttp http =
            new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom());
        LogClient client = log.source().open(new LogTools(http, Clock.systemUTC()))) {
      long index = Long.parseLong(what.substring(what.lastIndexOf(':') + 1));
      if (!(HeadCheck.check(log.trusted(), client.head(), Instant.now())
          instanceof HeadVerdict.Believed(Checkpoint checkpoint, _, _))) {
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

  private static byte[] read(Path file) throws CommandFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CommandFailure(
            Exit.USAGE, "%s: over %d bytes (expected: one entry)".formatted(file, MAX_BYTES));
      }
      return bytes;
    } catch (NoSuchFileException _) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s: no such file (expected: a file, or LOG:INDEX)".formatted(file));
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
