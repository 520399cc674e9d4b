package dev.sigwarden.log.http;

import java.util.Optional;

/// What a server answered: the resource, or that it has none. A class and not a record for its
/// array.
public final class Answer {
  private final int status;
  private final Optional<String> contentType;
  private final Optional<String> entityTag;
  private final Optional<String> location;
  private final byte[] body;

  Answer(int status, Optional<String> contentType, Optional<String> entityTag, byte[] body) {
    this(status, contentType, entityTag, Optional.empty(), body);
  }

  Answer(
      int status,
      Optional<String> contentType,
      Optional<String> entityTag,
      Optional<String> location,
      byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.entityTag = entityTag;
    this.location = location;
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

  /// The HTTP status: 200, 404 or 410; 304 where an entity tag was asked with, and whatever else a
  /// question takes for an answer.
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

  /// Where a redirect points to, as sent; nobody goes there.
  public Optional<String> location() {
    return location;
  }

  /// The resource with its content coding undone; of a status that a question takes for an answer
  /// the body's beginning as sent; else empty. Not copied: whoever asked owns it.
  public byte[] body() {
    return body;
  }
}
