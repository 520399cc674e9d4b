package dev.sigwarden.entry.ct;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.x509.LoggedCertificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.List;

/// Decodes leaves of logs of certificates. RFC 6962 section 3.4.
///
/// The certificate is the signer: it names who can prove to be whom. There are no artifacts; what
/// an allowlist knows a certificate by is asked of the certificate, so that nothing is hashed of
/// one that no watch selects. The event's version is the name that RFC 6962 has for the type of
/// entry.
@AutoService(EntryDecoder.class)
public final class CtDecoder implements EntryDecoder {
  @Override
  public String format() {
    return "ct";
  }

  @Override
  public String kind() {
    return "ct";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    try {
      CtLeaf leaf = CtLeaf.read(entry);
      Digest issuerKey = leaf.issuerKey();
      IssuedCertificate certificate =
          issuerKey == null
              ? LoggedCertificates.certificate(leaf.certificate())
              : LoggedCertificates.precertificate(leaf.certificate(), issuerKey);
      String type = issuerKey == null ? "x509_entry" : "precert_entry";
      return new Decoded.Event(
          new SigningEvent("ct", type, List.of(certificate), List.of(), entry));
    } catch (CtLeaf.MalformedLeafException e) {
      return new Decoded.Undecodable("ct leaf: " + e.getMessage());
    } catch (MalformedSignerException e) {
      return new Decoded.Undecodable("ct leaf: " + e.getMessage());
    }
  }
}
