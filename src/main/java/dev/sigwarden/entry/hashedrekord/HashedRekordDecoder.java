package dev.sigwarden.entry.hashedrekord;

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

/// Decodes `hashedrekord` entries: one signer, one artifact digest.
@AutoService(EntryDecoder.class)
public final class HashedRekordDecoder implements EntryDecoder {
  private static final RekorBody BODY =
      new RekorBody(
          "hashedrekord",
          Map.of(
              "0.0.1", HashedRekordDecoder::v1, "0.0.2", Specs.wrapped(HashedRekordDecoder::v2)));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "hashedrekord";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"data": {"hash": …}, "signature": {"content": …, "publicKey": {"content": base64 of PEM}}}`
  private static void v1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "data" -> dataV1(json, parts);
        case "signature" -> signatureV1(json, parts);
        default -> json.skip();
      }
    }
  }

  private static void dataV1(JsonCursor json, SigningParts parts) throws MalformedJsonException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("hash")) {
        parts.add(Digests.hex(json, Role.ARTIFACT));
      } else {
        json.skip();
      }
    }
  }

  private static void signatureV1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("publicKey")) {
        publicKeyV1(json, parts);
      } else {
        json.skip();
      }
    }
  }

  private static void publicKeyV1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("content")) {
        parts.add(Verifiers.pem(json));
      } else {
        json.skip();
      }
    }
  }

  /// `{"data": {"algorithm": …, "digest": …}, "signature": {"content": …, "verifier": …}}`
  private static void v2(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "data" -> parts.add(Digests.base64(json, Role.ARTIFACT));
        case "signature" -> Verifiers.signature(json, parts);
        default -> json.skip();
      }
    }
  }
}
