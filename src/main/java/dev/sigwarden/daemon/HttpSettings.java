package dev.sigwarden.daemon;

import dev.sigwarden.settings.Section;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The section `http` of the configuration: where health, metrics and the API are served.
///
/// @param host the address to listen on
/// @param port `[0, 65535]`, 0 for a free one
/// @param tls with what it is served over TLS; empty for plain HTTP
/// @param publicUrl where people reach it, for links in alerts; empty for no links
public record HttpSettings(String host, int port, Optional<Tls> tls, Optional<URI> publicUrl) {
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1", "localhost");

  static final HttpSettings DEFAULT =
      new HttpSettings("127.0.0.1", 8321, Optional.empty(), Optional.empty());

  /// Files in PEM.
  ///
  /// @param certificate the certificate and its chain
  /// @param key its private key
  public record Tls(Path certificate, Path key) {}

  /// Whether nobody but this machine can reach it.
  public boolean isLoopback() {
    return LOOPBACK.contains(host);
  }

  /// Whether a call of this host, a name or an address without its port, means this server where
  /// nobody but this machine reaches it. A page of elsewhere whose name was made to lead here (DNS
  /// rebinding) calls the name that it has.
  public boolean isMeantBy(String called) {
    return LOOPBACK.stream().anyMatch(called::equalsIgnoreCase)
        || called.equals("[::1]")
        || publicUrl.map(URI::getHost).filter(called::equalsIgnoreCase).isPresent();
  }

  static HttpSettings read(Section http) {
    String host = http.text("host", DEFAULT.host, "the address to listen on");
    int port = (int) http.number("port", DEFAULT.port, 0, 65_535, "the TCP port");
    Optional<Tls> tls = http.section("tls", "serve over TLS", HttpSettings::readTls);
    boolean plain =
        http.flag(
            "behind-proxy", false, "plain HTTP beyond this machine: a proxy before it does TLS");
    Optional<URI> publicUrl =
        http.optionalUrl(
            "public-url",
            List.of("https", "http"),
            "where people reach it, such as https://sigwarden.acme.example: alerts then have the"
                + " address of their finding");
    if (publicUrl.filter(url -> url.getQuery() != null).isPresent()) {
      http.problem("public-url", publicUrl.get().toString(), "a URL without a query");
    }
    HttpSettings settings = new HttpSettings(host, port, tls, publicUrl);
    if (!settings.isLoopback() && tls.isEmpty() && !plain) {
      http.problem(
          "host",
          host + " without tls",
          "one of %s; or tls, since tokens would be sent in clear; or behind-proxy: true"
              .formatted(String.join(", ", LOOPBACK)));
    }
    return settings;
  }

  private static Tls readTls(Section tls) {
    Optional<Path> certificate =
        tls.optionalPath("certificate", "the certificate and its chain, PEM");
    Optional<Path> key = tls.optionalPath("key", "its private key, PEM");
    if (certificate.isEmpty() || key.isEmpty()) {
      tls.problem(certificate.isEmpty() ? "certificate" : "key", "missing", "a file in PEM");
    }
    return new Tls(certificate.orElse(Path.of("")), key.orElse(Path.of("")));
  }
}
