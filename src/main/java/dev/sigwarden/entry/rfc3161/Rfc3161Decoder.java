package dev.sigwarden.entry.rfc3161;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Map;

/// Decodes `rfc3161` entries: the time-stamping authority is the signer, what it stamped the
/// artifact. The response as a whole is a second digest, since it may have been stamped with a hash
/// that has no place here, such as SHA-1.
@AutoService(EntryDecoder.class)
public final class Rfc3161Decoder implements EntryDecoder {
  private static final RekorBody BODY =
      new RekorBody("rfc3161", Map.of("0.0.1", Rfc3161Decoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "rfc3161";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"tsr": {"content": base64 of DER}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    Members.only(
        json, "tsr", () -> Members.only(json, "content", () -> response(json.base64(), parts)));
  }

  private static void response(byte[] der, SigningParts parts) throws MalformedSignerException {
    TimeStampResponse response = TimeStampResponse.read(der);
    response.signers().forEach(parts::add);
    response.imprint().ifPresent(digest -> parts.add(new ArtifactDigest(digest, Role.ARTIFACT)));
    parts.add(new ArtifactDigest(Digest.sha256(der, 0, der.length), Role.ENVELOPE));
  }
}
