package dev.sigwarden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules of the repository that no compiler holds.
class RepositoryTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  private static List<Path> files(String folder, String suffix) throws IOException {
    Path start = ROOT.resolve(folder);
    if (!Files.exists(start)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(start)) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"src/main/java, 400", "src/test/java, 600"})
  void no_java_file_is_too_long_to_read_at_once(String folder, int fewerThan) throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files(folder, ".java")) {
      try (Stream<String> lines = Files.lines(file)) {
        long count = lines.count();
        if (count >= fewerThan) {
          tooLong.add(ROOT.relativize(file) + ": " + count);
        }
      }
    }

    assertThat(tooLong).isEmpty();
  }

  @Test
  void every_package_says_what_it_is() throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    files("src/main/java", ".java").forEach(file -> folders.add(file.getParent()));

    assertThat(folders)
        .allSatisfy(folder -> {
          Path info = folder.resolve("package-info.java");
          assertThat(info).isRegularFile();
          assertThat(Files.readString(info)).startsWith("/// ").contains("@NullMarked");
        });
  }

  @Test
  void nothing_is_left_for_later() throws IOException {
    // In two pieces, so that this file does not hold them.
    Pattern later = Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    List<Path> files =
        Stream.of(files("src", ".java"), files("src/main/resources", ""))
            .flatMap(List::stream)
            .filter(Files::isRegularFile)
            .toList();
    for (Path file : files) {
      assertThat(later.matcher(Files.readString(file)).find()).as(file.toString()).isFalse();
    }
  }

  @Test
  void scripts_can_be_executed() {
    assertThat(Stream.of("sigwarden", "mvnw", ".ci/run").map(ROOT::resolve))
        .allSatisfy(script -> assertThat(script).isExecutable());
  }

  @Test
  void the_readme_shows_the_first_configuration_as_it_is() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(readme);

    assertThat(yaml.find()).isTrue();
    assertThat(yaml.group(1)).isEqualTo(Files.readString(ROOT.resolve("config/first.yaml")));
  }

  @Test
  void every_test_that_the_page_on_faults_names_exists() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/faults.md"));
    Matcher named = Pattern.compile("`(\\w+(?:IT|Test|Contract))\\.(\\w+)`").matcher(page);
    List<Path> sources = files("src/test/java", ".java");
    int tests = 0;
    while (named.find()) {
      String name = named.group(1) + ".java";
      List<Path> found =
          sources.stream().filter(file -> file.getFileName().toString().equals(name)).toList();
      assertThat(found).as(name).hasSize(1);
      // What may stand between: more annotations and the further lines of one.
      Pattern test =
          Pattern.compile(
              "  @(?:Parameterized)?Test\n(?:  [@ })].*\n)*?  void " + named.group(2) + "\\(");
      assertThat(test.matcher(Files.readString(found.getFirst())).find())
          .as(named.group())
          .isTrue();
      tests++;
    }
    long rows =
        page.lines().filter(line -> line.startsWith("| ") && !line.startsWith("| ---")).count();
    long heads = page.lines().filter(line -> line.startsWith("| ---")).count();
    assertThat(tests).isGreaterThanOrEqualTo((int) (rows - heads)).isPositive();
  }

  @Test
  void links_of_the_documents_lead_somewhere() throws IOException {
    Pattern link = Pattern.compile("]\\((?!https?://|#)([^)#]+)");
    for (String folder : List.of("config", "alert-templates", "docs", "helm", "")) {
      List<Path> documents =
          folder.isEmpty()
              ? Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
                  .map(ROOT::resolve)
                  .toList()
              : files(folder, ".md");
      for (Path document : documents) {
        Matcher links = link.matcher(Files.readString(document));
        while (links.find()) {
          assertThat(document.resolveSibling(links.group(1))).as(document.toString()).exists();
        }
      }
    }
  }
}
