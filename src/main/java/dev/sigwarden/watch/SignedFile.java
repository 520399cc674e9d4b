package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/// An allowlist file with its signature beside it, in a file of the same name and `.minisig`,
/// `.sig` or `.sigstore.json` behind it.
final class SignedFile {
  /// Bytes of a signed list, which is read into memory.
  private static final int MAX_BYTES = 64 << 20;

  private static final List<String> ENDINGS = List.of(".minisig", ".sig", ".sigstore.json");

  private SignedFile() {}

  /// Reads the list whole if the signer signed it.
  static AllowlistFile.Loaded load(Path file, String list, AllowlistSigner signer) {
    AllowlistFile.Loaded loaded = AllowlistFile.load(file);
    if (!(loaded instanceof AllowlistFile.Loaded.Content content)) {
      return loaded;
    }
    try {
      byte[] bytes = read(file, MAX_BYTES);
      if (!Digest.sha256(bytes, 0, bytes.length).toHex().equals(content.sha256())) {
        return new AllowlistFile.Loaded.Broken("changed while it was read");
      }
      Optional<Path> signature = signature(file);
      if (signature.isEmpty()) {
        return new AllowlistFile.Loaded.Broken(
            "no signature (expected: beside it, in a file with %s behind its name)"
                .formatted(String.join(" or ", ENDINGS)));
      }
      String text =
          new String(
              read(signature.get(), AllowlistSigner.MAX_SIGNATURE_BYTES), StandardCharsets.UTF_8);
      return signer
          .refusal(list, bytes, text)
          .<AllowlistFile.Loaded>map(why -> new AllowlistFile.Loaded.Broken("signature: " + why))
          .orElse(content);
    } catch (IOException e) {
      return new AllowlistFile.Loaded.Broken("cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /// When the signature was written; empty if there is none.
  static Optional<FileTime> lastSigned(Path file) throws IOException {
    try {
      Optional<Path> signature = signature(file);
      return signature.isEmpty()
          ? Optional.empty()
          : Optional.of(Files.getLastModifiedTime(signature.get()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static Optional<Path> signature(Path file) {
    return ENDINGS.stream()
        .map(ending -> file.resolveSibling(file.getFileName() + ending))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static byte[] read(Path file, int max) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(max + 1);
      if (bytes.length > max) {
        throw new IOException("%d bytes (expected: at most %d)".formatted(bytes.length, max));
      }
      return bytes;
    }
  }
}
