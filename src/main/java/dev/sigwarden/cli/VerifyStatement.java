package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptCheck;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.ReceiptVerdict.Position;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.SignerVerdict;
import dev.sigwarden.cose.StatementCheck;
import dev.sigwarden.cose.StatementVerdict;
import dev.sigwarden.cose.StatementVerdict.Outcome;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.ExpectedIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Verifies a signed statement with its receipts: whose it is, whether it is in a ledger, and
/// whether it is what was asked for. Unproven is kept apart from refused throughout.
final class VerifyStatement {
  private final StatementOptions options;
  private final @Nullable String issuer;
  private final Set<Digest> artifact;

  /// By these options.
  ///
  /// @param issuer the pattern of its issuer, if any
  /// @param artifact the digests of what it has to be of; empty if anything will do
  VerifyStatement(StatementOptions options, @Nullable String issuer, Set<Digest> artifact) {
    this.options = options;
    this.issuer = issuer;
    this.artifact = artifact;
  }

  /// Writes the verdict to `answer`; the exit code.
  int verify(ObjectNode answer, byte[] bytes) throws CommandFailure {
    StatementCheck check =
        new StatementCheck(
            new SignerCheck(options.signerKeys()),
            new ReceiptCheck(options.keys(), options.leaf()));
    List<byte[]> receipts = options.receipts();
    ExpectedIdentity expected = expected();
    SignedStatement statement;
    try {
      statement = SignedStatement.parse(bytes);
    } catch (MalformedCoseException e) {
      answer.put("verdict", "refused");
      answer
          .putArray("because")
          .add(Sanitizer.clean("statement: " + e.getMessage(), EventJson.MAX_WHY));
      return Exit.FINDINGS;
    }
    StatementVerdict verdict = check.check(statement, receipts);
    List<String> policy = policy(statement, expected);
    answer.put("verdict", word(verdict, policy));
    ArrayNode because = answer.putArray("because");
    verdict.because().forEach(why -> because.add(Sanitizer.clean(why, EventJson.MAX_WHY)));
    policy.forEach(why -> because.add(Sanitizer.clean(why, EventJson.MAX_WHY)));
    answer.put("signerVerdict", word(verdict.signer()));
    describe(answer.putObject("statement"), bytes);
    ArrayNode all = answer.putArray("receipts");
    verdict.receipts().forEach(receipt -> receipt(all.addObject(), receipt, statement));
    return exit(verdict, policy);
  }

  private static String word(StatementVerdict verdict, List<String> policy) {
    if (!policy.isEmpty()) {
      return "refused";
    }
    return switch (verdict.outcome()) {
      case PROVEN -> "proven";
      case UNPROVEN -> "unproven";
      case INVALID -> "refused";
    };
  }

  private static String word(SignerVerdict verdict) {
    return switch (verdict) {
      case SignerVerdict.Verified _ -> "verified";
      case SignerVerdict.Claimed _ -> "claimed";
      case SignerVerdict.Unproven _ -> "unproven";
      case SignerVerdict.Refused _ -> "refused";
    };
  }

  private static int exit(StatementVerdict verdict, List<String> policy) {
    if (verdict.signer() instanceof SignerVerdict.Refused) {
      return Exit.FINDINGS;
    }
    if (verdict.outcome() == Outcome.INVALID) {
      return Exit.MISBEHAVED;
    }
    if (!policy.isEmpty()) {
      return Exit.FINDINGS;
    }
    return verdict.outcome() == Outcome.PROVEN ? Exit.OK : Exit.UNPROVEN;
  }

  private ExpectedIdentity expected() throws CommandFailure {
    try {
      return ExpectedIdentity.ofStatement(issuer, options.feed);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(Exit.USAGE, "--" + e.getMessage());
    }
  }

  /// What of the statement is not as asked for.
  private List<String> policy(SignedStatement statement, ExpectedIdentity expected) {
    SignedStatement.Claims claims = statement.claims();
    List<String> found = new ArrayList<>(expected.differences(claims.issuer(), claims.subject()));
    if (options.minSvn != null
        && (claims.svn().isEmpty() || claims.svn().getAsLong() < options.minSvn)) {
      found.add(
          "svn: %s (expected: >= %d)"
              .formatted(
                  claims.svn().isEmpty() ? "none" : claims.svn().getAsLong(), options.minSvn));
    }
    String digest =
        "%s:%s"
            .formatted(
                statement.payload().algorithm().name().toLowerCase(java.util.Locale.ROOT),
                statement.payload().value().toHex());
    if (!artifact.isEmpty() && artifact.stream().noneMatch(one -> one.toString().equals(digest))) {
      found.add("artifact: another one, the statement is of " + digest);
    }
    return found;
  }

  private static void describe(ObjectNode node, byte[] bytes) {
    if (Decoders.found().forFormat("scittstatement").decode(EntryBytes.of(bytes))
        instanceof Decoded.Event(SigningEvent event)) {
      EventJson.event(node, event);
    }
  }

  private static void receipt(ObjectNode node, ReceiptVerdict verdict, SignedStatement statement) {
    switch (verdict) {
      case ReceiptVerdict.Proven proven -> {
        node.put("verdict", "proven");
        node.put("issuer", Sanitizer.clean(proven.issuer()));
        node.put("keySha256", proven.key().toHex());
        switch (proven.position()) {
          case Position.Leaf(long index) -> node.put("index", index);
          case Position.Transaction(var registered, var signed) ->
              node.put("transaction", registered.toString()).put("signedIn", signed.toString());
        }
        node.put("treeSize", proven.head().size());
        node.put("rootHash", proven.head().root().toHex());
        proven
            .issuedAt()
            .ifPresent(time -> {
              node.put("issuedAt", time.toString());
              SignerCheck.outdated(statement, time).ifPresent(why -> node.put("outdated", why));
            });
      }
      case ReceiptVerdict.Unproven(String why) ->
          node.put("verdict", "unproven").put("because", Sanitizer.clean(why, EventJson.MAX_WHY));
      case ReceiptVerdict.Invalid(String why) ->
          node.put("verdict", "invalid").put("because", Sanitizer.clean(why, EventJson.MAX_WHY));
    }
  }
}
