package dev.sigwarden.notify.github;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/// `channel: github`: opens an issue for each finding, comments on it, closes it when a person
/// closed the finding.
@AutoService(Channel.class)
public final class GitHubChannel extends HttpChannel {
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}");

  /// Characters of a label. Source: GitHub.
  private static final Pattern LABEL = Pattern.compile("[\\x20-\\x7E&&[^\"\\\\,]]{1,50}");

  public GitHubChannel() {
    super("github", true);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    URI url =
        http.url(
            receiver,
            "url",
            "https://api.github.com",
            "the REST API, https://github.acme.example/api/v3 of a server of your own");
    String repository = receiver.text("repository", "owner/name");
    if (!REPOSITORY.matcher(repository).matches()) {
      receiver.problem("repository", PeerWords.clean(repository), "owner/name");
    }
    Credential token =
        Credential.token(receiver, "token", "a token that may read and write the issues");
    String label = receiver.text("label", "sigwarden", "the label by which issues are found again");
    if (!LABEL.matcher(label).matches()) {
      receiver.problem("label", PeerWords.clean(label), "1 to 50 characters without \" \\ and ,");
    }
    List<String> more = receiver.optionalTexts("labels", "more labels of new issues");
    GitHubIssues.Place place = new GitHubIssues.Place(url, repository, label, more);
    return (_, tools) -> new GitHubIssues(place, token, tools.text());
  }
}
