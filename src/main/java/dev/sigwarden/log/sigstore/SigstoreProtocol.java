package dev.sigwarden.log.sigstore;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.rekor.RekorProtocol;
import dev.sigwarden.settings.Section;
import java.util.LinkedHashMap;
import java.util.Map;

/// All logs of signatures of a Sigstore instance, as its trusted root names them.
@AutoService(LogProtocol.class)
public final class SigstoreProtocol implements LogProtocol {
  /// Found by `ServiceLoader`.
  public SigstoreProtocol() {}

  @Override
  public String name() {
    return "sigstore";
  }

  @Override
  public String entryFormat() {
    return "rekor";
  }

  @Override
  public boolean rooted() {
    return true;
  }

  @Override
  public FamilySource configure(Section log) {
    boolean timestamps = RekorProtocol.readTimestamps(log);
    Map<String, Amendment> amendments = new LinkedHashMap<>();
    for (Amendment amendment :
        log.list(
            "overrides",
            "what the trusted root leaves open of one of its logs, or what you know better",
            Amendment::read)) {
      if (amendments.put(amendment.url(), amendment) != null) {
        log.problem("overrides", amendment.url() + " twice", "each log once");
      }
    }
    return (tools, trust) -> new SigstoreFamily(tools, trust.root(), amendments, timestamps);
  }
}
