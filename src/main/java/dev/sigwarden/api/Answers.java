package dev.sigwarden.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.sigwarden.store.StoreException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.stream.Collectors;
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
    LOG.errorf("a call of the API failed: the database does not answer: %s", failure.getMessage());
    return trouble(Refused.UNAVAILABLE, "the database does not answer");
  }

  /// What the framework refuses: a path, a method, a media type, a body that cannot be read.
  @ServerExceptionMapper
  Response refusedByFramework(WebApplicationException refused) {
    int status = refused.getResponse().getStatus();
    // Of a path that is not known there is no cause.
    if (status == Refused.NOT_FOUND && refused.getCause() != null) {
      return trouble(
          Refused.BAD_REQUEST, "a parameter: not a value of its type (expected: see the OpenAPI)");
    }
    if (status == Refused.BAD_REQUEST && refused.getCause() instanceof JacksonException) {
      return badJson((JacksonException) refused.getCause());
    }
    Response.Status known = Response.Status.fromStatusCode(status);
    return trouble(status, known == null ? "refused" : known.getReasonPhrase());
  }

  @ServerExceptionMapper
  Response badValue(MismatchedInputException malformed) {
    return badJson(malformed);
  }

  @ServerExceptionMapper
  Response badJson(JacksonException malformed) {
    // Its message repeats the body; of that only the place is said.
    String place =
        malformed instanceof JsonMappingException mapping
            ? mapping.getPath().stream().map(Answers::step).collect(Collectors.joining())
            : "";
    boolean unknown = malformed instanceof UnrecognizedPropertyException;
    return trouble(
        Refused.BAD_REQUEST,
        "body%s: %s (expected: see the OpenAPI)"
            .formatted(
                Asked.shown(place), unknown ? "unknown key" : "not the JSON that this call takes"));
  }

  private static String step(JsonMappingException.Reference step) {
    return step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName();
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
