package dev.sigwarden.entry.rfc3161;

import dev.sigwarden.entry.cms.CmsForge;
import dev.sigwarden.entry.x509.CertificateForge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/// Makes answers of a time-stamping authority with Bouncy Castle.
public final class TimeStampForge {
  public static final String SHA256 = "2.16.840.1.101.3.4.2.1";
  public static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";

  private TimeStampForge() {}

  /// TSTInfo over this imprint.
  public static byte[] info(String hash, byte[] imprint) {
    return CertificateForge.der(
        new TSTInfo(
            new ASN1ObjectIdentifier("1.2.3.4.1"),
            new MessageImprint(new AlgorithmIdentifier(new ASN1ObjectIdentifier(hash)), imprint),
            new ASN1Integer(BigInteger.TEN),
            new ASN1GeneralizedTime(new Date(1_790_000_000_000L)),
            null,
            null,
            null,
            null,
            null));
  }

  /// A response with this token.
  public static byte[] response(byte[] token) {
    try {
      return CertificateForge.der(
          new DERSequence(
              new ASN1Encodable[] {
                new DERSequence(new ASN1Integer(0)), ASN1Primitive.fromByteArray(token)
              }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A usual response that stamps this SHA-256.
  public static byte[] response(String hash, byte[] imprint) {
    return response(CmsForge.usual().content(TST_INFO, info(hash, imprint)).der());
  }
}
