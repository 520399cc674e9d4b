package dev.sigwarden.entry.tuf;

import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.keys.TufKeys;
import dev.sigwarden.entry.rekor.Members;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// TUF metadata: `{"signatures": [{"keyid": …, "sig": …}], "signed": {…}}`. TUF specification 1.0,
/// section 4.2. No signature is checked here; Rekor did before it took the entry.
final class Metadata {
  /// The most signatures of one document; real ones have under ten.
  static final int MAX_SIGNATURES = 256;

  private Metadata() {}

  /// The ids of the keys that signatures of the document name.
  static Set<String> signatureKeyIds(EntryBytes document)
      throws MalformedJsonException, MalformedSignerException {
    Set<String> ids = new HashSet<>();
    try (JsonCursor json =
        JsonCursor.open(document.buffer(), document.offset(), document.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("signatures")) {
          json.enterArray();
          while (json.nextElement()) {
            Members.only(json, "keyid", () -> ids.add(json.text()));
            if (ids.size() > MAX_SIGNATURES) {
              throw new MalformedJsonException(
                  "metadata with more than %d signatures".formatted(MAX_SIGNATURES));
            }
          }
        } else {
          json.skip();
        }
      }
      json.end();
    }
    return ids;
  }

  /// What a document says it is: its role and version.
  static ClaimedArtifact claimed(EntryBytes document)
      throws MalformedJsonException, MalformedSignerException {
    String[] said = {"", ""};
    try (JsonCursor json =
        JsonCursor.open(document.buffer(), document.offset(), document.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("signed")) {
          json.enterObject();
          for (String part = json.nextName(); part != null; part = json.nextName()) {
            switch (part) {
              case "_type" -> said[0] = json.text();
              case "version" -> said[1] = json.number();
              default -> json.skip();
            }
          }
        } else {
          json.skip();
        }
      }
    }
    return ClaimedArtifact.named(said[0], said[1]);
  }

  /// The keys of a root document that have these ids.
  static List<KeySigner> keys(EntryBytes root, Set<String> ids)
      throws MalformedJsonException, MalformedSignerException {
    List<KeySigner> keys = new ArrayList<>();
    try (JsonCursor json = JsonCursor.open(root.buffer(), root.offset(), root.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("signed")) {
          Members.only(json, "keys", () -> keys(json, ids, keys));
        } else {
          json.skip();
        }
      }
      json.end();
    }
    return keys;
  }

  private static void keys(JsonCursor json, Set<String> ids, List<KeySigner> keys)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String id = json.nextName(); id != null; id = json.nextName()) {
      if (ids.contains(id)) {
        keys.add(TufKeys.read(id, json.object()));
      } else {
        json.skip();
      }
    }
  }
}
