package dev.sigwarden.notify.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the issue of a finding by the id in its title, opens it if there is none, and writes what
/// is new as a comment.
///
/// GitHub knows no key of ours, and its search sees an issue only a while after it was made. So the
/// latest issues with the label are looked through first, which is exact, and the search is asked
/// for older ones.
final class GitHubIssues implements HttpNotifier.Conversation {
  /// Issues that are looked through; what GitHub gives at once.
  private static final int LATEST = 100;

  /// Issues whose number is remembered.
  private static final int MAX_REMEMBERED = 1000;

  private static final String QUERY =
      """
      query($owner: String!, $name: String!, $label: String!, $search: String!) {
        repository(owner: $owner, name: $name) {
          issues(last: %d, labels: [$label]) { nodes { number title } }
        }
        search(query: $search, type: ISSUE, first: 5) { nodes { ... on Issue { number title } } }
      }
      """
          .formatted(LATEST);

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// Where issues are.
  ///
  /// @param url the REST API
  /// @param repository `owner/name`
  /// @param label by which issues are found again
  /// @param more other labels of new issues
  record Place(URI url, String repository, String label, List<String> more) {
    Place {
      more = List.copyOf(more);
    }
  }

  private final Place place;
  private final Credential token;
  private final AlertText words;
  private final Map<String, Long> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  GitHubIssues(Place place, Credential token, AlertText words) {
    this.place = place;
    this.token = token;
    this.words = words;
  }

  @Override
  public Delivery hold(HttpPeer peer, Message message) throws IOException, InterruptedException {
    Alert alert = message.alert();
    Optional<Long> number = Optional.ofNullable(known.get(alert.uid()));
    if (number.isEmpty()) {
      HttpAnswer found = peer.exchange(search(alert));
      if (!found.isGood()) {
        return judge(found);
      }
      if (!found.json().path("data").path("repository").path("issues").path("nodes").isArray()) {
        // Errors of GraphQL come with status 200: no such repository for this token, mostly.
        throw new UnusableException(found.reason() + " (expected: the repository's issues)");
      }
      number = number(found.json(), alert.uid());
    }
    if (number.isEmpty()) {
      return open(peer, alert);
    }
    known.put(alert.uid(), number.get());
    // The first telling again: an attempt whose answer got lost.
    return alert.revision() == 1
            && message.key().equals(message.openedKey())
            && Stage.of(alert) == Stage.OPEN
        ? new Delivery.Delivered("#" + number.get())
        : follow(peer, alert, number.get());
  }

  private static Optional<Long> number(JsonNode said, String uid) {
    for (JsonNode nodes :
        List.of(
            said.path("data").path("repository").path("issues").path("nodes"),
            said.path("data").path("search").path("nodes"))) {
      for (JsonNode issue : nodes) {
        if (issue.path("title").asText("").endsWith("(" + uid + ")")
            && issue.path("number").canConvertToLong()) {
          return Optional.of(issue.path("number").longValue());
        }
      }
    }
    return Optional.empty();
  }

  private HttpCall search(Alert alert) throws UnusableException {
    String[] parts = place.repository().split("/", 2);
    ObjectNode question = MAPPER.createObjectNode().put("query", QUERY);
    question
        .putObject("variables")
        .put("owner", parts[0])
        .put("name", parts[1])
        .put("label", place.label())
        .put("search", "repo:%s is:issue in:title %s".formatted(place.repository(), alert.uid()));
    return call("POST", graphql(), question);
  }

  /// Of github.com beside the REST API, of a server of one's own in place of its version.
  private URI graphql() {
    String graphql = HttpOptions.below(place.url(), "/graphql").toString();
    return URI.create(graphql.replaceFirst("/v3/graphql\\z", "/graphql"));
  }

  private URI issues(String more) {
    return HttpOptions.below(place.url(), "/repos/" + place.repository() + "/issues" + more);
  }

  private Delivery open(HttpPeer peer, Alert alert) throws IOException, InterruptedException {
    ObjectNode issue = MAPPER.createObjectNode();
    issue.put("title", IssueText.title(alert));
    issue.put("body", IssueText.body(alert, words));
    ArrayNode labels = issue.putArray("labels").add(place.label());
    labels.add("severity:" + alert.severity().label());
    place.more().forEach(labels::add);
    HttpAnswer answer = peer.exchange(call("POST", issues(""), issue));
    if (!answer.isGood()) {
      return judge(answer);
    }
    JsonNode number = answer.json().path("number");
    if (!number.canConvertToLong() || number.longValue() <= 0) {
      return new Delivery.Delivered("an issue whose number was not said");
    }
    known.put(alert.uid(), number.longValue());
    return Stage.of(alert) == Stage.OVER
        ? judge(peer.exchange(state(alert, number.longValue())))
        : new Delivery.Delivered("#" + number.longValue());
  }

  /// The issue is opened or closed first, which can be repeated, and commented on last.
  private Delivery follow(HttpPeer peer, Alert alert, long number)
      throws IOException, InterruptedException {
    HttpAnswer changed = peer.exchange(state(alert, number));
    if (!changed.isGood()) {
      if (changed.status() == 404 || changed.status() == 410) {
        // Deleted or moved away: the next attempt looks again.
        known.remove(alert.uid());
      }
      return judge(changed);
    }
    ObjectNode comment = MAPPER.createObjectNode();
    comment.put("body", Stage.headline(alert) + "\n" + IssueText.body(alert, words));
    HttpAnswer answer = peer.exchange(call("POST", issues("/" + number + "/comments"), comment));
    return answer.isGood() ? new Delivery.Delivered("#" + number) : judge(answer);
  }

  private HttpCall state(Alert alert, long number) throws UnusableException {
    ObjectNode change = MAPPER.createObjectNode();
    if (Stage.of(alert) == Stage.OVER) {
      change.put("state", "closed").put("state_reason", "completed");
    } else {
      change.put("state", "open");
    }
    return call("PATCH", issues("/" + number), change);
  }

  private HttpCall call(String method, URI url, ObjectNode body) throws UnusableException {
    return HttpCall.json(method, url, body)
        .authorization("Bearer", token)
        .header("accept", "application/vnd.github+json")
        .header("x-github-api-version", "2022-11-28");
  }

  /// 403 is also what GitHub says to whoever asks too much.
  private static Delivery judge(HttpAnswer answer) {
    boolean spent = "0".equals(answer.headers().get("x-ratelimit-remaining"));
    if (answer.status() == 403 && (spent || answer.retryAfter().isPresent())) {
      Optional<Duration> pause = answer.retryAfter().or(() -> Optional.of(Duration.ofMinutes(10)));
      return new Delivery.TryAgain(answer.reason(), pause);
    }
    return answer.judge();
  }
}
