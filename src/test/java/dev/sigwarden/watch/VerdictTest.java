package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.GITHUB;
import static dev.sigwarden.watch.Samples.RUNNER;
import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.key;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.sha256;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static dev.sigwarden.watch.Samples.watch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerdictTest {
  private static final Instant SEEN = Instant.parse("2026-07-01T10:00:00Z");
  private static final Duration GRACE = Duration.ofMinutes(15);
  private static final Signer HOSTED =
      certificate(GITHUB, Map.of(RUNNER, "github-hosted"), "a@acme.example");
  private static final Signer OWN =
      certificate(GITHUB, Map.of(RUNNER, "self-hosted"), "a@acme.example");

  @TempDir Path folder;

  private static SigningEvent event(List<Digest> digests, Signer... signers) {
    return new SigningEvent(
        "hashedrekord",
        "0.0.1",
        List.of(signers),
        digests.stream()
            .map(digest -> new ArtifactDigest(digest, ArtifactDigest.Role.ARTIFACT))
            .toList(),
        Samples.entry("quarterly release"));
  }

  private static Expectation expect(List<String> allowlists, Duration grace, String... require) {
    return new Expectation(
        allowlists,
        Arrays.stream(require)
            .map(wanted ->
                new Expectation.Requirement(
                    "runner-environment",
                    RUNNER,
                    wanted,
                    Samples.extension(RUNNER, wanted).pattern()))
            .toList(),
        grace);
  }

  private Verdict verdict(Optional<Expectation> expectation, SigningEvent event, Instant now) {
    Watches watches =
        Watches.of(
            List.of(
                watch(
                    "acme",
                    expectation,
                    selector(subject("a@acme.example"), issuer(GITHUB)),
                    Samples.ofKey(sha256("key")),
                    selector(text("*quarterly*")))),
            Samples.allowlists(folder.resolve("good.txt"), folder.resolve("more.txt")));
    return watches.judge(watches.select(event).getFirst(), event, SEEN, now);
  }

  private void allow(String list, Digest... digests) throws Exception {
    Files.write(
        folder.resolve(list + ".txt"), Arrays.stream(digests).map(Digest::toString).toList());
  }

  @Test
  void a_watch_without_expectation_reports_every_use() {
    assertThat(verdict(Optional.empty(), event(List.of(sha256("x")), HOSTED), SEEN))
        .isEqualTo(new Verdict.Unexpected("watch acme reports every use"));
  }

  @Test
  void an_artifact_in_any_of_the_allowlists_is_expected() throws Exception {
    allow("good", sha256("a"));
    allow("more", sha256("b"));
    Optional<Expectation> either = Optional.of(expect(List.of("good", "more"), GRACE));
    assertThat(verdict(either, event(List.of(sha256("x"), sha256("b")), HOSTED), SEEN))
        .isEqualTo(new Verdict.Expected(sha256("b") + " is in allowlist more"));
    Optional<Expectation> one = Optional.of(expect(List.of("good"), Duration.ZERO));
    assertThat(verdict(one, event(List.of(sha256("b")), HOSTED), SEEN))
        .isEqualTo(new Verdict.Unexpected(sha256("b") + " is not in allowlist good"));
  }

  @Test
  void an_absent_artifact_is_pending_until_the_very_end_of_the_grace() throws Exception {
    allow("good", sha256("a"));
    Optional<Expectation> expectation = Optional.of(expect(List.of("good"), GRACE));
    SigningEvent event = event(List.of(sha256("x")), HOSTED);
    String because = sha256("x") + " is not in allowlist good";
    Instant end = SEEN.plus(GRACE);
    assertThat(verdict(expectation, event, SEEN)).isEqualTo(new Verdict.Pending(end, because));
    assertThat(verdict(expectation, event, end.minusNanos(1)))
        .isEqualTo(new Verdict.Pending(end, because));
    assertThat(verdict(expectation, event, end)).isEqualTo(new Verdict.Unexpected(because));
    allow("good", sha256("a"), sha256("x"));
    assertThat(verdict(expectation, event, end))
        .isEqualTo(new Verdict.Expected(sha256("x") + " is in allowlist good"));
  }

  @Test
  void a_requirement_that_is_not_met_is_unexpected_at_once() throws Exception {
    allow("good", sha256("a"));
    Optional<Expectation> expectation =
        Optional.of(expect(List.of("good"), GRACE, "github-hosted"));
    Verdict missed =
        new Verdict.Unexpected("requirement runner-environment: github-hosted is not met");
    SigningEvent bad = event(List.of(sha256("a")), OWN);
    assertThat(verdict(expectation, bad, SEEN)).isEqualTo(missed);
    assertThat(verdict(expectation, event(List.of(sha256("a")), key("key")), SEEN))
        .isEqualTo(missed);
    assertThat(verdict(expectation, event(List.of(sha256("a")), HOSTED), SEEN))
        .isEqualTo(
            new Verdict.Expected(
                sha256("a") + " is in allowlist good; runner-environment: github-hosted met"));
  }

  @Test
  void requirements_count_for_every_signer_that_the_watch_selects() throws Exception {
    allow("good", sha256("a"));
    Optional<Expectation> expectation =
        Optional.of(expect(List.of("good"), GRACE, "github-hosted"));
    Verdict both = verdict(expectation, event(List.of(sha256("a")), HOSTED, OWN), SEEN);
    assertThat(both).isInstanceOf(Verdict.Unexpected.class);
    Signer stranger = certificate("https://other.example", "someone@else.example");
    assertThat(verdict(expectation, event(List.of(sha256("a")), HOSTED, stranger), SEEN))
        .isInstanceOf(Verdict.Expected.class);
  }

  @Test
  void requirements_alone_are_enough() {
    Optional<Expectation> expectation =
        Optional.of(expect(List.of(), Duration.ZERO, "re:github-.*"));
    assertThat(verdict(expectation, event(List.of(), HOSTED), SEEN))
        .isEqualTo(new Verdict.Expected("runner-environment: re:github-.* met"));
    assertThat(verdict(expectation, event(List.of(), OWN), SEEN))
        .isInstanceOf(Verdict.Unexpected.class);
  }

  @Test
  void an_entry_without_signer_meets_no_requirement() {
    Optional<Expectation> expectation = Optional.of(expect(List.of(), Duration.ZERO, "*"));
    assertThat(verdict(expectation, event(List.of()), SEEN))
        .isEqualTo(
            new Verdict.Unexpected(
                "requirement runner-environment: * is not met, as the entry names no signer"));
  }

  @Test
  void names_some_of_many_digests_and_every_allowlist() {
    List<Digest> many = List.of(sha256("1"), sha256("2"), sha256("3"), sha256("4"), sha256("5"));
    Optional<Expectation> expectation = Optional.of(expect(List.of("good", "more"), Duration.ZERO));
    assertThat(verdict(expectation, event(many, HOSTED), SEEN))
        .isEqualTo(
            new Verdict.Unexpected(
                "%s or %s or %s or 2 more is not in any of the allowlists good, more"
                    .formatted(many.get(0), many.get(1), many.get(2))));
    assertThat(verdict(expectation, event(List.of(), HOSTED), SEEN))
        .isEqualTo(
            new Verdict.Unexpected(
                "the entry names no artifact that could be in any of the allowlists good, more"));
  }
}
