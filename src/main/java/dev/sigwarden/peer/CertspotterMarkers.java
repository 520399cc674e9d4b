package dev.sigwarden.peer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.sigwarden.peer.Remark.Level;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The certificates that `certspotter-authorize` was told of. It leaves an empty file
/// `certs/XX/.HASH.notified`, HASH being the SHA-256 of the TBSCertificate without timestamps; and
/// so does Cert Spotter itself after it told of a certificate, which it saves beside. Only those
/// that it did not tell of were meant: the others it would have been silent about too.
/// SSLMate/certspotter monitor/fsstate.go, cmd/certspotter-authorize/main.go.
final class CertspotterMarkers {
  /// Files looked at: years of certificates of a large organisation.
  private static final int MAX_FILES = 1_000_000;

  /// Bytes of what is saved of one certificate.
  private static final long MAX_JSON_BYTES = 1 << 20;

  private static final Pattern MARKER = Pattern.compile("\\.([0-9a-f]{64})\\.notified");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final JsonFactory JSON = new JsonFactory();

  private final TreeSet<String> marked = new TreeSet<>();
  private final TreeSet<String> told = new TreeSet<>();
  private int files;

  private CertspotterMarkers() {}

  /// The certificates as lines of an allowlist, and what is to be said of them.
  static List<String> read(Path folder, List<Remark> remarks)
      throws IOException, MalformedPeerFileException {
    Path certificates = folder.resolve("certs");
    CertspotterMarkers markers = new CertspotterMarkers();
    if (Files.isDirectory(certificates)) {
      try (DirectoryStream<Path> folders =
          Files.newDirectoryStream(certificates, "[0-9a-f][0-9a-f]")) {
        for (Path one : folders) {
          markers.folder(one);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    markers.marked.removeAll(markers.told);
    if (!markers.told.isEmpty()) {
      remarks.add(
          new Remark(
              Level.NOTE,
              "certs",
              "%d certificates that Cert Spotter told of are not allowed by that: allow those that"
                      .formatted(markers.told.size())
                  + " are yours"));
    }
    return markers.marked.stream().map(hash -> "tbs:" + hash).toList();
  }

  private void folder(Path folder) throws IOException, MalformedPeerFileException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (++files > MAX_FILES) {
          throw new MalformedPeerFileException("certs: over %d files".formatted(MAX_FILES));
        }
        file(entry, String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void file(Path entry, String name) throws IOException {
    if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Matcher marker = MARKER.matcher(name);
    if (marker.matches()) {
      marked.add(marker.group(1));
    } else if (name.endsWith(".v1.json")) {
      // Before 0.19 markers were named after the certificate, which is saved under that name.
      told.add(name.substring(0, name.length() - ".v1.json".length()));
      told.add(tbsOf(entry));
    } else if (name.endsWith(".pem")) {
      told.add(name.substring(0, name.indexOf('.')));
    }
  }

  /// The hash that the file says; empty if it says none.
  private static String tbsOf(Path json) throws IOException {
    if (Files.size(json) > MAX_JSON_BYTES) {
      return "";
    }
    try (JsonParser parser = JSON.createParser(json.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "";
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("tbs_sha256");
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.VALUE_STRING) {
          String hash = parser.getText();
          return HASH.matcher(hash).matches() ? hash : "";
        }
        parser.skipChildren();
      }
    } catch (JsonProcessingException _) {
      // Half a file that an interrupted Cert Spotter left.
    }
    return "";
  }
}
