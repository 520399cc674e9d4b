package dev.sigwarden.entry.jar;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.cms.SignedData;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.rekor.Digests;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.rekor.RekorBody;
import dev.sigwarden.entry.rekor.SigningParts;
import dev.sigwarden.entry.rekor.Verifiers;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes `jar` entries: the certificates that the PKCS #7 block names as signers, and the digest
/// of the archive.
///
/// The entry's `publicKey` is the first certificate in the block, whichever that is: often the
/// authority's, as in entry 3120029 of the public log. It is a signer only where the block does not
/// say that it is not.
@AutoService(EntryDecoder.class)
public final class JarDecoder implements EntryDecoder {
  private static final RekorBody BODY = new RekorBody("jar", Map.of("0.0.1", JarDecoder::spec));

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "jar";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"archive": {"hash": …}, "signature": {"content": …, "publicKey": …}}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "archive" ->
            Members.only(json, "hash", () -> parts.add(Digests.hex(json, Role.ARTIFACT)));
        case "signature" -> new Signature().read(json, parts);
        default -> json.skip();
      }
    }
  }

  /// `{"content": base64 of PEM, "publicKey": {"content": base64 of PEM}}`
  private static final class Signature {
    private @Nullable SignedData block;
    private @Nullable Signer named;

    void read(JsonCursor json, SigningParts parts)
        throws MalformedJsonException, MalformedSignerException {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "content" -> block = SignedData.read(Pem.block(json.base64(), "PKCS7"));
          case "publicKey" -> Members.only(json, "content", () -> named = Verifiers.pem(json));
          default -> json.skip();
        }
      }
      if (block == null) {
        throw new MalformedJsonException("a signature without content");
      }
      block.signers().forEach(parts::add);
      if (named != null && !isInside(block, named)) {
        parts.add(named);
      }
    }

    private static boolean isInside(SignedData block, Signer signer) {
      return signer instanceof CertificateSigner certificate
          && (block.signs(certificate) || block.isBystander(certificate));
    }
  }
}
