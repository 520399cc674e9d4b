package dev.sigwarden.daemon;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.store.Lifecycle;
import dev.sigwarden.store.StoreException;
import java.net.URI;

/// A receiver that is told of each finding where the API has it. The address is added when the
/// finding is delivered: it is not part of what was found, and changes.
final class LinkedNotifier implements Notifier {
  private final Notifier notifier;
  private final String findings;
  private final Lifecycle known;

  /// @param base where people reach the API
  /// @param known tells findings from conditions and other tellings, which have no address
  LinkedNotifier(Notifier notifier, URI base, Lifecycle known) {
    this.notifier = notifier;
    this.findings = base.toString().replaceFirst("/+$", "") + "/api/v1/findings/";
    this.known = known;
  }

  @Override
  public Delivery deliver(Message message) {
    Alert alert = message.alert();
    return notifier.deliver(
        isFinding(alert.uid())
            ? new Message(message.key(), alert.withUrl(findings + alert.uid()), message.openedKey())
            : message);
  }

  /// A telling does not wait for the database for the sake of its link.
  private boolean isFinding(String uid) {
    try {
      return known.knows(uid);
    } catch (StoreException _) {
      return false;
    }
  }

  @Override
  public void close() {
    notifier.close();
  }
}
