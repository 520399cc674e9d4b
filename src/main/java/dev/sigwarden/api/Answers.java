package dev.sigwarden.api;

import dev.sigwarden.store.StoreException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// What every answer has in common: errors as `{"error": "…"}` that say nothing of Sigwarden's
/// insides, and headers that keep browsers from storing or guessing.
public final class Answers {
  private static final Logger LOG = Logger.getLogger(Answers.class);

  /// An error as the caller gets it.
  ///
  /// @param error what was found and expected, in one line
  public record Trouble(String error) {}

  /// The answer of that status with one line of explanation.
  static Response trouble(int status, String error) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON)
        .entity(new Trouble(error))
        .build();
  }

  @ServerExceptionMapper
  Response refused(Refused refused) {
    return trouble(refused.status(), refused.getMessage());
  }

  @ServerExceptionMapper
  Response storeFailed(StoreException failure) {
    LOG.error("a call of the API failed: the database does not answer", failure);
    return trouble(503, "the database does not answer");
  }

  /// What the framework refuses: a path, a method, a media type, a body that cannot be read.
  @ServerExceptionMapper
  Response refusedByFramework(WebApplicationException refused) {
    int status = refused.getResponse().getStatus();
    Response.Status known = Response.Status.fromStatusCode(status);
    return trouble(status, known == null ? "refused" : known.getReasonPhrase());
  }

  @ServerExceptionMapper
  Response badJson(com.fasterxml.jackson.core.JacksonException malformed) {
    // Its message repeats the body.
    return trouble(
        Refused.BAD_REQUEST, "body: not the JSON that this call takes (expected: see the OpenAPI)");
  }

  @ServerExceptionMapper
  Response bug(RuntimeException failure) {
    LOG.error("a call of the API failed: an error of Sigwarden's own", failure);
    return trouble(500, "an error of Sigwarden's own; its log says more");
  }

  @ServerResponseFilter
  void harden(ContainerResponseContext response) {
    response.getHeaders().putSingle("Cache-Control", "no-store");
    response.getHeaders().putSingle("X-Content-Type-Options", "nosniff");
    response.getHeaders().putSingle("Content-Security-Policy", "default-src 'none'");
  }
}
