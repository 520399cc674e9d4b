package dev.sigwarden.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.Vectors;
import dev.sigwarden.tuf.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedRootTest {
  private final TestAuthority authority = new TestAuthority(Instant.parse("2026-01-01T00:00:00Z"));

  @ParameterizedTest
  @CsvSource({"public-good, 2, 2, 2, 1", "staging, 5, 2, 5, 2"})
  void roots_of_sigstore_are_read_whole(
      String name, int tlogs, int authorities, int ctlogs, int timestamping)
      throws IOException, RefusedException {
    TrustedRoot root =
        TrustedRoot.parse(
            Files.readAllBytes(
                Vectors.dir("sigstore-root").resolve(name).resolve("trusted_root.json")));

    assertThat(root.tlogs()).hasSize(tlogs);
    assertThat(root.certificateAuthorities()).hasSize(authorities);
    assertThat(root.ctlogs()).hasSize(ctlogs);
    assertThat(root.timestampAuthorities()).hasSize(timestamping);
  }

  @Test
  void keys_ids_and_times_are_those_of_the_file() throws IOException, RefusedException {
    TrustedRoot root =
        TrustedRoot.parse(
            Files.readAllBytes(
                Vectors.dir("sigstore-root").resolve("public-good/trusted_root.json")));

    LogKey tlog = root.tlogs().get(1);
    assertThat(tlog.baseUrl()).isEqualTo("https://log2025-1.rekor.sigstore.dev");
    assertThat(tlog.keyDetails()).isEqualTo("PKIX_ED25519");
    assertThat(tlog.toSpki()).hasSize(44);
    assertThat(tlog.toId()).startsWith(0xcf, 0x11, 0x99, 0x15);
    assertThat(tlog.validity().start()).isEqualTo("2025-09-23T00:00:00Z");
    assertThat(tlog.validity().end()).isEqualTo(Instant.MAX);
    Authority first = root.certificateAuthorities().getFirst();
    assertThat(first.validity().end()).isEqualTo("2022-12-31T23:59:59.999Z");
    assertThat(first.uri()).isEqualTo("https://fulcio.sigstore.dev");
    assertThat(root.certificateAuthorities().get(1).chain()).hasSize(2);
  }

  private void refused(ObjectNode json, String message) {
    assertThatThrownBy(() -> TrustedRoot.parse(TestAuthority.bytes(json)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void what_is_no_trusted_root_is_refused_with_its_place() {
    ObjectNode type = authority.json().put("mediaType", "text/plain");
    refused(type, "trusted root.mediaType: text/plain (expected: application/vnd");
    ObjectNode none = authority.json();
    none.putArray("certificateAuthorities");
    refused(none, "trusted root.certificateAuthorities: none (expected: at least one)");
    ObjectNode time = authority.json();
    ((ObjectNode) time.at("/ctlogs/0/publicKey/validFor")).put("start", "soon");
    refused(time, "trusted root.ctlogs[0].publicKey.validFor.start: \"soon\" (expected: a time");
    ObjectNode broken = authority.json();
    ((ObjectNode) broken.at("/certificateAuthorities/0/certChain/certificates/1"))
        .put("rawBytes", "MIIB");
    refused(broken, "certChain.certificates[1]: a broken certificate");
  }

  @Test
  void chain_that_is_none_is_refused() {
    ObjectNode json = authority.json();
    ObjectNode other = new TestAuthority(Instant.parse("2026-01-01T00:00:00Z")).json();
    ((ObjectNode) json.at("/certificateAuthorities/0/certChain/certificates/1"))
        .put(
            "rawBytes",
            other.at("/certificateAuthorities/0/certChain/certificates/1/rawBytes").asText());

    refused(json, "certificate 0 is not issued by the next");
  }

  @Test
  void file_of_authorities_holds_nothing_else() {
    for (String pem : new String[] {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
      assertThatThrownBy(() -> TrustedRoot.ofAuthorities("ca.pem", pem))
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith("ca.pem: ");
    }
    String leaf =
        java.util.Base64.getMimeEncoder()
            .encodeToString(
                authority.issue(
                    dev.sigwarden.practice.PracticeIdentity.uri("https://a", "https://b"),
                    authority.shape(Instant.parse("2026-09-01T12:00:00Z"))));
    assertThatThrownBy(() ->
            TrustedRoot.ofAuthorities(
                "ca.pem", "-----BEGIN CERTIFICATE-----\n" + leaf + "\n-----END CERTIFICATE-----\n"))
        .hasMessage("ca.pem: a certificate that may not issue others (expected: an authority's)");
  }

  @Test
  void time_of_a_key_has_both_its_ends() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Validity validity = new Validity(start, start.plusSeconds(1));

    assertThat(validity.contains(start)).isTrue();
    assertThat(validity.contains(start.plusSeconds(1))).isTrue();
    assertThat(validity.contains(start.minusMillis(1))).isFalse();
    assertThat(validity.contains(start.plusMillis(1_001))).isFalse();
  }

  @Test
  void other_bytes_are_refused() {
    assertThatThrownBy(() -> TrustedRoot.parse("{}".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("trusted root.mediaType: missing (expected: a text)");
  }
}
