package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The container image, its layers unpacked and started as a container engine does it: a root of
/// its own that cannot be written, an unprivileged user, no capability, nothing but its three
/// mounts. Wants an image (`-Pimage`), Linux and root, who alone may mount.
class ImageIT {
  private static final Path IMAGE = Path.of("target/image.tar").toAbsolutePath();
  private static final int USER = 65_532;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /// `$0` is the root, `$1` the configuration's folder, `$2` that of the state, then the command.
  private static final String ENGINE =
      """
      set -e
      root=$0 config=$1 state=$2; shift 2
      mount --bind "$root" "$root"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs tmpfs "$root/tmp"
      mount --bind "$config" "$root/etc/sigwarden"
      mount -o remount,bind,ro "$root/etc/sigwarden"
      mount --bind "$state" "$root/var/lib/sigwarden"
      mount -o remount,bind,ro "$root"
      exec setpriv --no-new-privs chroot --userspec=65532:65532 --groups= "$root" "$@"
      """;

  @TempDir private Path folder;

  @Test
  void image_has_no_shell_and_runs_without_privileges_on_a_root_that_it_cannot_write()
      throws Exception {
    assumeTrue(Files.exists(IMAGE), () -> "no image: " + IMAGE);
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Stream.of("unshare", "setpriv", "chroot").allMatch(ImageIT::installed),
        "nobody here may mount");
    Path root = Files.createDirectory(folder.resolve("root"));
    JsonNode image = unpack(root);
    assertThat(image.at("/config/User").asText()).isEqualTo(USER + ":" + USER);
    assertThat(Stream.of("bin", "usr", "sbin").map(root::resolve)).noneMatch(Files::exists);
    assertThat(root.resolve("opt/sigwarden/bom.json")).isNotEmptyFile();
    for (String mount : List.of("proc", "dev", "tmp", "etc/sigwarden", "var/lib/sigwarden")) {
      Files.createDirectories(root.resolve(mount));
    }

    Path config = Files.createDirectory(folder.resolve("config"));
    Path state = Files.createDirectory(folder.resolve("state"));
    try (Backlog backlog = new Backlog(config, 200)) {
      backlog.growTo(300);
      Path file = backlog.config().route("{receivers: [hook]}").save();
      String text = Files.readString(file);
      Files.writeString(file, text.replace("sqlite:state/", "sqlite:/var/lib/sigwarden/"));
      give(config);
      give(state);
      Process process = start(image, root, config, state);
      try {
        await("alerts")
            .atMost(PATIENCE)
            .until(() ->
                !process.isAlive()
                    || backlog.hook().acceptedIds().size() >= backlog.unexpected().size());
        assertThat(process.isAlive()).as(said()).isTrue();
        confined(process.pid());
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
      } finally {
        process.destroyForcibly();
      }
      assertThat(state.resolve("sigwarden.db")).isNotEmptyFile();
    }
  }

  private static boolean installed(String tool) {
    return Stream.of("/usr/bin", "/usr/sbin", "/bin")
        .anyMatch(in -> Files.isExecutable(Path.of(in, tool)));
  }

  private static void confined(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    assertThat(Files.readString(process.resolve("status")))
        .containsPattern("\nUid:\t65532\t65532\t65532\t65532\n")
        .containsPattern("\nGroups:\t *\n")
        .containsPattern("\nCapEff:\t0+\n")
        .containsPattern("\nNoNewPrivs:\t1\n");
    assertThat(Files.readAllLines(process.resolve("mountinfo")))
        .filteredOn(line -> line.split(" ")[4].equals("/"))
        .last()
        .asString()
        .contains(" / ro,");
  }

  private Process start(JsonNode image, Path root, Path config, Path state) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
    command.addAll(List.of("sh", "-c", ENGINE));
    command.addAll(List.of(root.toString(), config.toString(), state.toString()));
    image.at("/config/Entrypoint").forEach(part -> command.add(part.asText()));
    image.at("/config/Cmd").forEach(part -> command.add(part.asText()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile());
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    for (JsonNode variable : image.at("/config/Env")) {
      String[] parts = variable.asText().split("=", 2);
      builder.environment().put(parts[0], parts[1]);
    }
    return builder.start();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("out.txt"));
  }

  /// Unpacks the image's layers, and answers its configuration.
  private JsonNode unpack(Path root) throws IOException, InterruptedException {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    run("tar", "-xf", IMAGE.toString(), "-C", parts.toString());
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.path("Layers")) {
      run("tar", "-xzf", parts.resolve(layer.asText()).toString(), "-C", root.toString());
    }
    return json.readTree(parts.resolve(manifest.path("Config").asText()).toFile());
  }

  /// Gives a folder and all in it to the program's user.
  private static void give(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.toList()) {
        Files.setAttribute(each, "unix:uid", USER);
        Files.setAttribute(each, "unix:gid", USER);
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
