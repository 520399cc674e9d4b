package dev.sigwarden.trust;

import dev.sigwarden.log.RootLog;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.util.ArrayList;
import java.util.List;

/// Everything that a Sigstore instance asks to be trusted, past and present. Sigstore
/// protobuf-specs `TrustedRoot`, media types of versions 0.1 and 0.2.
///
/// @param tlogs logs of signatures
/// @param certificateAuthorities who issues certificates to signers
/// @param ctlogs logs of certificates
/// @param timestampAuthorities who signs times
public record TrustedRoot(
    List<LogKey> tlogs,
    List<Authority> certificateAuthorities,
    List<LogKey> ctlogs,
    List<Authority> timestampAuthorities) {
  /// The longest file in bytes: real ones have some 7,000.
  public static final int MAX_BYTES = 1 << 20;

  /// Logs or authorities of one sort: one more of each a year for a long time.
  private static final int MAX_ITEMS = 200;

  private static final String MEDIA_TYPE =
      "application/vnd\\.dev\\.sigstore\\.trustedroot"
          + "(\\+json;version=0\\.[12]|\\.v0\\.[12]\\+json)";

  public TrustedRoot {
    tlogs = List.copyOf(tlogs);
    certificateAuthorities = List.copyOf(certificateAuthorities);
    ctlogs = List.copyOf(ctlogs);
    timestampAuthorities = List.copyOf(timestampAuthorities);
  }

  /// The logs of signatures as those that follow them need them.
  public List<RootLog> logs() {
    return tlogs.stream().map(LogKey::toRootLog).toList();
  }

  /// Reads a `trusted_root.json`. Every part has to be well-formed; members that are not known are
  /// left alone.
  public static TrustedRoot parse(byte[] bytes) throws RefusedException {
    JsonObject json = JsonObject.parse("trusted root", bytes, MAX_BYTES);
    String type = json.text("mediaType");
    if (!type.matches(MEDIA_TYPE)) {
      throw json.wrong("mediaType", type, "application/vnd.dev.sigstore.trustedroot, 0.1 or 0.2");
    }
    List<Authority> issuing = new ArrayList<>();
    for (JsonObject one : json.objects("certificateAuthorities", MAX_ITEMS)) {
      issuing.add(Authority.issuing(one));
    }
    if (issuing.isEmpty()) {
      throw json.wrong("certificateAuthorities", "none", "at least one");
    }
    List<Authority> timestamping = new ArrayList<>();
    for (JsonObject one : json.objects("timestampAuthorities", MAX_ITEMS)) {
      timestamping.add(Authority.of(one));
    }
    return new TrustedRoot(logs(json, "tlogs"), issuing, logs(json, "ctlogs"), timestamping);
  }

  private static List<LogKey> logs(JsonObject json, String key) throws RefusedException {
    List<LogKey> logs = new ArrayList<>();
    for (JsonObject one : json.objects(key, MAX_ITEMS)) {
      logs.add(LogKey.of(one));
    }
    return logs;
  }

  /// Authorities of one's own, without any log.
  ///
  /// @param name what to call the file in messages
  /// @param pem their certificates
  public static TrustedRoot ofAuthorities(String name, String pem) throws RefusedException {
    return new TrustedRoot(List.of(), Authority.inPem(name, pem), List.of(), List.of());
  }
}
