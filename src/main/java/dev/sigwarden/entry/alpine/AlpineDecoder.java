package dev.sigwarden.entry.alpine;

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

/// Decodes `alpine` entries: one signer, the digest of the package.
///
/// The `datahash` of the package's own description is no digest of the event: it covers the files
/// and not the scripts, so an allowlist that held it would let changed scripts pass.
@AutoService(EntryDecoder.class)
public final class AlpineDecoder implements EntryDecoder {
  private static final Set<String> NAMING = Set.of("pkgname", "pkgver");
  private static final RekorBody BODY =
      new RekorBody("alpine", Map.of("0.0.1", AlpineDecoder::spec), AlpineDecoder::claimed);

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "alpine";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"package": {"hash": …, "pkginfo": {…}}, "publicKey": {"content": base64 of PEM}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "package" ->
            Members.only(json, "hash", () -> parts.add(Digests.hex(json, Role.ARTIFACT)));
        case "publicKey" -> Members.only(json, "content", () -> parts.add(Verifiers.pem(json)));
        default -> json.skip();
      }
    }
  }

  private static ClaimedArtifact claimed(EntryBytes entry) {
    Map<String, String> description =
        SpecTexts.in(entry, List.of("spec", "package", "pkginfo"), NAMING);
    return ClaimedArtifact.named(
        description.getOrDefault("pkgname", ""), description.getOrDefault("pkgver", ""));
  }
}
