package dev.sigwarden.log.ct;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A Certificate Transparency log with the API of RFC 6962.
@AutoService(LogProtocol.class)
public final class CtProtocol implements LogProtocol {
  /// The protocol's name.
  static final String NAME = "ct";

  /// Found by `ServiceLoader`.
  public CtProtocol() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String entryFormat() {
    return "ct";
  }

  @Override
  public LogSource configure(Section log) {
    List<CtLog.Address> addresses = new ArrayList<>();
    String text = log.text("url", "the log's prefix, before `ct/v1/`: an http or https URL");
    URI base = CtKeys.prefix(log, "url", text).orElse(URI.create("http://none.invalid/"));
    addresses.add(new CtLog.Address.Api(base));
    CtKeys.mirrors(log).forEach(mirror -> addresses.add(new CtLog.Address.Api(mirror)));
    return new CtLog(
        CtKeys.key(log, CtKeys.origin(base)), CtKeys.mmd(log), Optional.empty(), addresses);
  }
}
