package dev.sigwarden.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where secrets come from, and the small files that a configuration names.
final class Secrets {
  /// Bytes of a secret or of another small file named by a key.
  static final int MAX_BYTES = 64 * 1024;

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /// Folders in which a container runtime puts secrets, with permissions that the operator does not
  /// choose.
  private static final List<Path> MANAGED =
      List.of(Path.of("/run/secrets"), Path.of("/var/run/secrets"));

  private Secrets() {}

  /// The text of a regular UTF-8 file of at most `MAX_BYTES`.
  ///
  /// @throws IOException if it cannot be had; the message says why and names the file only
  static String read(Path file) throws IOException {
    String name = Printable.bare(file.toString());
    if (!Files.exists(file)) {
      throw new IOException("no file " + name);
    }
    // A pipe would block the start.
    if (!Files.isRegularFile(file)) {
      throw new IOException("not a regular file: " + name);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("more than " + MAX_BYTES + " bytes in " + name);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      throw new IOException("not UTF-8 text: " + name, notText);
    } catch (AccessDeniedException denied) {
      throw new IOException("no permission to read " + name, denied);
    }
  }

  /// Whether others than the owner may do something with the file, in a folder where that is the
  /// operator's choice. Without POSIX permissions the answer is no.
  static boolean open(Path file) {
    if (MANAGED.stream().anyMatch(file::startsWith)) {
      return false;
    }
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /// The secret in a file, read at each use.
  ///
  /// @param within the folder that the file must not lead out of when it is read; empty for none
  record InFile(Path file, Optional<Path> within) implements Secret {
    @Override
    public String read() throws IOException {
      if (within.isPresent() && YamlFiles.leavesFolder(file, within.get())) {
        throw new IOException("not in its folder any more: " + Printable.bare(file.toString()));
      }
      String secret = Secrets.read(file).replaceFirst("\\r?\\n\\z", "");
      if (secret.isEmpty()) {
        throw new IOException("nothing in " + Printable.bare(file.toString()));
      }
      return secret;
    }
  }

  /// The secret that the environment held at the start.
  static final class InEnvironment implements Secret {
    private final String name;
    private final String value;

    InEnvironment(String name, String value) {
      this.name = name;
      this.value = value.replaceFirst("\\r?\\n\\z", "");
    }

    @Override
    public String read() {
      return value;
    }

    @Override
    public String toString() {
      return "${" + name + '}';
    }
  }
}
