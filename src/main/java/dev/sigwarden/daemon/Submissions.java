package dev.sigwarden.daemon;

import dev.sigwarden.store.AllowedLine;
import dev.sigwarden.store.Desk;
import dev.sigwarden.watch.Allowlists;
import java.util.List;

/// Keeps the allowlists in memory level with what came through the API or from topics, here or at
/// another process on the same database: reads what changed since it last looked, in the order of
/// the changes.
final class Submissions {
  /// Lines read at once.
  private static final int PAGE = 5_000;

  private final Desk desk;
  private final Allowlists allowlists;
  private final boolean any;

  // The last change taken over; guarded by this.
  private long revision;
  private String list = "";
  private String line = "";

  Submissions(Desk desk, Allowlists allowlists) {
    this.desk = desk;
    this.allowlists = allowlists;
    this.any =
        allowlists.names().stream()
            .anyMatch(
                name -> allowlists.named(name).filter(one -> one.terms().isFed()).isPresent());
  }

  /// Takes over every change that was committed before this was called.
  synchronized void refresh() {
    if (!any) {
      return;
    }
    List<AllowedLine> page;
    do {
      page = desk.changes(revision, list, line, PAGE);
      for (AllowedLine change : page) {
        allowlists.submitted(change.list(), change.line(), change.allowed());
        revision = change.revision();
        list = change.list();
        line = change.line();
      }
    } while (page.size() == PAGE);
  }
}
