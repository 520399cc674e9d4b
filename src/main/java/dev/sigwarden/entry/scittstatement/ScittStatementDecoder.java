package dev.sigwarden.entry.scittstatement;

import com.google.auto.service.AutoService;
import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.HashAlgorithm;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.PayloadDigest;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.ExtendedKeyUsages;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decodes signed statements: one signer, the digest of what is signed and that of the statement.
/// Checks no signature: whose a statement is costs public-key operations, and is asked of those
/// that a watch selected.
@AutoService(EntryDecoder.class)
public final class ScittStatementDecoder implements EntryDecoder {
  private static final String KIND = "scittstatement";

  @Override
  public String format() {
    return KIND;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    try {
      SignedStatement statement = SignedStatement.parse(bytes(entry));
      return new Decoded.Event(
          new SigningEvent(
              KIND,
              "",
              List.of(signer(statement)),
              artifacts(statement),
              ScittStatementDecoder::claimed,
              entry));
    } catch (MalformedCoseException e) {
      return new Decoded.Undecodable(e.getMessage());
    } catch (MalformedSignerException e) {
      return new Decoded.Undecodable(String.valueOf(e.getMessage()));
    }
  }

  /// What the statement is about: the subjects of an in-toto statement that it carries, else its
  /// own subject (the feed) and the security version.
  private static ClaimedArtifact claimed(EntryBytes entry) {
    try {
      SignedStatement statement = SignedStatement.parse(bytes(entry));
      PayloadDigest payload = statement.payload();
      Optional<ClaimedArtifact> carried =
          payload.form() == PayloadDigest.Form.PAYLOAD
              ? statement
                  .message()
                  .payload()
                  .flatMap(bytes -> InTotoStatement.read(bytes.toBytes(), payload.contentType()))
              : Optional.empty();
      SignedStatement.Claims claims = statement.claims();
      return carried.orElseGet(() ->
          ClaimedArtifact.named(
              claims.subject().isEmpty() ? List.of() : List.of(claims.subject()),
              0,
              claims.svn().isPresent() ? Long.toString(claims.svn().getAsLong()) : "",
              "",
              payload.contentType()));
    } catch (MalformedCoseException _) {
      return ClaimedArtifact.NONE;
    }
  }

  private static byte[] bytes(EntryBytes entry) {
    boolean whole = entry.offset() == 0 && entry.length() == entry.buffer().length;
    return whole ? entry.buffer() : entry.toBytes();
  }

  private static StatementSigner signer(SignedStatement statement)
      throws MalformedSignerException, MalformedCoseException {
    Optional<CertificateSigner> certificate = Optional.empty();
    List<String> usages = List.of();
    if (!statement.chain().isEmpty()) {
      byte[] der = statement.chain().getFirst().toBytes();
      certificate = Optional.of(Certificates.read(der));
      usages = ExtendedKeyUsages.read(der);
    }
    SignedStatement.Claims claims = statement.claims();
    PayloadDigest payload = statement.payload();
    return new StatementSigner(
        claims.issuer(),
        statement.issuerParts(),
        claims.subject(),
        claims.svn(),
        claims.issuedAt(),
        payload.contentType(),
        payload.location(),
        statement.algorithm().name(),
        certificate,
        usages,
        key(statement, certificate),
        oddities(statement, certificate));
  }

  private static Digest key(SignedStatement statement, Optional<CertificateSigner> certificate)
      throws MalformedCoseException {
    if (certificate.isPresent()) {
      return certificate.get().keySha256();
    }
    Optional<CoseKey> attested = statement.attestedKey();
    byte[] key =
        attested.isPresent()
            ? attested.get().toSpki()
            : statement.keyName().map(Cbor.Bytes::toBytes).orElseGet(() -> new byte[0]);
    return Digest.sha256(key, 0, key.length);
  }

  private static List<String> oddities(
      SignedStatement statement, Optional<CertificateSigner> certificate) {
    List<String> oddities = new ArrayList<>();
    if (statement.claims().issuer().isEmpty()) {
      oddities.add("the statement names no issuer");
    }
    if (statement.claims().legacy()
        || statement.payload().form() == PayloadDigest.Form.LEGACY_HASH) {
      oddities.add("the statement is of a form that came before its standards");
    }
    if (statement.attestedKey().isPresent()) {
      oddities.add("attested service (attestation not verified)");
    }
    certificate.ifPresent(found -> oddities.addAll(found.oddities()));
    return oddities;
  }

  private static List<ArtifactDigest> artifacts(SignedStatement statement) {
    PayloadDigest payload = statement.payload();
    Role role = payload.form() == PayloadDigest.Form.PAYLOAD ? Role.PAYLOAD : Role.ARTIFACT;
    return List.of(
        new ArtifactDigest(
            Digest.of(algorithm(payload.algorithm()), payload.value().toBytes()), role),
        new ArtifactDigest(
            Digest.of(Digest.Algorithm.SHA256, statement.claimsDigest().toBytes()), Role.ENVELOPE));
  }

  private static Digest.Algorithm algorithm(HashAlgorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> Digest.Algorithm.SHA256;
      case SHA384 -> Digest.Algorithm.SHA384;
      case SHA512 -> Digest.Algorithm.SHA512;
    };
  }
}
