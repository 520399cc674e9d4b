package dev.sigwarden.log.http;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/// A question to a server whose API says more by its status than that something is there.
///
/// @param line who waits in which line, as in `PoliteHttp.get`
/// @param answers statuses that are an answer and neither repeated nor an error: their body's
///   beginning is handed out
/// @param headers beside the usual ones
public record Question(
    String line, URI uri, Limits limits, Set<Integer> answers, Map<String, String> headers) {
  public Question {
    answers = Set.copyOf(answers);
    headers = Map.copyOf(headers);
  }
}
