package dev.sigwarden.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The token of whoever runs Sigwarden: made anew at each start and written, readable by the owner
/// alone, beside the database. Who can read it could as well write the database, so it gives nobody
/// anything new; it lets commands on the same machine reach the daemon, and the first token of a
/// person be made, without any set-up.
public final class LocalToken implements AutoCloseable {
  /// The file's name.
  static final String FILE = "sigwarden.local";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BYTES = 4_096;

  private final Token token;
  private @Nullable Path file;

  private LocalToken(Token token) {
    this.token = token;
  }

  /// Where a daemon is reached, and by which token.
  ///
  /// @param url without a slash at its end
  /// @param token the text
  /// @param certificate what it serves with; empty without TLS
  public record Reach(String url, String token, Optional<ServedCertificate> certificate) {
    /// Never the token.
    @Override
    public String toString() {
      return "Reach(" + url + ")";
    }
  }

  /// A new one, not written yet.
  public static LocalToken mint(RandomGenerator random) {
    return new LocalToken(Token.mint(random));
  }

  /// The caller that it stands for.
  public static Caller caller() {
    return new Caller("local", Role.ADMIN);
  }

  /// The SHA-256 of the token.
  public Hash hash() {
    return token.hash();
  }

  /// Writes the file into the folder, whole at once; it is deleted when this is closed. A folder
  /// that is not there is made: beside a database on a server nothing else may have made it.
  ///
  /// @param url where the daemon is reached
  /// @param certificate what it serves with; empty without TLS
  public synchronized void write(Path folder, String url, Optional<ServedCertificate> certificate)
      throws IOException {
    ObjectNode reach = JSON.createObjectNode().put("url", url).put("token", token.reveal());
    certificate.ifPresent(served -> reach.put("certificateSha256", served.sha256().toHex()));
    byte[] content = reach.toString().getBytes(StandardCharsets.UTF_8);
    Path target = Files.createDirectories(folder).resolve(FILE);
    Path next = Files.createTempFile(folder, "." + FILE, ".new", ownerOnly(folder));
    try {
      Files.write(next, content);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
    file = target;
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    Set<String> views = folder.getFileSystem().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /// What the daemon of this folder wrote; empty if none runs there.
  ///
  /// @throws IOException if the file cannot be read or is none of ours
  public static Optional<Reach> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + ": not a file of Sigwarden's");
      }
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      String url = json.path("url").asText("");
      String token = json.path("token").asText("");
      if (url.isEmpty() || Token.parse(token).isEmpty()) {
        throw new IOException(file + ": not a file of Sigwarden's");
      }
      String certificate = json.path("certificateSha256").asText("");
      return Optional.of(
          new Reach(
              url,
              token,
              certificate.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new ServedCertificate(Hash.ofHex(certificate)))));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": not a file of Sigwarden's", e);
    }
  }

  /// Deletes the file, unless another start has replaced it.
  @Override
  public synchronized void close() {
    Path written = file;
    file = null;
    try {
      if (written != null
          && read(Objects.requireNonNull(written.getParent()))
              .filter(reach -> reach.token().equals(token.reveal()))
              .isPresent()) {
        Files.deleteIfExists(written);
      }
    } catch (IOException _) {
      // A token that nobody takes any more is left behind.
    }
  }
}
