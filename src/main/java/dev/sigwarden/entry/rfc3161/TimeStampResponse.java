package dev.sigwarden.entry.rfc3161;

import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.cms.SignedData;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A TimeStampResp with its token. RFC 3161 section 2.4.2.
///
/// @param signers the certificates of the authority, as the token holds them
/// @param imprint the digest that was stamped; empty if it is of a hash other than SHA-2
record TimeStampResponse(List<CertificateSigner> signers, Optional<Digest> imprint) {
  private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";

  /// Reads a response.
  ///
  /// @throws MalformedSignerException if it is none in DER, holds no token, or the token does not
  ///   hold its signer's certificate
  static TimeStampResponse read(byte[] der) throws MalformedSignerException {
    try {
      // TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
      DerReader outer = new DerReader(der, 0, der.length).expect(SEQUENCE, "TimeStampResp");
      DerReader inside = outer.inside().expect(SEQUENCE, "status");
      inside.expect(SEQUENCE, "timeStampToken");
      if (outer.left() + inside.left() > 0) {
        throw new MalformedSignerException("time stamp: bytes follow the token");
      }
      SignedData token = SignedData.read(Arrays.copyOfRange(der, inside.start(), inside.to()));
      if (!token.contentType().equals(TST_INFO)) {
        throw new MalformedSignerException(
            "time stamp: a token of type %s (expected: %s)"
                .formatted(token.contentType(), TST_INFO));
      }
      return new TimeStampResponse(token.signers(), imprint(token.content()));
    } catch (MalformedDerException e) {
      throw new MalformedSignerException(
          "time stamp of %d bytes: ".formatted(der.length) + e.getMessage());
    }
  }

  /// TSTInfo ::= SEQUENCE { version, policy, messageImprint SEQUENCE { SEQUENCE { OID, … }, OCTET
  /// STRING }, … }
  private static Optional<Digest> imprint(byte[] info)
      throws MalformedDerException, MalformedSignerException {
    DerReader imprint =
        new DerReader(info, 0, info.length)
            .expect(SEQUENCE, "TSTInfo")
            .inside()
            .expect(INTEGER, "version")
            .expect(OBJECT_IDENTIFIER, "policy")
            .expect(SEQUENCE, "messageImprint")
            .inside();
    DerReader algorithm =
        imprint.expect(SEQUENCE, "hashAlgorithm").inside().expect(OBJECT_IDENTIFIER, "hash");
    String oid = Oids.dotted(info, algorithm.from(), algorithm.to());
    imprint.expect(OCTET_STRING, "hashedMessage");
    byte[] value = Arrays.copyOfRange(info, imprint.from(), imprint.to());
    Digest.Algorithm known =
        switch (oid) {
          case "2.16.840.1.101.3.4.2.1" -> Digest.Algorithm.SHA256;
          case "2.16.840.1.101.3.4.2.2" -> Digest.Algorithm.SHA384;
          case "2.16.840.1.101.3.4.2.3" -> Digest.Algorithm.SHA512;
          default -> null;
        };
    if (known == null) {
      return Optional.empty();
    }
    if (value.length != known.length()) {
      throw new MalformedSignerException(
          "time stamp: a %s imprint of %d bytes (expected: %d)"
              .formatted(known.label(), value.length, known.length()));
    }
    return Optional.of(Digest.of(known, value));
  }
}
