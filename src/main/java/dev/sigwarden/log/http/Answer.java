package dev.sigwarden.log.http;

import java.util.Optional;

/// What a server answered: the resource, or that it has none. A class and not a record for its
/// array.
public final class Answer {
  private final int status;
  private final Optional<String> contentType;
  private final Optional<String> entityTag;
  private final byte[] body;

  Answer(int status, Optional<String> contentType, Optional<String> entityTag, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.entityTag = entityTag;
    this.body = body;
  }

  /// Whether the resource is there. If not, the server said so with 404 or 410: every other refusal
  /// is a `LogUnavailableException`.
  public boolean found() {
    return status == PoliteHttp.OK;
  }

  /// Whether the resource is what is known already: 304.
  public boolean unchanged() {
    return status == PoliteHttp.NOT_MODIFIED;
  }

  /// The HTTP status: 200, 404 or 410; 304 where an entity tag was asked with.
  public int status() {
    return status;
  }

  /// The `Content-Type` as sent, unchecked.
  public Optional<String> contentType() {
    return contentType;
  }

  /// The `ETag` as sent, if it has the form of one: to be asked with the next time.
  public Optional<String> entityTag() {
    return entityTag;
  }

  /// The resource with its content coding undone; empty unless found. Not copied: whoever asked
  /// owns it.
  public byte[] body() {
    return body;
  }
}
