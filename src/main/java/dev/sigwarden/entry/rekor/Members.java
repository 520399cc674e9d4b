package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;

/// Objects of which one member counts, as Rekor v1 nests them: `{"hash": …}` inside `data`,
/// `{"content": …}` inside `publicKey`.
public final class Members {
  /// Takes the value that the cursor is at.
  @FunctionalInterface
  public interface Read {
    void value() throws MalformedJsonException, MalformedSignerException;
  }

  private Members() {}

  /// Goes through the object that is the next value; `read` takes the member `name`, if there is
  /// one, and the others are passed over.
  public static void only(JsonCursor json, String name, Read read)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    for (String found = json.nextName(); found != null; found = json.nextName()) {
      if (found.equals(name)) {
        read.value();
      } else {
        json.skip();
      }
    }
  }
}
