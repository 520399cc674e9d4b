package dev.sigwarden.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.util.List;

/// Stand-ins of every service that keeps incidents, each of which takes what it is asked.
final class IncidentServices implements AutoCloseable {
  static final String PAGERDUTY = "/v2/enqueue";
  static final String OPSGENIE = "/v2/alerts";
  static final String GITHUB = "/api/v3/repos/acme/alerts/issues";
  static final String ALERTMANAGER = "/api/v2/alerts";

  private final WireMockServer services =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  /// Adds the receivers `pager`, `genie`, `hub` and `am`.
  IncidentServices(ConfigFile config) {
    services.start();
    services.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    services.stubFor(
        post("/api/graphql")
            .willReturn(okJson("{\"data\":{\"repository\":{\"issues\":{\"nodes\":[]}}}}")));
    services.stubFor(
        post(GITHUB).willReturn(aResponse().withStatus(201).withBody("{\"number\":7}")));
    String base = services.baseUrl();
    String open = "allow-insecure: true, allow-private: true";
    config.write("pager.secret", "a".repeat(32));
    config
        .receives(
            "pager",
            "{channel: pagerduty, url: \"%s%s\", routing-key-file: pager.secret, %s}"
                .formatted(base, PAGERDUTY, open))
        .receives(
            "genie",
            "{channel: opsgenie, url: \"%s%s\", api-key-file: pager.secret, %s}"
                .formatted(base, OPSGENIE, open))
        .receives(
            "hub",
            "{channel: github, url: \"%s/api/v3\", repository: acme/alerts, token-file: pager.secret, %s}"
                .formatted(base, open))
        .receives(
            "am", "{channel: alertmanager, instances: [{url: \"%s\"}], %s}".formatted(base, open));
  }

  /// The bodies of what a service was asked at that path, in order.
  List<String> asked(String path) {
    return services.getAllServeEvents().reversed().stream()
        .map(event -> event.getRequest())
        .filter(request -> request.getUrl().split("\\?", 2)[0].equals(path))
        .map(request -> request.getBodyAsString())
        .toList();
  }

  /// Everything that was asked, in order.
  List<String> paths() {
    return services.getAllServeEvents().reversed().stream()
        .map(event -> event.getRequest().getUrl())
        .toList();
  }

  @Override
  public void close() {
    services.stop();
  }
}
