package dev.sigwarden.cli;

import static dev.sigwarden.entry.ct.CtForge.hosts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.watch.AllowedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `allow add` and `import certspotter` as a person runs them.
@Isolated
final class AllowCommandTest {
  @TempDir private Path folder;

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setOut(out);
    System.setErr(err);
  }

  private String file(String name, byte[] content) throws Exception {
    return Files.write(folder.resolve(name), content).toString();
  }

  private String certificate(String host) throws Exception {
    return file(
        host + ".pem",
        CertificateForge.pem("CERTIFICATE", hosts(host).certificate())
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void adds_what_it_is_given_once_with_words_on_whom_it_is_about() throws Exception {
    String list = folder.resolve("allow.txt").toString();
    String a = certificate("a.test");
    String b = certificate("b.test");

    assertThat(Main.run("allow", "add", list, "--certificate", a, "--key-of", b, "--ca", b))
        .isEqualTo(0);
    assertThat(Main.run("allow", "add", list, "--certificate", a)).isEqualTo(0);

    String tbs = AllowedCertificate.certificate(hosts("a.test").certificate()).line();
    assertThat(Files.readAllLines(Path.of(list)))
        .hasSize(3)
        .contains(tbs + "  # a.test, to 2036-06-03T19:33:26Z")
        .anyMatch(line -> line.startsWith("spki:") && line.endsWith(" dns:b.test"))
        .anyMatch(line -> line.startsWith("ca:"));
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("added tbs:", "there already: tbs:");
  }

  @Test
  void adds_nothing_at_all_if_one_file_is_not_what_it_should_be() throws Exception {
    Path list = folder.resolve("allow.txt");
    String a = certificate("a.test");
    String bad = file("bad.pem", new byte[] {1, 2, 3});

    assertThat(Main.run("allow", "add", list.toString(), "--certificate", a, "--csr", bad))
        .isEqualTo(2);
    assertThat(Main.run("allow", "add", list.toString(), "--ca", folder + "/none")).isEqualTo(4);
    assertThat(Main.run("allow", "add", list.toString())).isEqualTo(2);
    assertThat(Main.run("allow")).isEqualTo(2);
    assertThat(list).doesNotExist();
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("bad.pem: no CERTIFICATE REQUEST in 3 bytes", "nothing was added");

    String diary = file("diary.txt", "dear diary\n".getBytes(StandardCharsets.UTF_8));
    assertThat(Main.run("allow", "add", diary, "--certificate", a)).isEqualTo(2);
    assertThat(Files.readString(Path.of(diary))).isEqualTo("dear diary\n");
  }

  @Test
  void imports_a_folder_of_cert_spotter_with_its_allowlist() throws Exception {
    file("watchlist", ".example.com\n".getBytes(StandardCharsets.UTF_8));
    String hash = "ab".repeat(32);
    Files.createDirectories(folder.resolve("certs/ab"));
    file("certs/ab/." + hash + ".notified", new byte[0]);
    Path list = folder.resolve("allow.txt");

    assertThat(Main.run("import", "certspotter", folder.toString())).isEqualTo(0);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("dns: \".example.com\"")
        .doesNotContain("allowlists");
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("give --allowlist FILE");

    assertThat(Main.run("import", "certspotter", folder.toString(), "--allowlist", list.toString()))
        .isEqualTo(0);
    assertThat(Files.readAllLines(list)).containsExactly("tbs:" + hash);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("allowlists: [\"certspotter\"]");
    assertThat(Main.run("import", "certspotter", folder + "/certs")).isEqualTo(2);
  }

  @Test
  void adds_by_when_and_where_the_entry_must_be() throws Exception {
    Path list = folder.resolve("allow.txt");
    String digest = "sha256:" + "ab".repeat(32);
    assertThat(
            Main.run(
                "allow",
                "add",
                list.toString(),
                "--digest",
                digest,
                "--due",
                "2026-11-22T10:00:00Z",
                "--log",
                "rekor"))
        .isEqualTo(0);
    assertThat(Main.run("allow", "add", list.toString(), "--digest", digest, "--due", "2h"))
        .isEqualTo(0);
    assertThat(Files.readAllLines(list))
        .hasSize(2)
        .contains("due:2026-11-22T10:00:00Z log:rekor " + digest)
        .anyMatch(line -> line.matches("due:[0-9-]+T[0-9:]+Z " + digest));
  }

  @Test
  void refuses_a_time_that_is_none_and_a_log_without_one() throws Exception {
    Path list = folder.resolve("allow.txt");
    String digest = "sha256:" + "ab".repeat(32);
    String b = certificate("b.test");
    for (String[] more :
        new String[][] {
          {"--due", "tomorrow"},
          {"--due", "0h"},
          {"--due", "999999d"},
          {"--log", "rekor"},
          {"--due", "2h", "--log", "../a"},
          {"--due", "2h", "--ca", b},
        }) {
      String[] all = {"allow", "add", list.toString(), "--digest", digest};
      String[] arguments = Arrays.copyOf(all, all.length + more.length);
      System.arraycopy(more, 0, arguments, all.length, more.length);
      assertThat(Main.run(arguments)).as(String.join(" ", more)).isEqualTo(2);
    }
    assertThat(list).doesNotExist();
  }
}
