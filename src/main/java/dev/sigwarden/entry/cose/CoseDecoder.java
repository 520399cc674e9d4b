package dev.sigwarden.entry.cose;

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
import dev.sigwarden.entry.rekor.Verifiers;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Map;

/// Decodes `cose` entries: one signer, the digests of payload and envelope.
@AutoService(EntryDecoder.class)
public final class CoseDecoder implements EntryDecoder {
  private static final RekorBody BODY = new RekorBody("cose", Map.of("0.0.1", CoseDecoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "cose";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"data": {"envelopeHash": …, "payloadHash": …}, "publicKey": base64 of PEM}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "data" -> data(json, parts);
        case "publicKey" -> parts.add(Verifiers.pem(json));
        default -> json.skip();
      }
    }
  }

  private static void data(JsonCursor json, SigningParts parts) throws MalformedJsonException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "envelopeHash" -> parts.add(Digests.hex(json, Role.ENVELOPE));
        case "payloadHash" -> parts.add(Digests.hex(json, Role.PAYLOAD));
        default -> json.skip();
      }
    }
  }
}
