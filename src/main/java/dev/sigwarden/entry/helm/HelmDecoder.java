package dev.sigwarden.entry.helm;

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

/// Decodes `helm` entries: the OpenPGP key that signed the provenance file, and the digest of the
/// chart.
@AutoService(EntryDecoder.class)
public final class HelmDecoder implements EntryDecoder {
  private static final RekorBody BODY = new RekorBody("helm", Map.of("0.0.1", HelmDecoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "helm";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"chart": {"hash": …, "provenance": …}, "publicKey": {"content": base64 of an OpenPGP key}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "chart" ->
            Members.only(json, "hash", () -> parts.add(Digests.hex(json, Role.ARTIFACT)));
        case "publicKey" ->
            Members.only(json, "content", () -> PgpKeys.read(json.base64()).forEach(parts::add));
        default -> json.skip();
      }
    }
  }
}
