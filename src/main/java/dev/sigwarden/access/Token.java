package dev.sigwarden.access;

import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// A bearer token of the API: `swt_` and 256 random bits in base64url. Whoever has the text is the
/// caller; Sigwarden keeps its SHA-256 only. So many random bits need no slow hash: nobody can try
/// them.
public final class Token {
  /// What every token starts with, so that scanners for leaked secrets can know one.
  public static final String PREFIX = "swt_";

  private static final int RANDOM_BYTES = 32;

  /// 32 bytes without padding are 43 characters.
  private static final Pattern FORM = Pattern.compile("swt_[A-Za-z0-9_-]{43}");

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /// A new token.
  ///
  /// @param random a source that nobody can predict
  public static Token mint(RandomGenerator random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return new Token(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// The token in a text of exactly that form; empty for any other.
  public static Optional<Token> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Token(text)) : Optional.empty();
  }

  /// The SHA-256 of the text.
  public Hash hash() {
    return Hash.ofData(text.getBytes(StandardCharsets.US_ASCII));
  }

  /// The text, to be shown once.
  public String reveal() {
    return text;
  }

  /// Never the text.
  @Override
  public String toString() {
    return "Token(…)";
  }
}
