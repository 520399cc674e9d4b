package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.tail.ChunkJudge;
import dev.sigwarden.tail.Judgement;
import dev.sigwarden.tail.MismatchException;
import dev.sigwarden.tail.RangeScan;
import dev.sigwarden.tail.RangeScan.Listener;
import dev.sigwarden.tail.RangeScan.Scanned;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.Trusts;
import dev.sigwarden.watch.Verdict;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sigwarden scan`: judges a range of a log once.
@Command(
    name = "scan",
    description = {
      "Judge a range of a log once.",
      "Each entry is proven against the log's signed checkpoint and decoded, and what the watches of",
      "--config think of it is said. Nothing is stored and nobody is told.",
      "",
      "With --remote the daemon does it, all its replicas together, on a log that it follows: what it",
      "finds is kept and told like what it meets itself. Each finding is one JSON line, and a second",
      "call with --cancel or --resume ID ends a scan or lets it go on.",
      "",
      "Of a CCF ledger (--log ledger:DIR) every file is replayed, every signed root compared, and",
      "every statement's signature and security version checked.",
      "",
      "Each entry that a watch selects is one JSON line on stdout; a summary ends the output.",
      "Progress goes to stderr."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 clean, 1 unexpected or undecodable entries, 2 usage, 3 the log misbehaved,",
      "4 operational, 5 a ledger's statements that no signed root covers (with --keys, no root that",
      "one of them signed)."
    })
final class Scan implements Callable<Integer> {
  @Mixin private final LogChoice choice = new LogChoice();

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      defaultValue = "0",
      description = "The first entry (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "INDEX",
      description = "The index after the last entry (default: the newest checkpoint's size).")
  private @Nullable Long to;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description =
          "Of a ledger: keys of which the service's has to be one, and sign the roots (default: those"
              + " that the ledger itself names). May be repeated.")
  private List<Path> keys = List.of();

  @Option(names = "--json", description = "The summary as a JSON object in the last line.")
  private boolean json;

  @Mixin private final RemoteScan remote = new RemoteScan();

  /// The longest message on a log's misbehaviour, in characters: hashes and an address.
  private static final int MAX_MESSAGE = 2_000;

  private long signatures;
  private long findings;

  @Override
  public Integer call() throws CommandFailure {
    if (remote.isAsked()) {
      return remote.run(choice, from, Optional.ofNullable(to), json);
    }
    Optional<Path> ledger = choice.ledger();
    if (ledger.isPresent()) {
      if (from != 0 || to != null) {
        throw new CommandFailure(
            Exit.USAGE, "--from and --to: a ledger is replayed from its start to its end");
      }
      return new LedgerScan(ledger.get(), StatementOptions.keys(keys), choice.watches()).run(json);
    }
    if (!keys.isEmpty()) {
      throw new CommandFailure(Exit.USAGE, "--keys is of ledgers (expected: --key)");
    }
    if (from < 0 || (to != null && to < from)) {
      throw new CommandFailure(
          Exit.USAGE, "--from %d --to %s (expected: 0 <= from <= to)".formatted(from, to));
    }
    LogChoice.Chosen chosen = choice.choose();
    String name = chosen.log().trusted().name();
    if (chosen.watches().all().isEmpty()) {
      System.err.println("sigwarden: no watches (see --config): entries are proven, not matched");
    }
    Progress progress = new Progress(name, from);
    try (PoliteHttp http =
            new PoliteHttp(chosen.requests(), Clock.systemUTC(), new SecureRandom());
        LogClient client = chosen.log().source().open(new LogTools(http, Clock.systemUTC()))) {
      Trusts trusts = Trusts.open(chosen.trusts(), http, Clock.systemUTC());
      RangeScan scan =
          new RangeScan(
              chosen.log(),
              client,
              new ChunkJudge(
                  Decoders.found().forFormat(chosen.log().entryFormat()),
                  chosen::watches,
                  signer -> trusts.check(chosen.log().trust(), signer),
                  Clock.systemUTC()),
              Clock.systemUTC());
      Scanned scanned =
          scan.run(
              from,
              to == null ? OptionalLong.empty() : OptionalLong.of(to),
              new Listener(this::tell, progress::at));
      progress.end();
      summary(scanned);
      return findings == 0 ? Exit.OK : Exit.FINDINGS;
    } catch (LogUnavailableException e) {
      throw new CommandFailure(Exit.OPERATIONAL, Sanitizer.clean(e.getMessage()));
    } catch (BadAnswerException e) {
      throw misbehaved(name, e.getMessage());
    } catch (MismatchException e) {
      throw misbehaved(name, e.getMessage());
    }
  }

  private static CommandFailure misbehaved(String log, String how) {
    return new CommandFailure(
        Exit.MISBEHAVED, "log %s misbehaved: %s".formatted(log, Sanitizer.clean(how, MAX_MESSAGE)));
  }

  private void tell(Judgement judgement) {
    boolean expected =
        judgement instanceof Judgement.Signature signature
            && signature.verdict() instanceof Verdict.Expected;
    if (judgement instanceof Judgement.Signature) {
      signatures++;
    }
    if (!expected) {
      findings++;
    }
    System.out.println(EventJson.judgement(judgement));
  }

  private void summary(Scanned scanned) {
    if (!json) {
      System.out.printf(
          "%s: entries [%d, %d) are proven to be in its signed tree of %d entries;"
              + " %d selected by watches, %d findings%n",
          scanned.checkpoint().origin(),
          scanned.from(),
          scanned.to(),
          scanned.checkpoint().head().size(),
          signatures,
          findings);
      return;
    }
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("origin", scanned.checkpoint().origin());
    line.put("from", scanned.from());
    line.put("to", scanned.to());
    line.put("treeSize", scanned.checkpoint().head().size());
    line.put("rootHash", scanned.checkpoint().head().root().toHex());
    line.put("proven", true);
    line.put("selected", signatures);
    line.put("findings", findings);
    System.out.println(line);
  }
}
