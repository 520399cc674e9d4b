package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.keys.MinisignKeys;
import dev.sigwarden.entry.keys.MinisignSignature;
import dev.sigwarden.entry.keys.SshSignature;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Who has to sign the lines of an allowlist, so that whoever has the release pipeline cannot widen
/// it: the owner of a minisign or SSH key that signs nothing else.
///
/// What is signed is the text whose first line is `# allowlist NAME`, lest a signature over the
/// lines of one list be used for another. An SSH signature is made for the namespace
/// `sigwarden-allowlist`.
public final class AllowlistSigner {
  /// What an SSH signature has to be for.
  static final String NAMESPACE = "sigwarden-allowlist";

  private static final String HEADING = "# allowlist ";

  private final Set<Digest> keys;
  private final String text;

  private AllowlistSigner(Set<Digest> keys, String text) {
    this.keys = keys;
    this.text = text;
  }

  /// The owner of the key in a file: a public key of minisign, or a line of OpenSSH.
  ///
  /// @throws MalformedKeyException if there is no such key; the message never repeats the file
  static AllowlistSigner of(String file) throws MalformedKeyException {
    return new AllowlistSigner(KeyFile.keySha256s(file), file);
  }

  /// The SHA-256 of the key's SubjectPublicKeyInfo.
  Set<Digest> keys() {
    return keys;
  }

  /// What is wrong with a signature over the lines of a list, printable; empty if it is good.
  ///
  /// @param list the list's name
  /// @param lines the text that was signed, as it is
  /// @param signature a signature file of minisign or of `ssh-keygen -Y sign`
  public Optional<String> refusal(String list, byte[] lines, String signature) {
    String first =
        new String(lines, StandardCharsets.UTF_8).lines().findFirst().orElse("").stripTrailing();
    if (!first.equals(HEADING + list)) {
      return Optional.of(
          "the text is not said to be for this list (expected: a first line `%s%s`)"
              .formatted(HEADING, list));
    }
    try {
      boolean good =
          signature.startsWith(MinisignSignature.START)
              ? isMinisigned(lines, signature)
              : isSshSigned(lines, signature);
      return good
          ? Optional.empty()
          : Optional.of("not the key's over this text (expected: by the key in signed-by)");
    } catch (MalformedSignerException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private boolean isMinisigned(byte[] lines, String signature) throws MalformedSignerException {
    return MinisignSignature.parse(signature)
        .isBy(MinisignKeys.readFull(text.strip().getBytes(StandardCharsets.UTF_8)), lines);
  }

  private boolean isSshSigned(byte[] lines, String signature) throws MalformedSignerException {
    SshSignature ssh = SshSignature.parse(signature);
    return keys.contains(ssh.keySha256()) && ssh.isOver(NAMESPACE, lines);
  }
}
