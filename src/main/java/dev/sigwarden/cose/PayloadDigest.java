package dev.sigwarden.cose;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The hash of what a statement is about: of the payload itself, or the hash that the payload is.
///
/// @param algorithm how it was hashed
/// @param value of the algorithm's length
/// @param form where the hash comes from
/// @param contentType the type of what was hashed, a media type or the number of one; empty if it
///   is not said
/// @param location where the hashed thing is to be had, as the issuer says; empty if it does not
public record PayloadDigest(
    HashAlgorithm algorithm, Cbor.Bytes value, Form form, String contentType, String location) {
  /// Where the hash comes from.
  public enum Form {
    /// The payload is in the statement and was hashed here.
    PAYLOAD,
    /// The payload is the hash of something that is elsewhere. RFC 9995.
    HASH_ENVELOPE,
    /// As before RFC 9995: a content type that ends in `+cose-hash-v`, and an array as the payload.
    LEGACY_HASH
  }

  private static final Cbor PAYLOAD_HASH_ALG = Headers.label(258);
  private static final Cbor PREIMAGE_TYPE = Headers.label(259);
  private static final Cbor PAYLOAD_LOCATION = Headers.label(260);
  private static final String LEGACY_SUFFIX = "+cose-hash-v";

  static PayloadDigest of(CoseSign1 message) throws MalformedCoseException {
    Headers header = message.protectedHeaders();
    Cbor.Bytes payload =
        message
            .payload()
            .filter(found -> found.length() > 0)
            .orElseThrow(() ->
                new MalformedCoseException(
                    "payload: detached or empty (expected: in the statement)"));
    OptionalLong envelope = header.integer(PAYLOAD_HASH_ALG);
    Optional<String> preimage = header.numberOrText(PREIMAGE_TYPE);
    Optional<String> location = header.text(PAYLOAD_LOCATION);
    Optional<String> type = header.numberOrText(SignedStatement.CONTENT_TYPE);
    if (envelope.isPresent()) {
      // RFC 9995 section 4: the content type of a hash would be taken for that of the preimage.
      if (type.isPresent()) {
        throw header.wrong(SignedStatement.CONTENT_TYPE, type.get(), "none in a hash envelope");
      }
      HashAlgorithm algorithm = HashAlgorithm.of(envelope.getAsLong());
      return hashed(
          algorithm, payload, Form.HASH_ENVELOPE, preimage.orElse(""), location.orElse(""));
    }
    if (preimage.isPresent() || location.isPresent()) {
      throw header.wrong(PAYLOAD_HASH_ALG, "absent", "with 259 and 260");
    }
    if (type.isPresent() && type.get().endsWith(LEGACY_SUFFIX)) {
      return legacy(payload, type.get());
    }
    return new PayloadDigest(
        HashAlgorithm.SHA256,
        Cbor.Bytes.of(HashAlgorithm.SHA256.hash(payload)),
        Form.PAYLOAD,
        type.orElse(""),
        "");
  }

  private static PayloadDigest hashed(
      HashAlgorithm algorithm, Cbor.Bytes value, Form form, String type, String location)
      throws MalformedCoseException {
    if (value.length() != algorithm.length()) {
      throw new MalformedCoseException(
          "payload: a %s hash of %d bytes (expected: %d)"
              .formatted(algorithm, value.length(), algorithm.length()));
    }
    return new PayloadDigest(algorithm, value, form, type, location);
  }

  /// `[algorithm, hash, ? location]`
  private static PayloadDigest legacy(Cbor.Bytes payload, String type)
      throws MalformedCoseException {
    if (CborReader.read(payload) instanceof Cbor.Array(List<Cbor> parts)
        && parts.size() >= 2
        && parts.size() <= 3
        && parts.get(0) instanceof Cbor.Int(long number)
        && parts.get(1) instanceof Cbor.Bytes hash) {
      String location = "";
      if (parts.size() == 3 && parts.get(2) instanceof Cbor.Text(String text)) {
        location = text;
      }
      return hashed(
          HashAlgorithm.of(number),
          hash,
          Form.LEGACY_HASH,
          type.substring(0, type.length() - LEGACY_SUFFIX.length()),
          location);
    }
    throw new MalformedCoseException(
        "payload: another form (expected: an array of algorithm, hash and location)");
  }
}
