package dev.sigwarden.alert;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.PgpSigner.PgpUserId;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.trust.CertificateTrust;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What an alert says of a signer. All of it is what the entry claims: anyone can write a
/// certificate with any name into an open log, so every alert says whether somebody vouches for it.
final class SignerFields {
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  /// Field names and the Fulcio extensions that hold them, the newest first, as numbers under
  /// 1.3.6.1.4.1.57264.1. Source: Fulcio docs/oid-info.md.
  private static final List<Map.Entry<String, List<String>>> CI_CLAIMS =
      List.of(
          Map.entry("repository", List.of("12", "5")),
          Map.entry("ref", List.of("14", "6")),
          Map.entry("commit", List.of("13", "3")),
          Map.entry("workflow", List.of("18", "9", "4")),
          Map.entry("run", List.of("21")),
          Map.entry("runner", List.of("11")),
          Map.entry("trigger", List.of("20", "2")));

  /// A certificate that starts this much later than it was seen was not made by an honest clock.
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private SignerFields() {}

  /// Adds who the signer claims to be, and what that is worth.
  static void who(Fields who, Signer signer, CertificateTrust trust) {
    switch (signer) {
      case CertificateSigner certificate -> certificate(who, certificate, trust);
      case KeySigner key -> {
        who.add("identity", "key sha256:" + key.keySha256().toHex());
        who.add("verified", "no: the entry names this key, Sigwarden did not check its signature");
        who.add("key-sha256", key.keySha256().toHex());
        keyIds(who, key);
        who.fromLog("key-type", key.keyType());
      }
      case PgpSigner pgp -> {
        List<PgpUserId> userIds = pgp.checkedUserIds();
        who.add("identity", "OpenPGP key " + pgp.keys().getFirst().id().value());
        who.add("verified", "no: the entry names this key, Sigwarden did not check its signature");
        who.fromLog("user-id", userIds.stream().map(SignerFields::userId).toList());
        keyIds(who, pgp);
        who.add("key-sha256", pgp.keySha256().toHex());
        who.add("key-type", pgp.keys().getFirst().keyType());
      }
      case StatementSigner statement -> statement(who, statement, trust);
    }
  }

  private static void statement(Fields who, StatementSigner statement, CertificateTrust trust) {
    who.fromLog("identity", statement.issuer());
    who.add(
        "verified",
        switch (trust) {
          case CertificateTrust.Verified(String by, _) -> "yes: the signature holds, " + by;
          case CertificateTrust.UnverifiedClaim(String reason) ->
              "NO, ANYBODY CAN HAVE MADE IT: " + reason;
          case CertificateTrust.NotChecked(String reason) ->
              "no: the statement names this issuer: " + reason;
        });
    who.fromLog("feed", statement.feed());
    statement.svn().ifPresent(svn -> who.add("svn", Long.toString(svn)));
    statement
        .certificate()
        .ifPresent(certificate -> {
          who.fromLog("subject-dn", certificate.subjectDn());
          who.fromLog("certificate-authority", certificate.issuerDn());
          who.add("certificate-sha256", certificate.certificateSha256().toHex());
        });
    who.fromLog("eku", statement.keyUsages());
    who.add("key-sha256", statement.keySha256().toHex());
    who.fromLog("oddity", statement.oddities());
  }

  /// The text with what vouches for it, which an attacker cannot put there: it comes first.
  private static String userId(PgpUserId userId) {
    return "(%s) %s".formatted(userId.proof().label(), userId.text());
  }

  private static void keyIds(Fields who, Signer signer) {
    for (KeyId.Scheme scheme : KeyId.Scheme.values()) {
      who.fromLog(
          scheme.label(),
          signer.keyIds().stream().filter(id -> id.scheme() == scheme).map(KeyId::value).toList());
    }
  }

  private static void certificate(
      Fields who, CertificateSigner certificate, CertificateTrust trust) {
    List<String> subjects = certificate.allNames().stream().map(SubjectName::value).toList();
    if (subjects.isEmpty()) {
      who.fromLog("identity", certificate.subjectDn());
    } else {
      who.fromLog("identity", subjects);
    }
    who.fromLog("issuer", certificate.issuer());
    who.add(
        "verified",
        switch (trust) {
          case CertificateTrust.Verified(String by, String log) ->
              "yes: the certificate chains to a trusted authority, " + by + logged(log);
          case CertificateTrust.UnverifiedClaim(String reason) ->
              "NO, ANYBODY CAN HAVE MADE IT: " + reason;
          case CertificateTrust.NotChecked(String reason) ->
              "no: CLAIMED; certificate chain not checked: " + reason;
        });
    who.fromLog("certificate-authority", certificate.issuerDn());
    if (certificate instanceof IssuedCertificate issued) {
      who.add("tbs-sha256", issued.tbsSha256().toHex());
      issued
          .issuerKeySha256()
          .ifPresent(key ->
              who.add("precertificate", "yes: the certificate itself may never be logged")
                  .add("issuer-key-sha256", key.toHex()));
    }
    if (!(certificate instanceof IssuedCertificate issued && issued.isPrecertificate())) {
      who.add("certificate-sha256", certificate.certificateSha256().toHex());
    }
    who.add("key-sha256", certificate.keySha256().toHex());
    who.fromLog("serial", certificate.serial());
    for (Map.Entry<String, List<String>> claim : CI_CLAIMS) {
      claim.getValue().stream()
          .map(number -> certificate.extensions().getOrDefault(FULCIO + number, ""))
          .filter(value -> !value.isEmpty())
          .findFirst()
          .ifPresent(value -> who.fromLog(claim.getKey(), value));
    }
    who.fromLog("oddity", certificate.oddities());
  }

  private static String logged(String log) {
    return log.isEmpty() ? "" : ", and was logged by " + log;
  }

  /// Adds the times of a certificate; none for a bare key.
  static void when(Fields when, Signer signer, Instant firstSeen) {
    if (signer instanceof CertificateSigner certificate) {
      Instant start = certificate.notBefore();
      when.add("certificate-from", start.toString());
      when.add("certificate-to", certificate.notAfter().toString());
      if (start.minus(CLOCK_SKEW).isAfter(firstSeen)) {
        when.add("clock", "the certificate starts later than it was seen: a clock is wrong");
      } else if (!start.isAfter(firstSeen) && !certificate.notAfter().isBefore(firstSeen)) {
        when.add("latency", Duration.between(start, firstSeen).toSeconds() + " s after its start");
      }
    }
  }
}
