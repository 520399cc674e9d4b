package dev.sigwarden.notify.github;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Stage;

/// Titles and bodies of issues. GitHub renders Markdown and HTML, follows mentions and closing
/// words; all of that is inert inside a fence, so text of a log stands in one that is longer than
/// any run of backticks in it. The title holds our own words and the id.
final class IssueText {
  /// Characters of a title. Source: GitHub.
  private static final int MAX_TITLE = 256;

  /// Characters of a body: GitHub takes 65,536.
  private static final int MAX_BODY = 60_000;

  private IssueText() {}

  static String title(Alert alert) {
    String id = " (" + alert.uid() + ")";
    return Fitting.cut(Stage.headline(alert), MAX_TITLE - id.length()) + id;
  }

  /// A hidden mark by which the finding is known.
  static String mark(Alert alert) {
    return "<!-- sigwarden:%s -->".formatted(alert.eventId());
  }

  static String body(Alert alert, AlertText words) {
    String text =
        Fitting.fit(
            alert,
            fitted -> words.render(Form.TEXT, "github", fitted).strip(),
            said -> said.length() <= MAX_BODY);
    String shown = Fitting.cut(text, MAX_BODY);
    String fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
    return mark(alert) + "\n" + fence + "text\n" + shown + "\n" + fence + "\n";
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
