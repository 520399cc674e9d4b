package dev.sigwarden.entry.x509;

import dev.sigwarden.text.Sanitizer;
import java.util.ArrayList;
import java.util.List;

/// A bounded list of what is odd about a certificate.
final class Oddities {
  /// The most oddities kept: more than a person reads.
  private static final int MAX = 20;

  /// The longest oddity in code points.
  private static final int MAX_LENGTH = 200;

  private final List<String> kept = new ArrayList<>(0);
  private int dropped;

  /// Adds one, sanitised and cut.
  void add(String oddity) {
    if (kept.size() < MAX) {
      kept.add(Sanitizer.clean(oddity, MAX_LENGTH));
    } else {
      dropped++;
    }
  }

  /// What was added, and how many more there were.
  List<String> toList() {
    List<String> all = new ArrayList<>(kept);
    if (dropped > 0) {
      all.add("and %d more".formatted(dropped));
    }
    return List.copyOf(all);
  }
}
