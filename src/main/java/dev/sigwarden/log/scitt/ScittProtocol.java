package dev.sigwarden.log.scitt;

import com.google.auto.service.AutoService;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.settings.Section;
import dev.sigwarden.tuf.RefusedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A transparency service of the SCITT kind on a CCF ledger.
@AutoService(LogProtocol.class)
public final class ScittProtocol implements LogProtocol {
  /// The protocol's name.
  static final String NAME = "scitt";

  /// What services of 2026 are asked with.
  static final String API_VERSION = "2026-03-26";

  /// How long one entry is waited for, unless told otherwise: services answer within a second.
  static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private static final String KEY = "64 hex digits: the SHA-256 of its SubjectPublicKeyInfo";

  /// Found by `ServiceLoader`.
  public ScittProtocol() {}

  /// Which of its two forms an API has.
  enum Mode {
    /// That which `api-version` asks for.
    CURRENT,
    /// The one before.
    LEGACY
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String entryFormat() {
    return "scittstatement";
  }

  @Override
  public LedgerSource configure(Section log) {
    URI base = server(log, "url", log.text("url", "the service's address: an http or https URL"));
    String issuer =
        log.text(
            "issuer",
            base.getHost(),
            "the service as its receipts name it; the host of `url` if not given");
    return new ScittLedger(
        base,
        new LedgerSource.Trust(issuer, keys(log)),
        new ScittLedger.Api(version(log), log.secret("token", "a bearer token"), patience(log)),
        pin(log),
        log.section(
            "files",
            "the ledger's public copy, which is replayed and compared with what the service says",
            ScittProtocol::copy));
  }

  private static String version(Section log) {
    Mode mode =
        log.choice(
            "api", Mode.class, Mode.CURRENT, "the form of the service's API that is asked for");
    String version =
        log.text("api-version", API_VERSION, "the value of `api-version` in current mode");
    if (!version.matches("[A-Za-z0-9.-]{1,40}")) {
      log.problem("api-version", version, "1 to 40 letters, digits, dots and hyphens");
    }
    return mode == Mode.CURRENT ? version : "";
  }

  static Duration patience(Section log) {
    return log.duration(
        "ready-within",
        READY_WITHIN,
        Duration.ofMillis(10),
        Duration.ofMinutes(10),
        "how long one entry is waited for in a turn, while the service loads it");
  }

  private static Set<Hash> keys(Section log) {
    Set<Hash> keys = moreKeys(log);
    Optional<String> file =
        log.optionalFile(
            "service-keys-file", "the same as a file: PEM, or JSON Web Keys as /jwks answers");
    if (file.isPresent()) {
      try {
        for (ReceiptKeys.Entry entry :
            ServiceKeys.read(file.get().getBytes(StandardCharsets.UTF_8))) {
          keys.add(entry.key().spkiSha256());
        }
      } catch (RefusedException e) {
        log.problem("service-keys-file", e.getMessage(), ServiceKeys.EXPECTED);
      }
    }
    if (keys.isEmpty()) {
      log.problem("service-keys", "none", "at least one key, here or in service-keys-file");
    }
    return keys;
  }

  /// Reads the keys that receipts are believed by beside those known otherwise.
  static Set<Hash> moreKeys(Section log) {
    Set<Hash> keys = new HashSet<>();
    for (String text :
        log.optionalTexts(
            "service-keys",
            "the keys that receipts are believed by, those of before a recovery too: of each the"
                + " SHA-256 of its SubjectPublicKeyInfo in hex")) {
      try {
        keys.add(Hash.ofHex(text));
      } catch (IllegalArgumentException _) {
        log.problem("service-keys", text, KEY);
      }
    }
    return keys;
  }

  private static Optional<ServicePin.Source> pin(Section log) {
    Optional<String> identity =
        log.optionalText(
            "identity",
            "the address at which an identity service tells the service's certificate, which alone"
                + " is then trusted");
    Optional<String> certificate =
        log.optionalFile(
            "certificate", "the service's certificate as PEM, which alone is then trusted");
    if (identity.isPresent() && certificate.isPresent()) {
      log.problem("certificate", "beside identity", "one of them");
    }
    if (identity.isPresent()) {
      return Optional.of(new ServicePin.Source.Asked(uri(log, "identity", identity.get())));
    }
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ServicePin.Source.Given(ServicePin.Certified.of(certificate.get())));
    } catch (GeneralSecurityException e) {
      log.problem("certificate", "not to be read", "one certificate in PEM");
      return Optional.empty();
    }
  }

  private static ScittLedger.Copy copy(Section files) {
    URI index =
        server(files, "url", files.text("url", "the address of the list of files, as JSON"));
    Optional<Path> folder = files.optionalPath("folder", "a folder of its own to keep them in");
    if (folder.isEmpty()) {
      files.problem("folder", "missing", "a folder to keep the files in");
    }
    return new ScittLedger.Copy(index, folder.orElse(Path.of("")));
  }

  /// An address that ends in a slash.
  private static URI server(Section log, String key, String text) {
    return uri(log, key, text.endsWith("/") ? text : text + "/");
  }

  private static URI uri(Section log, String key, String text) {
    try {
      URI uri = URI.create(text);
      if (PoliteHttp.objection(uri).isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below, like one with a query.
    }
    log.problem(key, text, "an http or https URL without query");
    return URI.create("http://none.invalid/");
  }
}
