package dev.sigwarden.entry.rpm;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.openpgp.PgpKeys;
import dev.sigwarden.entry.rekor.Digests;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Map;

/// Decodes `rpm` entries: the OpenPGP key that signed, and the digest of the package. What the
/// headers repeat of the package (name, version, digests of its parts) is left to selectors by JSON
/// pointer: a digest of a part is not one of the package.
@AutoService(EntryDecoder.class)
public final class RpmDecoder implements EntryDecoder {
  private static final RekorBody BODY = new RekorBody("rpm", Map.of("0.0.1", RpmDecoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "rpm";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"package": {"hash": …, "headers": {…}}, "publicKey": {"content": base64 of an OpenPGP key}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "package" ->
            Members.only(json, "hash", () -> parts.add(Digests.hex(json, Role.ARTIFACT)));
        case "publicKey" ->
            Members.only(json, "content", () -> PgpKeys.read(json.base64()).forEach(parts::add));
        default -> json.skip();
      }
    }
  }
}
