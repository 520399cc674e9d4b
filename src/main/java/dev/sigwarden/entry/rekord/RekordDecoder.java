package dev.sigwarden.entry.rekord;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.keys.MinisignKeys;
import dev.sigwarden.entry.keys.SshKeys;
import dev.sigwarden.entry.openpgp.PgpKeys;
import dev.sigwarden.entry.rekor.Digests;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes `rekord` entries: the signer's key in the form that `format` says, and the digest of the
/// artifact. An OpenPGP block with several keys is several signers, since any of them may be the
/// one.
@AutoService(EntryDecoder.class)
public final class RekordDecoder implements EntryDecoder {
  /// The longest format shown in code points.
  private static final int MAX_SHOWN = 40;

  private static final RekorBody BODY =
      new RekorBody("rekord", Map.of("0.0.1", RekordDecoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "rekord";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"data": {"hash": …}, "signature": {"content": …, "format": …, "publicKey": …}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "data" ->
            Members.only(json, "hash", () -> parts.add(Digests.hex(json, Role.ARTIFACT)));
        case "signature" -> new Signature().read(json, parts);
        default -> json.skip();
      }
    }
  }

  /// `{"format": …, "publicKey": {"content": base64 of the key}}`, in any order.
  private static final class Signature {
    private @Nullable String format;
    private byte @Nullable [] key;

    void read(JsonCursor json, SigningParts parts)
        throws MalformedJsonException, MalformedSignerException {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "format" -> format = json.text();
          case "publicKey" -> Members.only(json, "content", () -> key = json.base64());
          default -> json.skip();
        }
      }
      if (format == null || key == null) {
        throw new MalformedJsonException("a signature without format or publicKey");
      }
      switch (format) {
        case "x509" -> parts.add(Pem.signer(key));
        case "pgp" -> PgpKeys.read(key).forEach(parts::add);
        case "minisign" -> parts.add(MinisignKeys.read(key));
        case "ssh" -> parts.add(SshKeys.readLine(key));
        default ->
            throw new MalformedJsonException(
                "signature format %s (expected: x509, pgp, minisign or ssh)"
                    .formatted(Sanitizer.clean(format, MAX_SHOWN)));
      }
    }
  }
}
