package dev.sigwarden.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which selectors may want one host: a tree of labels, the last label first. Immutable once built.
///
/// A certificate's host costs one look-up for each of its labels as far as they are watched,
/// whatever the number of watched hosts. Where it has a label that stands for others, each watched
/// label in that place is tried.
final class HostIndex {
  /// Nodes tried for open labels of one certificate, above which all selectors are offered: a
  /// certificate of a thousand wildcards under one's own domains stays below, and one of nothing
  /// but stars, which no authority may issue, cannot stall a log.
  static final int MAX_TRIED = 200_000;

  private final Node root = new Node();

  /// One label, or none for the root.
  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();

    /// Selectors of exactly this host.
    private int[] exact = Selection.NONE;

    /// Selectors of this host and all below.
    private int[] below = Selection.NONE;
  }

  /// Takes what is found.
  @FunctionalInterface
  interface Taker {
    void take(int[] selectors);
  }

  /// Files a selector under its host.
  void add(HostPattern pattern, int selector) {
    Node node = root;
    for (String label : List.of(pattern.host().split("\\.", -1)).reversed()) {
      node = node.children.computeIfAbsent(label, _ -> new Node());
    }
    if (pattern.below()) {
      node.below = with(node.below, selector);
    } else {
      node.exact = with(node.exact, selector);
    }
  }

  /// The numbers and one more.
  static int[] with(int[] numbers, int number) {
    int[] more = Arrays.copyOf(numbers, numbers.length + 1);
    more[numbers.length] = number;
    return more;
  }

  /// Whether no host is filed.
  boolean isEmpty() {
    return root.children.isEmpty();
  }

  /// Offers the selectors that a certificate's host may be wanted by. Returns how many labels it
  /// looked up or tried; stops beyond `most`.
  int find(String host, int most, Taker taker) {
    return hasOpenLabel(host) ? findOpen(host, most, taker) : findPlain(host, taker);
  }

  private static boolean hasOpenLabel(String host) {
    return host.indexOf('*') >= 0 || host.indexOf(NameForms.ANY_LABEL.charAt(0)) >= 0;
  }

  private int findPlain(String host, Taker taker) {
    Node node = root;
    int end = host.length();
    int steps = 0;
    while (end >= 0) {
      int dot = host.lastIndexOf('.', end - 1);
      @Nullable Node child = node.children.get(host.substring(dot + 1, end));
      steps++;
      if (child == null) {
        return steps;
      }
      node = child;
      end = dot;
      offer(node.below, taker);
    }
    offer(node.exact, taker);
    return steps;
  }

  /// Level by level, so that hostile labels cost no stack.
  private int findOpen(String host, int most, Taker taker) {
    List<Node> level = List.of(root);
    int end = host.length();
    int steps = 0;
    while (end >= 0 && !level.isEmpty()) {
      int dot = host.lastIndexOf('.', end - 1);
      String label = host.substring(dot + 1, end);
      List<Node> next = new ArrayList<>();
      for (Node node : level) {
        if (!HostPattern.isOpen(label)) {
          steps++;
          @Nullable Node child = node.children.get(label);
          if (child != null) {
            next.add(child);
          }
          continue;
        }
        for (Map.Entry<String, Node> child : node.children.entrySet()) {
          if (++steps > most) {
            return steps;
          }
          if (HostPattern.labelFits(label, child.getKey())) {
            next.add(child.getValue());
          }
        }
      }
      next.forEach(node -> offer(node.below, taker));
      level = next;
      end = dot;
    }
    if (end < 0) {
      level.forEach(node -> offer(node.exact, taker));
    }
    return steps;
  }

  private static void offer(int[] selectors, Taker taker) {
    if (selectors.length > 0) {
      taker.take(selectors);
    }
  }
}
