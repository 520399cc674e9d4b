package dev.sigwarden.entry.dsse;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.rekor.Digests;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.rekor.Specs;
import dev.sigwarden.entry.rekor.Verifiers;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Map;

/// Decodes `dsse` entries: a signer for each signature of the envelope, and the digests of payload
/// and envelope. How many signatures there are is bounded by the entry's size only; one whose
/// verifier cannot be read makes the entry undecodable, since its signer might be a watched one.
@AutoService(EntryDecoder.class)
public final class DsseDecoder implements EntryDecoder {
  private static final RekorBody BODY =
      new RekorBody(
          "dsse", Map.of("0.0.1", DsseDecoder::v1, "0.0.2", Specs.wrapped(DsseDecoder::v2)));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "dsse";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"envelopeHash": …, "payloadHash": …, "signatures": [{"signature": …, "verifier": base64 of
  /// PEM}]}`
  private static void v1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "payloadHash" -> parts.add(Digests.hex(json, Role.PAYLOAD));
        case "envelopeHash" -> parts.add(Digests.hex(json, Role.ENVELOPE));
        case "signatures" -> {
          json.enterArray();
          while (json.nextElement()) {
            signatureV1(json, parts);
          }
        }
        default -> json.skip();
      }
    }
  }

  private static void signatureV1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    boolean found = false;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("verifier")) {
        parts.add(Verifiers.pem(json));
        found = true;
      } else {
        json.skip();
      }
    }
    if (!found) {
      throw new MalformedJsonException("a signature without verifier");
    }
  }

  /// `{"payloadHash": …, "signatures": [{"content": …, "verifier": …}]}`
  private static void v2(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "payloadHash" -> parts.add(Digests.base64(json, Role.PAYLOAD));
        case "signatures" -> {
          json.enterArray();
          while (json.nextElement()) {
            Verifiers.signature(json, parts);
          }
        }
        default -> json.skip();
      }
    }
  }
}
