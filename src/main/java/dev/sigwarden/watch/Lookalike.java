package dev.sigwarden.watch;

import dev.sigwarden.entry.Signer;

/// A signer whose subject is easily taken for one that a watch names, and which that watch does not
/// select.
///
/// @param watch the watch
/// @param signer who signed
/// @param subject the name of the signer that is meant; text from the entry
/// @param watched the watched subject in the operator's words
/// @param way how the two resemble each other
/// @param part which part of the subject differs, in our own words: `owner`, `domain`
/// @param difference what differs there: code points, or for an issuer both issuers; may hold text
///   from the entry
public record Lookalike(
    Watch watch,
    Signer signer,
    String subject,
    String watched,
    Way way,
    String part,
    String difference) {
  /// Ways in which one subject is taken for another.
  public enum Way {
    OTHER_CASE("other-case", "is a watched one in other case, which its host does not tell apart"),
    PUNYCODE("punycode", "is drawn like a watched one once its punycode is decoded"),
    MIXED_SCRIPTS("mixed-scripts", "is drawn like a watched one and mixes scripts"),
    CONFUSABLE("confusable", "is drawn like a watched one"),
    ONE_EDIT("one-edit", "is one edit away from a watched one"),
    OTHER_HOST("other-host", "has the path of a watched one on another host"),
    OTHER_ISSUER("other-issuer", "is a watched one, vouched for by another issuer");

    private final String label;
    private final String words;

    Way(String label, String words) {
      this.label = label;
      this.words = words;
    }

    /// The name used in alerts.
    public String label() {
      return label;
    }

    /// The end of the sentence that begins with `A subject`.
    public String words() {
      return words;
    }
  }
}
