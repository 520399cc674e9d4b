package dev.sigwarden.tail;

import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.SignerVerdict;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Judges one entry of a ledger: what the watches say of it, and whether it is its issuer's.
/// Thread-safe.
final class LedgerJudge {
  private final ChunkJudge judge;
  private final SignerCheck signers = new SignerCheck(List.of());

  /// @param judge of entries of the ledger's format
  LedgerJudge(ChunkJudge judge) {
    this.judge = judge;
  }

  /// What came of an entry.
  ///
  /// @param judgements what is worth writing down of it
  /// @param refused why it is not its issuer's; empty if nothing says so
  record Judged(List<Judgement> judgements, Optional<String> refused) {}

  /// Judges an entry that is proven.
  ///
  /// @param entry its bytes as the ledger holds them
  /// @param leaf its leaf hash
  /// @param issued when its receipt was made
  Judged judge(TxId id, byte[] entry, Hash leaf, Optional<Instant> issued) {
    Leaves.Builder one = new Leaves.Builder(id.seqno(), 1).add(entry, 0, entry.length);
    issued.ifPresent(one::loggedAt);
    SignerVerdict signer = signer(entry);
    List<Judgement> judgements =
        judge.judge(one.build()).judgements().stream().map(it -> with(it, leaf, signer)).toList();
    return new Judged(
        judgements,
        signer instanceof SignerVerdict.Refused(String why) ? Optional.of(why) : Optional.empty());
  }

  private SignerVerdict signer(byte[] entry) {
    try {
      return signers.check(SignedStatement.parse(entry));
    } catch (MalformedCoseException e) {
      return new SignerVerdict.Unproven(e.getMessage());
    }
  }

  /// The judgement with the ledger's own leaf hash, and with what the signature is worth. A
  /// statement that is not its issuer's is no signature of the identity that it names.
  private static Judgement with(Judgement judgement, Hash leaf, SignerVerdict signer) {
    return switch (judgement) {
      case Judgement.Signature it ->
          new Judgement.Signature(
              it.index(),
              leaf,
              it.entry(),
              it.loggedAt(),
              it.event(),
              it.hit(),
              trust(signer),
              signer instanceof SignerVerdict.Refused(String why)
                  ? new Verdict.Unexpected("the statement is not its issuer's: " + why)
                  : it.verdict());
      case Judgement.Resembling it ->
          new Judgement.Resembling(
              it.index(),
              leaf,
              it.entry(),
              it.loggedAt(),
              it.event(),
              it.lookalike(),
              trust(signer));
      case Judgement.Undecodable it ->
          new Judgement.Undecodable(
              it.index(), leaf, it.entry(), it.loggedAt(), it.reason(), it.mentioned());
    };
  }

  /// What the signature of an entry is worth.
  CertificateTrust trust(byte[] entry) {
    return trust(signer(entry));
  }

  /// What a statement's signature is worth, in the words of certificates.
  private static CertificateTrust trust(SignerVerdict signer) {
    return switch (signer) {
      case SignerVerdict.Verified(String by) -> new CertificateTrust.Verified(by, "");
      case SignerVerdict.Claimed(String why) -> new CertificateTrust.NotChecked(why);
      case SignerVerdict.Unproven(String why) -> new CertificateTrust.NotChecked(why);
      case SignerVerdict.Refused(String why) -> new CertificateTrust.UnverifiedClaim(why);
    };
  }
}
