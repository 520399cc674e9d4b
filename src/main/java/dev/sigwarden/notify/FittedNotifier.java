package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.Field;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A notifier with what every receiver may ask for: no alert below a severity, and fields of the
/// operator's own in each, under `scope`.
final class FittedNotifier implements Notifier {
  private final Notifier inner;
  private final Severity least;
  private final List<Field> added = new ArrayList<>();

  FittedNotifier(Notifier inner, Severity least, Map<String, String> fields) {
    this.inner = inner;
    this.least = least;
    new TreeMap<>(fields)
        .forEach((name, value) -> added.add(new Field(name, Sanitizer.clean(value), false)));
  }

  @Override
  public Delivery deliver(Message message) {
    if (!isWanted(message)) {
      return new Delivery.LeftOut(
          "left out: %s is below min-severity %s"
              .formatted(message.alert().severity().label(), least.label()));
    }
    return inner.deliver(fitted(message));
  }

  @Override
  public Optional<Duration> refreshInterval() {
    return inner.refreshInterval();
  }

  @Override
  public Delivery refresh(List<Message> standing) {
    List<Message> wanted = standing.stream().filter(this::isWanted).map(this::fitted).toList();
    return wanted.isEmpty()
        ? new Delivery.LeftOut("left out: all below min-severity " + least.label())
        : inner.refresh(wanted);
  }

  /// The gravest severity comes first.
  private boolean isWanted(Message message) {
    Alert alert = message.alert();
    return alert.severity().compareTo(least) <= 0 || alert.kind().family() == Family.DRILL;
  }

  private Message fitted(Message message) {
    return added.isEmpty()
        ? message
        : new Message(message.key(), with(message.alert()), message.openedKey());
  }

  private Alert with(Alert alert) {
    return alert.withGroups((group, fields) -> {
      if (!group.equals("scope")) {
        return fields;
      }
      List<Field> all = new ArrayList<>(fields);
      all.addAll(added);
      return all;
    });
  }

  @Override
  public void close() {
    inner.close();
  }
}
