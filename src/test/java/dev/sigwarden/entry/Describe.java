package dev.sigwarden.entry;

import dev.sigwarden.entry.x509.CertificateForge;
import java.util.List;

/// Everything that a decoded entry says, as text: asks every accessor, so that what is computed
/// late is computed.
public final class Describe {
  /// No authority that any certificate of a test is by.
  private static final IssuerKey NOBODY = new IssuerKey(CertificateForge.KEY);

  private Describe() {}

  /// The whole of a decoding's outcome.
  public static String decoded(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Undecodable(String reason) -> "undecodable: " + reason;
      case Decoded.Event(SigningEvent event) -> {
        StringBuilder text = new StringBuilder(event.kind()).append(' ').append(event.version());
        event.artifacts().forEach(a -> text.append('\n').append(a.role()).append(a.digest()));
        event.signers().forEach(s -> text.append('\n').append(signer(s)));
        // Not by way of the guard, so that a bug in it shows.
        ClaimedArtifact claimed = event.naming().read(event.entry());
        yield text.append(claimed.equals(ClaimedArtifact.NONE) ? "" : "\n" + claimed).toString();
      }
    };
  }

  private static String issued(IssuedCertificate certificate) {
    return String.join(
        "\n",
        Boolean.toString(certificate.isPrecertificate()),
        certificate.tbsSha256().toString(),
        certificate.issuerKeySha256().toString(),
        certificate.unread().toString(),
        Boolean.toString(certificate.isIssuedBy(NOBODY)));
  }

  /// The whole of a signer.
  public static String signer(Signer signer) {
    return switch (signer) {
      case KeySigner(Digest sha256, String type, List<KeyId> ids) ->
          "key %s %s%s".formatted(sha256, type, ids.isEmpty() ? "" : " " + ids);
      case PgpSigner pgp ->
          String.join(
              "\n",
              pgp.keys().toString(),
              pgp.userIds().toString(),
              pgp.checkedUserIds().toString(),
              pgp.keySha256().toString(),
              pgp.keyIds().toString());
      case StatementSigner statement ->
          statement + statement.certificate().map(Describe::signer).orElse("");
      case CertificateSigner certificate ->
          String.join(
              "\n",
              certificate.subjects().toString(),
              certificate.issuer(),
              certificate.extensions().toString(),
              certificate.subjectDn(),
              certificate.issuerDn(),
              certificate.serial(),
              certificate.notBefore().toString(),
              certificate.notAfter().toString(),
              certificate.oddities().toString(),
              certificate.certificateSha256().toString(),
              certificate.keySha256().toString(),
              Integer.toString(certificate.toDer().length),
              certificate.allNames().toString(),
              certificate instanceof IssuedCertificate issued ? issued(issued) : "");
    };
  }
}
