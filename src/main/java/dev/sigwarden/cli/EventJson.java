package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.LogVerdict;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.tail.Judgement;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Lookalike;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;

/// Judgements and signing events as JSON for `scan` and `explain`; text from entries is sanitised.
final class EventJson {
  static final ObjectMapper JSON = new ObjectMapper();

  /// Names shown of one certificate; the rest is counted.
  private static final int MAX_NAMES = 20;

  /// The longest reason why a log's part is refused, in characters: two hashes and some words.
  static final int MAX_WHY = 400;

  private EventJson() {}

  /// One line of `scan`.
  static ObjectNode judgement(Judgement judgement) {
    ObjectNode line = JSON.createObjectNode();
    line.put("index", judgement.index());
    line.put("leafHash", judgement.leaf().toHex());
    opinion(line, judgement);
    switch (judgement) {
      case Judgement.Signature signature -> event(line, signature.event());
      case Judgement.Resembling resembling -> event(line, resembling.event());
      case Judgement.Undecodable _ -> {}
    }
    return line;
  }

  /// Puts what a watch says on an object, without the entry that it says it of.
  static void opinion(ObjectNode node, Judgement judgement) {
    switch (judgement) {
      case Judgement.Signature signature -> {
        node.put("watch", signature.hit().watch().name());
        node.put("selector", signature.hit().selector());
        verdict(node, signature.verdict());
        trust(node, signature.trust());
      }
      case Judgement.Resembling resembling -> {
        node.put("watch", resembling.lookalike().watch().name());
        node.put("verdict", "lookalike");
        lookalike(node, resembling.lookalike());
        trust(node, resembling.trust());
      }
      case Judgement.Undecodable undecodable -> {
        node.put("verdict", "undecodable");
        node.put("because", Sanitizer.clean(undecodable.reason()));
        ArrayNode names = node.putArray("mentions");
        undecodable.mentioned().stream().map(Watch::name).forEach(names::add);
      }
    }
  }

  /// Puts who resembles whom on an object.
  private static void lookalike(ObjectNode node, Lookalike lookalike) {
    node.put("way", lookalike.way().label());
    node.put("subject", Sanitizer.clean(lookalike.subject()));
    node.put("watched", lookalike.watched());
    node.put("part", lookalike.part());
    node.put("difference", Sanitizer.clean(lookalike.difference()));
  }

  /// Puts a verdict on an object.
  static void verdict(ObjectNode node, Verdict verdict) {
    switch (verdict) {
      case Verdict.Expected(String because) ->
          node.put("verdict", "expected").put("because", because);
      case Verdict.Pending(var until, String because) ->
          node.put("verdict", "pending").put("because", because).put("until", until.toString());
      case Verdict.Unexpected(String because) ->
          node.put("verdict", "unexpected").put("because", because);
    }
  }

  /// Puts what a certificate is worth on an object.
  static void trust(ObjectNode node, CertificateTrust trust) {
    switch (trust) {
      case CertificateTrust.Verified(String authority, String log) ->
          node.put("trust", "verified").put("authority", authority).put("ctLog", log);
      case CertificateTrust.UnverifiedClaim(String reason) ->
          node.put("trust", "unverified-claim").put("trustReason", reason);
      case CertificateTrust.NotChecked(String reason) ->
          node.put("trust", "not-checked").put("trustReason", reason);
    }
  }

  /// Puts who and what on an object.
  static void event(ObjectNode node, SigningEvent event) {
    node.put("kind", Sanitizer.clean(event.kind()));
    node.put("version", Sanitizer.clean(event.version()));
    ArrayNode signers = node.putArray("signers");
    event.signers().forEach(signer -> signer(signers.addObject(), signer));
    ArrayNode artifacts = node.putArray("artifacts");
    for (ArtifactDigest artifact : event.artifacts()) {
      artifacts
          .addObject()
          .put("digest", artifact.digest().toString())
          .put("role", artifact.role().name().toLowerCase(java.util.Locale.ROOT));
    }
    claimed(node, event.claimed());
  }

  /// Puts what the entry says of the artifact on an object; nothing if it says nothing.
  private static void claimed(ObjectNode node, ClaimedArtifact claimed) {
    if (claimed.equals(ClaimedArtifact.NONE)) {
      return;
    }
    ObjectNode said = node.putObject("claimed");
    Sanitizer.cleanAll(claimed.names()).forEach(said.putArray("names")::add);
    said.put("moreNames", claimed.moreNames());
    said.put("version", Sanitizer.clean(claimed.version()));
    said.put("predicateType", Sanitizer.clean(claimed.predicateType()));
    said.put("contentType", Sanitizer.clean(claimed.contentType()));
  }

  /// Puts what a log's part of a bundle is worth on an object.
  static void log(ObjectNode node, LogVerdict verdict) {
    switch (verdict) {
      case LogVerdict.Proven proven ->
          node.put("verdict", "proven")
              .put("log", proven.log())
              .put("origin", Sanitizer.clean(proven.origin()))
              .put("index", proven.index())
              .put("treeSize", proven.treeSize());
      case LogVerdict.Promised promised ->
          node.put("verdict", "promised").put("log", promised.log()).put("index", promised.index());
      case LogVerdict.Refused(String why) ->
          node.put("verdict", "refused").put("because", Sanitizer.clean(why, MAX_WHY));
    }
    verdict.time().ifPresent(time -> node.put("integratedTime", time.toString()));
  }

  /// Puts what a certificate of a log of certificates says beside on an object. A precertificate
  /// has no hash of a certificate.
  private static void issued(ObjectNode node, IssuedCertificate certificate) {
    node.put("precertificate", certificate.isPrecertificate());
    node.put("tbsSha256", certificate.tbsSha256().toHex());
    node.put("subjectDn", Sanitizer.clean(certificate.subjectDn()));
    node.put("issuerDn", Sanitizer.clean(certificate.issuerDn()));
    certificate.issuerKeySha256().ifPresent(key -> node.put("issuerKeySha256", key.toHex()));
    certificate.unread().ifPresent(why -> node.put("unread", Sanitizer.clean(why)));
    if (certificate.isPrecertificate()) {
      node.remove("certificateSha256");
    }
  }

  /// Puts a signer on an object.
  static void signer(ObjectNode node, Signer signer) {
    switch (signer) {
      case CertificateSigner certificate -> {
        ArrayNode subjects = node.putArray("subjects");
        certificate.subjects().stream()
            .limit(MAX_NAMES)
            .forEach((SubjectName name) ->
                subjects
                    .addObject()
                    .put("kind", name.kind().label())
                    .put("value", Sanitizer.clean(name.value())));
        node.put("subjectCount", certificate.subjects().size());
        node.put("issuer", Sanitizer.clean(certificate.issuer()));
        ObjectNode extensions = node.putObject("extensions");
        certificate
            .extensions()
            .forEach((oid, value) -> extensions.put(Sanitizer.clean(oid), Sanitizer.clean(value)));
        node.put("serial", Sanitizer.clean(certificate.serial()));
        node.put("notBefore", certificate.notBefore().toString());
        node.put("notAfter", certificate.notAfter().toString());
        node.put("certificateSha256", certificate.certificateSha256().toHex());
        if (certificate instanceof IssuedCertificate issued) {
          issued(node, issued);
        }
        ArrayNode oddities = node.putArray("oddities");
        certificate.oddities().stream()
            .limit(MAX_NAMES)
            .map(Sanitizer::clean)
            .forEach(oddities::add);
      }
      case KeySigner key -> node.put("keyType", Sanitizer.clean(key.keyType()));
      case PgpSigner pgp -> {
        node.put("keyType", pgp.keys().getFirst().keyType());
        ArrayNode userIds = node.putArray("userIds");
        pgp.checkedUserIds().stream()
            .limit(MAX_NAMES)
            .forEach(userId ->
                userIds
                    .addObject()
                    .put("value", Sanitizer.clean(userId.text()))
                    .put("proof", userId.proof().label()));
        node.put("userIdCount", pgp.userIds().size());
      }
      case StatementSigner statement -> statement(node, statement);
    }
    if (!signer.keyIds().isEmpty()) {
      ArrayNode keyIds = node.putArray("keyIds");
      signer.keyIds().stream()
          .limit(MAX_NAMES)
          .forEach(id ->
              keyIds
                  .addObject()
                  .put("scheme", id.scheme().label())
                  .put("value", Sanitizer.clean(id.value())));
    }
    node.put("keySha256", signer.keySha256().toHex());
  }

  private static void statement(ObjectNode node, StatementSigner statement) {
    node.put("issuer", Sanitizer.clean(statement.issuer()));
    ArrayNode parts = node.putArray("did");
    statement.issuerParts().stream().limit(MAX_NAMES).map(Sanitizer::clean).forEach(parts::add);
    node.put("feed", Sanitizer.clean(statement.feed()));
    statement.svn().ifPresent(svn -> node.put("svn", svn));
    statement.issuedAt().ifPresent(time -> node.put("issuedAt", time.toString()));
    node.put("contentType", Sanitizer.clean(statement.contentType()));
    node.put("location", Sanitizer.clean(statement.location()));
    node.put("algorithm", statement.algorithm());
    ArrayNode usages = node.putArray("eku");
    statement.keyUsages().stream().limit(MAX_NAMES).map(Sanitizer::clean).forEach(usages::add);
    ArrayNode oddities = node.putArray("oddities");
    statement.oddities().stream().limit(MAX_NAMES).map(Sanitizer::clean).forEach(oddities::add);
    statement
        .certificate()
        .ifPresent(certificate -> {
          ObjectNode inner = node.putObject("certificate");
          signer(inner, certificate);
          inner.put("subjectDn", Sanitizer.clean(certificate.subjectDn()));
          inner.put("issuerDn", Sanitizer.clean(certificate.issuerDn()));
        });
  }
}
