package dev.sigwarden.entry.tuf;

import com.google.auto.service.AutoService;
import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ArtifactDigest.Role;
import dev.sigwarden.entry.ClaimedArtifact;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decodes `tuf` entries: a signer for each key of the root that a signature of the metadata names,
/// and the digest of the metadata, which Rekor stores in canonical form.
@AutoService(EntryDecoder.class)
public final class TufDecoder implements EntryDecoder {
  private static final RekorBody BODY =
      new RekorBody("tuf", Map.of("0.0.1", TufDecoder::spec), TufDecoder::claimed);

  @Override
  public String format() {
    return "rekor";
  }

  @Override
  public String kind() {
    return "tuf";
  }

  @Override
  public Decoded decode(EntryBytes entry) {
    return BODY.decode(entry);
  }

  /// `{"metadata": {"content": …}, "root": {"content": …}, "spec_version": …}`
  private static void spec(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    new Documents().read(json, parts);
  }

  /// The metadata by its role, `targets` for example, and its version.
  private static ClaimedArtifact claimed(EntryBytes entry) {
    Documents documents = new Documents();
    try (JsonCursor json = JsonCursor.open(entry.buffer(), entry.offset(), entry.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("spec")) {
          documents.find(json);
        } else {
          json.skip();
        }
      }
      return documents.metadata == null
          ? ClaimedArtifact.NONE
          : Metadata.claimed(documents.metadata);
    } catch (MalformedJsonException | MalformedSignerException _) {
      return ClaimedArtifact.NONE;
    }
  }

  /// The two documents of an entry, each base64 of JSON, or in old entries JSON in place.
  private static final class Documents {
    private @Nullable EntryBytes metadata;
    private @Nullable EntryBytes root;

    /// Takes the spec, which is the next value.
    void find(JsonCursor json) throws MalformedJsonException, MalformedSignerException {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "metadata" -> Members.only(json, "content", () -> metadata = document(json));
          case "root" -> Members.only(json, "content", () -> root = document(json));
          default -> json.skip();
        }
      }
    }

    void read(JsonCursor json, SigningParts parts)
        throws MalformedJsonException, MalformedSignerException {
      find(json);
      if (metadata == null || root == null) {
        throw new MalformedJsonException("spec without metadata or root");
      }
      Set<String> keyIds = Metadata.signatureKeyIds(metadata);
      Metadata.keys(root, keyIds).forEach(parts::add);
      Digest digest = Digest.sha256(metadata.buffer(), metadata.offset(), metadata.length());
      parts.add(new ArtifactDigest(digest, Role.ENVELOPE));
    }

    private static EntryBytes document(JsonCursor json) throws MalformedJsonException {
      return json.isText() ? EntryBytes.of(json.base64()) : json.object();
    }
  }
}
