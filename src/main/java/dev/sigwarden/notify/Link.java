package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;
import java.util.ArrayList;
import java.util.List;

/// An address of the operator's own that an alert may be followed to; never one from a log.
///
/// @param title what is found there, a word of ours
/// @param url where
public record Link(String title, String url) {
  /// The links of an alert: the finding in the API or console, and the runbook if it is on the web.
  public static List<Link> of(Alert alert) {
    List<Link> links = new ArrayList<>();
    if (!alert.url().isEmpty()) {
      links.add(new Link("Finding", alert.url()));
    }
    if (alert.runbook().startsWith("https://")) {
      links.add(new Link("Runbook", alert.runbook()));
    }
    return links;
  }
}
