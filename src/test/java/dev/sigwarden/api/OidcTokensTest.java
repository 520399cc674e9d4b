package dev.sigwarden.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.sigwarden.TestClock;
import dev.sigwarden.access.AccessSettings;
import dev.sigwarden.access.Caller;
import dev.sigwarden.access.Role;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Access tokens of an issuer, of others, and of none.
class OidcTokensTest {
  private static final String DISCOVERY = "/realm/.well-known/openid-configuration";
  private static final String KEYS = "/realm/keys";

  private final WireMockServer issuer =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
  private final TestClock clock = new TestClock();
  private EllipticCurveJsonWebKey key;
  private OidcTokens tokens;

  @BeforeEach
  void start() throws JoseException {
    issuer.start();
    key = key("k1");
    publish(key);
    discovery(url(), url().replace("/realm", KEYS));
    tokens =
        new OidcTokens(
            new AccessSettings.Oidc(
                URI.create(url()),
                "sigwarden",
                "groups",
                Map.of(
                    Role.ADMIN, List.of("admins"),
                    Role.VIEWER, List.of("everybody"),
                    Role.RELEASE, List.of("bots")),
                Set.of("acme-releases")),
            clock);
  }

  @AfterEach
  void stop() {
    issuer.stop();
  }

  private String url() {
    return "http://127.0.0.1:%d/realm".formatted(issuer.port());
  }

  private static EllipticCurveJsonWebKey key(String id) throws JoseException {
    EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    key.setKeyId(id);
    return key;
  }

  private void publish(EllipticCurveJsonWebKey published) {
    answer(KEYS, "{\"keys\":[%s]}".formatted(published.toJson(OutputControlLevel.PUBLIC_ONLY)));
  }

  private void discovery(String named, String keys) {
    answer(DISCOVERY, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(named, keys));
  }

  private void answer(String path, String body) {
    issuer.stubFor(get(urlEqualTo(path)).willReturn(aResponse().withBody(body)));
  }

  private JwtClaims claims(Object groups) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url());
    claims.setAudience("sigwarden");
    claims.setSubject("alice");
    claims.setExpirationTimeMinutesInTheFuture(5);
    claims.setClaim("groups", groups);
    return claims;
  }

  private static String signed(JwtClaims claims, EllipticCurveJsonWebKey by) throws JoseException {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    jws.setKey(by.getPrivateKey());
    jws.setKeyIdHeaderValue(by.getKeyId());
    jws.setAlgorithmHeaderValue("ES256");
    return jws.getCompactSerialization();
  }

  private Optional<Caller> caller(JwtClaims claims) throws JoseException {
    return tokens.caller(signed(claims, key));
  }

  @Test
  void token_of_the_issuer_names_its_subject_with_the_strongest_role_of_its_groups()
      throws JoseException {
    assertThat(caller(claims(List.of("everybody", "admins"))))
        .contains(new Caller("oidc:alice", Role.ADMIN));
    assertThat(caller(claims("everybody"))).contains(new Caller("oidc:alice", Role.VIEWER));
    assertThat(caller(claims(List.of("bots"))))
        .contains(new Caller("oidc:alice", Role.RELEASE, Set.of("acme-releases")));
  }

  @Test
  void groups_that_give_no_role_or_are_of_another_type_make_nobody() throws JoseException {
    for (Object groups : List.of(List.of(), "Admins", 1, Map.of("admins", true), List.of(1))) {
      assertThat(caller(claims(groups))).as("%s", groups).isEmpty();
    }
  }

  @Test
  void token_for_somebody_else_or_out_of_time_or_without_a_subject_makes_nobody()
      throws JoseException {
    JwtClaims other = claims("admins");
    other.setAudience("another-service");
    JwtClaims elsewhere = claims("admins");
    elsewhere.setIssuer("https://evil.example");
    JwtClaims over = claims("admins");
    over.setExpirationTime(NumericDate.fromSeconds(1));
    JwtClaims endless = claims("admins");
    endless.unsetClaim("exp");
    JwtClaims early = claims("admins");
    early.setNotBeforeMinutesInThePast(-5);
    JwtClaims nobody = claims("admins");
    nobody.unsetClaim("sub");
    JwtClaims blank = claims("admins");
    blank.setSubject(" ");
    for (JwtClaims wrong : List.of(other, elsewhere, over, endless, early, nobody, blank)) {
      assertThat(caller(wrong)).as("%s", wrong).isEmpty();
    }
  }

  @Test
  void signature_by_another_key_by_a_shared_secret_or_by_none_makes_nobody() throws JoseException {
    assertThat(tokens.caller(signed(claims("admins"), key("k1")))).isEmpty();
    JsonWebSignature shared = new JsonWebSignature();
    shared.setPayload(claims("admins").toJson());
    shared.setKey(
        new HmacKey(
            key.toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(StandardCharsets.US_ASCII)));
    shared.setKeyIdHeaderValue("k1");
    shared.setAlgorithmHeaderValue("HS256");
    assertThat(tokens.caller(shared.getCompactSerialization())).isEmpty();
    JsonWebSignature none = new JsonWebSignature();
    none.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    none.setPayload(claims("admins").toJson());
    none.setAlgorithmHeaderValue("none");
    assertThat(tokens.caller(none.getCompactSerialization())).isEmpty();
    String good = signed(claims("everybody"), key);
    String[] parts = good.split("\\.");
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims("admins").toJson().getBytes(StandardCharsets.UTF_8));
    assertThat(tokens.caller(parts[0] + "." + forged + "." + parts[2])).isEmpty();
    for (String text : List.of("", ".", "..", "a.b.c", good + "x", "{}")) {
      assertThat(tokens.caller(text)).as(text).isEmpty();
    }
  }

  @Test
  void issuer_that_does_not_answer_or_is_another_is_asked_once_for_many_tokens_and_again_later()
      throws JoseException {
    discovery("https://evil.example", url().replace("/realm", KEYS));
    for (int i = 0; i < 20; i++) {
      assertThat(caller(claims("admins"))).isEmpty();
    }
    issuer.verify(1, getRequestedFor(urlEqualTo(DISCOVERY)));
    discovery(url(), url().replace("/realm", KEYS));
    clock.advance(Duration.ofSeconds(11));
    assertThat(caller(claims("admins"))).isPresent();
  }

  @Test
  void issuer_that_hangs_holds_a_few_calls_and_no_more() throws InterruptedException {
    issuer.stubFor(
        get(urlEqualTo(DISCOVERY)).willReturn(aResponse().withFixedDelay(4_000).withBody("{}")));
    int calls = 30;
    BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    List<Thread> callers =
        IntStream.range(0, calls)
            .mapToObj(
                _ -> Thread.startVirtualThread(() -> ended.add("" + tokens.caller("e30.e30.AAAA"))))
            .toList();
    int waiting = 16;
    for (int i = 0; i < calls - waiting; i++) {
      assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo("Optional.empty");
    }
    // The others still wait for the issuer.
    assertThat(ended).isEmpty();
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(ended).hasSize(waiting);
  }

  @Test
  void tokens_with_keys_that_nobody_knows_do_not_become_requests() throws JoseException {
    assertThat(caller(claims("admins"))).isPresent();
    for (int i = 0; i < 20; i++) {
      assertThat(tokens.caller(signed(claims("admins"), key("unknown-" + i)))).isEmpty();
    }
    assertThat(issuer.findAll(getRequestedFor(urlEqualTo(KEYS))).size()).isLessThanOrEqualTo(2);
  }

  @Test
  void subject_s_control_characters_never_reach_the_audit_log() throws JoseException {
    JwtClaims claims = claims("admins");
    claims.setSubject("alice\n\u001b[31mroot\u202e" + "x".repeat(500));
    String name = caller(claims).orElseThrow().name();
    assertThat(name).hasSizeLessThan(200).doesNotContain("\n", "\u001b", "\u202e");
  }
}
