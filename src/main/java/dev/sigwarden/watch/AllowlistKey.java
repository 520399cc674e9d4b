package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.keys.MinisignKeys;
import dev.sigwarden.entry.keys.MinisignSignature;
import dev.sigwarden.entry.keys.SshSignature;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The owner of a minisign or SSH key that signs nothing but lines of allowlists. An SSH signature
/// is made for the namespace `sigwarden-allowlist`.
final class AllowlistKey implements AllowlistSigner {
  /// What an SSH signature has to be for.
  static final String NAMESPACE = "sigwarden-allowlist";

  private final Set<Digest> keys;
  private final String text;

  private AllowlistKey(Set<Digest> keys, String text) {
    this.keys = keys;
    this.text = text;
  }

  /// The owner of the key in a file: a public key of minisign, or a line of OpenSSH.
  ///
  /// @throws MalformedKeyException if there is no such key; the message never repeats the file
  static AllowlistKey of(String file) throws MalformedKeyException {
    return new AllowlistKey(KeyFile.keySha256s(file), file);
  }

  @Override
  public Optional<String> watchedBy(Watch watch) {
    return watch.names(keys) ? Optional.of("names the key in signed-by") : Optional.empty();
  }

  @Override
  public Optional<String> wrong(byte[] lines, String signature) {
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
