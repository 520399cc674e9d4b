package dev.sigwarden.watch;

import static dev.sigwarden.entry.ct.CtForge.ascii;
import static dev.sigwarden.entry.ct.CtForge.hosts;
import static dev.sigwarden.entry.ct.CtForge.tlv;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.ct.CtDecoder;
import dev.sigwarden.entry.ct.CtForge;
import dev.sigwarden.entry.x509.CertificateForge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates that were meant to be issued: what a line of an allowlist covers, and how a file of
/// the operator's becomes one.
final class AllowedCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  @TempDir private Path folder;

  private static SigningEvent event(byte[] leaf) {
    return ((Decoded.Event) new CtDecoder().decode(EntryBytes.of(leaf))).event();
  }

  private static byte[] pem(byte[] der) {
    return CertificateForge.pem("CERTIFICATE", der).getBytes(UTF_8);
  }

  private Path list() {
    return folder.resolve("certs.txt");
  }

  private boolean covers(String line, byte[] leaf) throws IOException {
    Files.writeString(list(), line + "\n");
    return covers(leaf);
  }

  /// Whether a watch that expects what is on the list expects the certificate.
  private boolean covers(byte[] leaf) {
    Allowlists allowlists = Samples.allowlists(list());
    Watch watch =
        Samples.watch(
            "w",
            Optional.of(new Expectation(List.of("certs"), List.of(), Duration.ZERO)),
            HostileCertificatesTest.selector(".example.com"));
    Watches watches = Watches.of(List.of(watch), allowlists);
    SigningEvent event = event(leaf);
    return watches.judge(watches.select(event).getFirst(), event, NOW, NOW)
        instanceof Verdict.Expected;
  }

  @Test
  void one_certificate_is_known_in_both_forms_and_no_other() throws Exception {
    CtForge issued = hosts("a.example.com").timestamps(new byte[300]);
    String line = AllowedCertificate.certificate(pem(issued.certificate())).line();

    assertThat(covers(line, issued.leaf())).isTrue();
    assertThat(covers(hosts("a.example.com").precertLeaf())).isTrue();
    assertThat(covers(hosts("a.example.com", "b.example.com").precertLeaf())).isFalse();
    assertThat(covers(hosts("a.example.com").keyIdentifier(new byte[1]).leaf())).isFalse();
    // A digest of something else is not the certificate, whatever its value.
    assertThat(covers(line.replace("tbs:", "sha256:"), issued.leaf())).isFalse();
    // The precertificate itself, of which the certificate is not there yet.
    byte[] poisoned = hosts("a.example.com").poison().certificate();
    assertThat(AllowedCertificate.certificate(poisoned).line()).isEqualTo(line);
  }

  @Test
  void a_key_is_bound_to_its_names() throws Exception {
    String line =
        AllowedCertificate.keyOf(pem(hosts("a.example.com", "*.b.example.com").certificate()))
            .line();

    assertThat(covers(line, hosts("a.example.com").keyIdentifier(new byte[9]).leaf())).isTrue();
    assertThat(covers(hosts("A.example.com", "*.b.example.com").precertLeaf())).isTrue();
    assertThat(covers(hosts("a.example.com", "c.example.com").leaf())).isFalse();
    assertThat(covers(hosts("x.b.example.com").leaf())).isFalse();
    assertThat(covers(hosts("a.example.com", "evil.test").leaf())).isFalse();
    assertThat(covers(hosts("a.example.com").key(CtForge.keys().getPublic().getEncoded()).leaf()))
        .isFalse();
    assertThat(covers(hosts("a.example.com\0.example.com").leaf())).isFalse();
    // What could not be read may be another name.
    byte[] more = tlv(0x30, tlv(CtForge.DNS, ascii("a.example.com")), tlv(0xa2, ascii("x")));
    assertThat(covers(new CtForge().nameExtension(more).leaf())).isFalse();
    byte[] other = tlv(CtForge.OTHER_NAME, tlv(0x06, new byte[] {0x2a}), tlv(0xa0, tlv(0x0c)));
    assertThat(covers(new CtForge().names(tlv(CtForge.DNS, ascii("a.example.com")), other).leaf()))
        .isFalse();
  }

  @Test
  void a_line_may_hold_a_host_with_all_below_addresses_and_mailboxes() throws Exception {
    String spki = event(hosts("a.test").leaf()).signers().getFirst().keySha256().toHex();
    String line = "spki:" + spki + " dns:.example.com ip:192.0.2.1 email:A@example.com # web";

    assertThat(covers(line, hosts("example.com", "*.x.example.com").leaf())).isTrue();
    assertThat(covers(hosts("a.example.com", "192.0.2.1").leaf())).isTrue();
    assertThat(covers(hosts("a.example.com", "192.0.2.2").leaf())).isFalse();
    assertThat(covers(hosts("a.example.com", "notexample.com").leaf())).isFalse();
    byte[] host = tlv(CtForge.DNS, ascii("a.example.com"));
    assertThat(covers(new CtForge().names(host, tlv(CtForge.EMAIL, ascii("a@EXAMPLE.com"))).leaf()))
        .isTrue();
    assertThat(covers(new CtForge().names(host, tlv(CtForge.EMAIL, ascii("b@example.com"))).leaf()))
        .isFalse();
  }

  @Test
  void an_authority_is_known_by_its_key() throws Exception {
    byte[] spki = CtForge.AUTHORITY.getPublic().getEncoded();
    String line =
        AllowedCertificate.authority(CertificateForge.pem("PUBLIC KEY", spki).getBytes(UTF_8))
            .line();
    byte[] own = hosts("ca.test").key(spki).certificate();
    assertThat(AllowedCertificate.authority(pem(own)).line()).isEqualTo(line);

    assertThat(covers(line, hosts("a.example.com").leaf())).isTrue();
    assertThat(covers(hosts("b.example.com").precertLeaf())).isTrue();
    // Another authority that calls itself the same.
    byte[] tbs = hosts("a.example.com").tbs();
    assertThat(covers(CtForge.x509Leaf(CtForge.certificate(tbs, CtForge.keys())))).isFalse();
    assertThat(covers(CtForge.precertLeaf(new byte[32], tbs))).isFalse();
  }

  private static byte[] request(KeyPair keys, byte[] signed) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed);
    byte[] algorithm =
        tlv(0x30, tlv(0x06, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
    return tlv(0x30, signed, algorithm, tlv(0x03, CtForge.joined(new byte[1], signature.sign())));
  }

  private static byte[] requestInfo(KeyPair keys, String... hosts) {
    byte[] names =
        tlv(
            0x30,
            Arrays.stream(hosts).map(host -> tlv(CtForge.DNS, ascii(host))).toArray(byte[][]::new));
    byte[] extension = tlv(0x30, tlv(0x06, new byte[] {0x55, 0x1d, 0x11}), tlv(0x04, names));
    byte[] type = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 9, 14};
    return tlv(
        0x30,
        tlv(0x02, new byte[1]),
        CtForge.name(CtForge.attribute(CtForge.COMMON_NAME, 0x0c, ascii("a.example.com"))),
        keys.getPublic().getEncoded(),
        tlv(0xa0, tlv(0x30, tlv(0x06, type), tlv(0x31, tlv(0x30, extension)))));
  }

  @Test
  void a_request_allows_its_certificate_before_there_is_one() throws Exception {
    KeyPair keys = CtForge.keys();
    byte[] der = request(keys, requestInfo(keys, "a.example.com", "b.example.com"));
    String line =
        AllowedCertificate.request(CertificateForge.pem("CERTIFICATE REQUEST", der).getBytes(UTF_8))
            .line();

    byte[] spki = keys.getPublic().getEncoded();
    assertThat(covers(line, hosts("b.example.com").key(spki).precertLeaf())).isTrue();
    assertThat(covers(hosts("c.example.com").key(spki).precertLeaf())).isFalse();
    assertThat(covers(hosts("b.example.com").precertLeaf())).isFalse();
    byte[] stolen = request(CtForge.keys(), requestInfo(keys, "b.example.com"));
    assertThatThrownBy(() -> AllowedCertificate.request(stolen))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessageContaining("does not hold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tbs:abcd|4 hex digits",
        "spki:abcd dns:a.test|4 characters",
        "spki:@ dns:|name 1",
        "spki:@|0 names",
        "spki:@ a.test|name 1",
        "spki:@ dns:a.test ip:a.test|name 2",
        "ca:abcd|not the base64",
        "ca:|not the base64",
        "ca:MFkw MFkw|more than one word",
        "ca:...|not the base64"
      })
  void refuses_a_line_that_covers_nothing(String line, String why) throws IOException {
    Files.writeString(list(), line.replace("@", "0".repeat(64)) + "\n");
    assertThat(AllowlistFile.load(list()))
        .isInstanceOfSatisfying(
            AllowlistFile.Loaded.Broken.class,
            broken -> assertThat(broken.reason()).contains("line 1").contains(why));
  }

  @Test
  void refuses_files_that_are_no_certificates_without_repeating_them() {
    byte[] key =
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n".getBytes(UTF_8);
    for (byte[] file : List.of(key, new byte[0], new byte[] {0x30, 3, 1, 2, 3}, pem(new byte[9]))) {
      assertThatThrownBy(() -> AllowedCertificate.certificate(file))
          .isInstanceOf(MalformedKeyException.class)
          .hasMessageNotContaining("c2VjcmV0");
      assertThatThrownBy(() -> AllowedCertificate.request(file))
          .isInstanceOf(MalformedKeyException.class);
      assertThatThrownBy(() -> AllowedCertificate.authority(file))
          .isInstanceOf(MalformedKeyException.class);
    }
    byte[] spaces = pem(hosts("a b.test").certificate());
    assertThatThrownBy(() -> AllowedCertificate.keyOf(spaces))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessageContaining("no line");
  }

  @Test
  void takes_the_first_certificate_of_a_chain_with_words_around_it() throws Exception {
    byte[] first = hosts("a.test").certificate();
    String chain =
        "subject=a.test\n"
            + CertificateForge.pem("CERTIFICATE", first)
            + CertificateForge.pem("CERTIFICATE", hosts("ca.test").certificate());
    assertThat(AllowedCertificate.certificate(chain.getBytes(UTF_8)))
        .isEqualTo(AllowedCertificate.certificate(first));
  }

  @Test
  void adds_a_line_once_keeps_what_is_there_and_leaves_nothing_beside() throws Exception {
    Files.writeString(list(), "# ours\n" + "0".repeat(64) + "  app.tar.gz");
    Files.setPosixFilePermissions(list(), PosixFilePermissions.fromString("rw-r-----"));
    AllowedCertificate one = AllowedCertificate.certificate(hosts("a.test").certificate());

    assertThat(AllowlistEdit.add(list(), one, "shop")).isEqualTo(new AllowlistEdit.Outcome.Added());
    assertThat(AllowlistEdit.add(list(), one, "again"))
        .isEqualTo(new AllowlistEdit.Outcome.Known());

    assertThat(Files.readString(list()))
        .isEqualTo("# ours\n" + "0".repeat(64) + "  app.tar.gz\n" + one.line() + "  # shop\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(list())))
        .isEqualTo("rw-r-----");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(list());
    }
  }

  @Test
  void makes_a_list_follows_links_and_refuses_what_is_none() throws Exception {
    AllowedCertificate one = AllowedCertificate.certificate(hosts("a.test").certificate());
    assertThat(AllowlistEdit.add(list(), one, "")).isEqualTo(new AllowlistEdit.Outcome.Added());
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), list());
    AllowedCertificate two = AllowedCertificate.certificate(hosts("b.test").certificate());
    assertThat(AllowlistEdit.add(link, two, "")).isEqualTo(new AllowlistEdit.Outcome.Added());
    assertThat(link).isSymbolicLink();
    assertThat(Files.readAllLines(list())).containsExactly(one.line(), two.line());

    Path diary = Files.writeString(folder.resolve("diary.txt"), "dear diary\n");
    assertThat(AllowlistEdit.add(diary, one, "")).isInstanceOf(AllowlistEdit.Outcome.Refused.class);
    assertThat(Files.readString(diary)).isEqualTo("dear diary\n");
  }

  @Test
  void says_why_a_certificate_is_covered_or_is_not() throws Exception {
    byte[] leaf = hosts("a.example.com").leaf();
    IssuedCertificate certificate = (IssuedCertificate) event(leaf).signers().getFirst();
    Files.writeString(list(), "tbs:" + certificate.tbsSha256().toHex() + "\n");
    Expectation expectation = new Expectation(List.of("certs"), List.of(), Duration.ZERO);
    Allowlists lists = Samples.allowlists(list());
    assertThat(expectation.judge(event(leaf), event(leaf).signers(), lists, NOW, NOW))
        .isEqualTo(
            new Verdict.Expected(
                "certificate tbs:%s is in allowlist certs"
                    .formatted(certificate.tbsSha256().toHex())));
    byte[] other = hosts("b.example.com").leaf();
    assertThat(expectation.judge(event(other), event(other).signers(), lists, NOW, NOW))
        .isInstanceOfSatisfying(
            Verdict.Unexpected.class,
            verdict -> assertThat(verdict.because()).contains("not in allowlist certs"));
  }
}
