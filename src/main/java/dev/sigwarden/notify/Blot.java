package dev.sigwarden.notify;

import dev.sigwarden.text.Sanitizer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Texts that must not be shown, whoever repeats them: the secrets of one conversation, each also
/// in Base64 (RFC 4648 sections 4 and 5) and percent-encoded, as a peer may have got it. Used by
/// one thread at a time.
public final class Blot {
  /// Characters below which a secret is not looked for in what a peer says: it would be found in
  /// ordinary words.
  private static final int SHORTEST = 6;

  private static final String MARK = "(secret)";

  private final Set<String> texts = new LinkedHashSet<>();

  /// Has a text blotted out from now on.
  public Blot secret(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(text);
    add(URLEncoder.encode(text, StandardCharsets.UTF_8));
    add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    return this;
  }

  private void add(String text) {
    if (text.length() >= SHORTEST) {
      texts.add(text);
    }
  }

  /// What a peer said, without the secrets and safe to show: at most `PeerWords.MAX` code points.
  /// The secrets go first, so that no half of one is left where the words are cut.
  public String clean(String words) {
    return clean(words, PeerWords.MAX);
  }

  /// The same, at most `max` code points of it.
  public String clean(String words, int max) {
    return Sanitizer.clean(out(words).strip(), max);
  }

  /// An error in a few words: its kind and message.
  public String of(Throwable error) {
    return clean(PeerWords.raw(error));
  }

  private String out(String words) {
    if (texts.isEmpty()) {
      return words;
    }
    // The longest first: one text may hold another.
    String any =
        texts.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(any, Pattern.CASE_INSENSITIVE)
        .matcher(words)
        .replaceAll(Matcher.quoteReplacement(MARK));
  }

  /// Nothing of the texts.
  @Override
  public String toString() {
    return texts.size() + " texts";
  }
}
