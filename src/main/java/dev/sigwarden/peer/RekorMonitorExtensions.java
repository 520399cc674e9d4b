package dev.sigwarden.peer;

import dev.sigwarden.entry.x509.FulcioExtension;
import dev.sigwarden.peer.Remark.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The `oidMatchers` of rekor-monitor: extensions that have one of some values.
/// pkg/fulcio/extensions/extensions.go, `RenderOIDMatchers`.
final class RekorMonitorExtensions {
  private static final Pattern OID = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,18}){1,63}");

  /// Under Fulcio's arc and with no leading zero, as Sigwarden takes them.
  private static final Pattern FULCIO =
      Pattern.compile(Pattern.quote(FulcioExtension.ARC) + "\\.(0|[1-9][0-9]{0,8})");

  private final List<Remark> remarks;
  private final Map<String, Values> byOid = new LinkedHashMap<>();

  /// What one extension has to be.
  private record Values(String path, Set<String> values) {}

  /// @param watch the name of a watch
  /// @param path where it stood
  /// @param selectors its selectors
  record Matcher(String watch, String path, List<Map<String, Object>> selectors) {}

  RekorMonitorExtensions(List<Remark> remarks) {
    this.remarks = remarks;
  }

  /// The matchers, in the order in which rekor-monitor reads them.
  List<Matcher> read(String path, Map<?, ?> matchers) throws MalformedPeerFileException {
    listed(path + ".oidExtensions", RekorMonitorFile.items(matchers, "oidExtensions"));
    fulcio(path + ".fulcioExtensions", RekorMonitorFile.map(matchers, "fulcioExtensions"));
    listed(path + ".customExtensions", RekorMonitorFile.items(matchers, "customExtensions"));
    List<Matcher> read = new ArrayList<>();
    byOid.forEach((oid, values) -> {
      if (!FULCIO.matcher(oid).matches()) {
        remarks.add(
            new Remark(
                Level.NOT_CARRIED_OVER,
                values.path(),
                "extension %s: Sigwarden keeps those under %s only"
                    .formatted(oid, FulcioExtension.ARC)));
      } else if (!values.values().isEmpty()) {
        String name = name(oid);
        List<Map<String, Object>> selectors = new ArrayList<>();
        values
            .values()
            .forEach(
                value -> selectors.add(Map.of("extensions", Map.of(name, Anchoring.exact(value)))));
        read.add(new Matcher("extension-" + name, values.path(), selectors));
      }
    });
    return read;
  }

  private static String name(String oid) {
    return Arrays.stream(FulcioExtension.values())
        .filter(extension -> extension.oid().equals(oid))
        .map(FulcioExtension::configName)
        .findFirst()
        .orElse(oid);
  }

  private void listed(String path, List<Object> extensions) throws MalformedPeerFileException {
    for (int i = 0; i < extensions.size(); i++) {
      String at = path + "[" + i + "]";
      if (!(extensions.get(i) instanceof Map<?, ?> extension)) {
        remarks.add(new Remark(Level.NOT_CARRIED_OVER, at, "not a mapping"));
        continue;
      }
      String oid = oid(extension.get("objectIdentifier"));
      if (OID.matcher(oid).matches()) {
        put(oid, at, RekorMonitorFile.items(extension, "extensionValues"));
      } else {
        remarks.add(
            new Remark(
                Level.NOT_CARRIED_OVER,
                at + ".objectIdentifier",
                "no object identifier (rekor-monitor refuses the file)"));
      }
    }
  }

  /// Written with dots, or as a list of numbers; leading zeros mean nothing.
  private static String oid(@Nullable Object written) {
    String dotted =
        written instanceof List<?> parts
            ? parts.stream().map(String::valueOf).collect(Collectors.joining("."))
            : String.valueOf(written);
    return OID.matcher(dotted).matches() ? dotted.replaceAll("(^|\\.)0+(?=[0-9])", "$1") : "";
  }

  private void fulcio(String path, Map<?, ?> extensions) throws MalformedPeerFileException {
    Set<String> known = new TreeSet<>();
    for (FulcioExtension extension : FulcioExtension.values()) {
      switch (extension) {
        case ISSUER_V1, ISSUER_V2 -> known.add("issuer");
        // Named in its code and in no key of its file.
        case DEPLOYMENT_ENVIRONMENT, TOKEN_SUBJECT -> {
          continue;
        }
        default -> known.add(extension.configName());
      }
      String key =
          extension == FulcioExtension.ISSUER_V1 || extension == FulcioExtension.ISSUER_V2
              ? "issuer"
              : extension.configName();
      List<Object> values = RekorMonitorFile.items(extensions, key);
      if (!values.isEmpty()) {
        put(extension.oid(), path + "." + key, values);
      }
    }
    for (Object key : extensions.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        remarks.add(
            new Remark(
                Level.WARNING,
                path + "." + key,
                "can never match in rekor-monitor: it knows no such key and passes over it (known: "
                    + String.join(", ", known)
                    + ")"));
      }
    }
  }

  /// The same extension again replaces what stood before: rekor-monitor makes a new set of values.
  private void put(String oid, String path, List<Object> items) {
    Set<String> values = new TreeSet<>();
    for (Object item : items) {
      if (item instanceof String value && !value.isEmpty()) {
        values.add(value);
      } else {
        remarks.add(
            new Remark(
                Level.NOT_CARRIED_OVER,
                path,
                "a value that is no text (rekor-monitor refuses it)"));
      }
    }
    if (items.isEmpty()) {
      remarks.add(
          new Remark(
              Level.NOT_CARRIED_OVER, path, "no extensionValues (rekor-monitor refuses the file)"));
    }
    Values before = byOid.put(oid, new Values(path, values));
    if (before != null) {
      remarks.add(
          new Remark(
              Level.WARNING,
              before.path(),
              "can never match in rekor-monitor: %s gives extension %s again and replaces these"
                      .formatted(path, oid)
                  + " values; they are not carried over"));
    }
  }
}
