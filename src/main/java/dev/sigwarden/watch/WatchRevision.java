package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What tells how a watch judged from how it judged before it was changed: two digests of 16 hex
/// digits each. Its severity, owner and runbook are in neither, nor is the order of its selectors.
///
/// @param selects of whom it selects, look-alikes included: what was read under another one was not
///   looked through for what it selects now
/// @param expects of what it expects of them
public record WatchRevision(String selects, String expects) {
  /// Hex digits: an operator has few revisions, and nobody gains by two that are alike.
  private static final int LENGTH = 16;

  /// The revision of a watch.
  public static WatchRevision of(Watch watch) {
    Stream<String> selectors = watch.selectors().stream().map(WatchRevision::words).sorted();
    Stream<String> lookalikes = Stream.of("look-alikes " + watch.lookalikes().isPresent());
    List<String> expected =
        watch
            .expectation()
            .map(expects ->
                Stream.of(
                        Stream.of("grace " + expects.grace()),
                        expects.allowlists().stream().map(name -> "allowlist " + name),
                        expects.require().stream().map(one -> "require " + one.oid() + one))
                    .flatMap(parts -> parts)
                    .toList())
            .orElse(List.of("nothing"));
    return new WatchRevision(
        digest(Stream.concat(selectors, lookalikes).toList()), digest(expected));
  }

  /// A selector in the operator's words, which name every criterion, and the keys in its file.
  private static String words(Selector selector) {
    String keys =
        selector.keys().stream()
            .map(Digest::toString)
            .sorted(Comparator.naturalOrder())
            .toList()
            .toString();
    return selector.label() + '\n' + keys + '\n' + selector.certificate();
  }

  private static String digest(List<String> parts) {
    // Each with its length, so that no two lists are written alike.
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.length()).append(' ').append(part).append('\n'));
    return Hash.ofData(text.toString().getBytes(StandardCharsets.UTF_8))
        .toHex()
        .substring(0, LENGTH);
  }
}
