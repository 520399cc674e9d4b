package dev.sigwarden.entry.rpm;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.ClaimedArtifact;
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
import dev.sigwarden.entry.rekor.SpecTexts;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decodes `rpm` entries: the OpenPGP key that signed, and the digest of the package. What the
/// headers repeat of the package counts as claimed (name, version), or is left to selectors by JSON
/// pointer: a digest of a part is not one of the package.
@AutoService(EntryDecoder.class)
public final class RpmDecoder implements EntryDecoder {
  private static final List<String> HEADERS = List.of("spec", "package", "headers");
  private static final Set<String> NAMING = Set.of("Name", "Epoch", "Version", "Release");
  private static final RekorBody BODY =
      new RekorBody("rpm", Map.of("0.0.1", RpmDecoder::spec), RpmDecoder::claimed);

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

  /// `{"Name": …, "Epoch": …, "Version": …, "Release": …}`, shown as rpm does:
  /// `EPOCH:VERSION-RELEASE`.
  private static ClaimedArtifact claimed(EntryBytes entry) {
    Map<String, String> headers = SpecTexts.in(entry, HEADERS, NAMING);
    String epoch = headers.getOrDefault("Epoch", "0");
    String release = headers.getOrDefault("Release", "");
    String version = headers.getOrDefault("Version", "");
    return ClaimedArtifact.named(
        headers.getOrDefault("Name", ""),
        (epoch.equals("0") || epoch.isEmpty() ? "" : epoch + ":")
            + version
            + (release.isEmpty() ? "" : "-" + release));
  }
}
