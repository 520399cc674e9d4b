package dev.sigwarden.watch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Who has to sign the lines of an allowlist, so that whoever has the release pipeline cannot widen
/// it: the owner of a key, or an identity, that signs nothing else.
///
/// What is signed is the text whose first line is `# allowlist NAME`, lest a signature over the
/// lines of one list be used for another.
public interface AllowlistSigner {
  /// Bytes of a signature, a Sigstore bundle among them.
  int MAX_SIGNATURE_BYTES = 65_536;

  /// What the first line of a signed text begins with.
  String HEADING = "# allowlist ";

  /// How a watch watches this signer, in words that follow the watch's name; empty if it does not.
  /// Whoever is watched may be whoever was robbed, and must not say what is expected of them.
  Optional<String> watchedBy(Watch watch);

  /// The name of the trusted root that it is checked by; empty for none that has one.
  default String trust() {
    return "";
  }

  /// What changes whenever another signature may be good; empty as long as none can be checked.
  default Optional<String> basis() {
    return Optional.of("");
  }

  /// What is wrong with a signature over a text, printable; empty if it is good.
  ///
  /// @param lines the text that was signed, as it is
  /// @param signature a signature file; hostile
  Optional<String> wrong(byte[] lines, String signature);

  /// What is wrong with a signature over the lines of a list, printable; empty if it is good.
  ///
  /// @param list the list's name
  default Optional<String> refusal(String list, byte[] lines, String signature) {
    String first =
        new String(lines, StandardCharsets.UTF_8).lines().findFirst().orElse("").stripTrailing();
    if (!first.equals(HEADING + list)) {
      return Optional.of(
          "the text is not said to be for this list (expected: a first line `%s%s`)"
              .formatted(HEADING, list));
    }
    return signature.length() > MAX_SIGNATURE_BYTES
        ? Optional.of(
            "%d characters (expected: at most %d)"
                .formatted(signature.length(), MAX_SIGNATURE_BYTES))
        : wrong(lines, signature);
  }
}
