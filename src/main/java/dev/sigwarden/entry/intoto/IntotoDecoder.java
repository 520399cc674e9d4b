package dev.sigwarden.entry.intoto;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.rekor.Digests;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.rekor.SpecTexts;
import dev.sigwarden.entry.rekor.Verifiers;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decodes `intoto` entries: a signer for each signature of the envelope (0.0.1 names one only),
/// and the digests of envelope and payload. A signature whose key cannot be read makes the entry
/// undecodable, since its signer might be a watched one.
@AutoService(EntryDecoder.class)
public final class IntotoDecoder implements EntryDecoder {
  private static final RekorBody BODY =
      new RekorBody(
          "intoto",
          Map.of("0.0.1", IntotoDecoder::v1, "0.0.2", IntotoDecoder::v2),
          IntotoDecoder::claimed);

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "intoto";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"content": {"hash": …, "payloadHash": …}, "publicKey": base64 of PEM}`
  private static void v1(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "content" -> content(json, parts, false);
        case "publicKey" -> parts.add(Verifiers.pem(json));
        default -> json.skip();
      }
    }
  }

  /// `{"content": {"envelope": {"payloadType": …, "signatures": […]}, "hash": …, "payloadHash":
  /// …}}`
  private static void v2(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    Members.only(json, "content", () -> content(json, parts, true));
  }

  private static void content(JsonCursor json, SigningParts parts, boolean signatures)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "hash" -> parts.add(Digests.hex(json, Role.ENVELOPE));
        case "payloadHash" -> parts.add(Digests.hex(json, Role.PAYLOAD));
        case "envelope" -> {
          if (signatures) {
            Members.only(json, "signatures", () -> signatures(json, parts));
          } else {
            json.skip();
          }
        }
        default -> json.skip();
      }
    }
  }

  /// The type of the payload; what it says of subjects and predicate is not in the log.
  private static ClaimedArtifact claimed(EntryBytes entry) {
    Map<String, String> envelope =
        SpecTexts.in(entry, List.of("spec", "content", "envelope"), Set.of("payloadType"));
    return ClaimedArtifact.named(List.of(), 0, "", "", envelope.getOrDefault("payloadType", ""));
  }

  /// `[{"keyid": …, "publicKey": base64 of PEM, "sig": base64 of base64}]`
  private static void signatures(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterArray();
    while (json.nextElement()) {
      int before = parts.signerCount();
      Members.only(json, "publicKey", () -> parts.add(Verifiers.pem(json)));
      if (parts.signerCount() == before) {
        throw new MalformedJsonException("a signature without publicKey");
      }
    }
  }
}
