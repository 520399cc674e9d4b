package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Teams' files that change while the program runs.
class TeamsIT {
  private static final String TEAM =
      """
      watches:
        app: {severity: high, identities: [{text: "*%s*"}]}
      route: {receiver: hook}
      """;

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() throws IOException {
    program = new WholeProgram(folder);
    program.others(10);
    program.config().route("{receiver: mail}").more("teams: {web: {receivers: [hook]}}\n");
    team(TEAM.formatted("web words"));
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void team(String text) throws IOException {
    Path teams = Files.createDirectories(program.config().path().resolveSibling("teams"));
    Path written = Files.writeString(teams.resolve(".web.yaml.next"), text);
    Files.move(
        written,
        teams.resolve("web.yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String inForce() {
    return program.daemon().configuration().revision();
  }

  @Test
  void wrong_file_of_a_team_is_told_by_its_name_and_what_was_in_force_stays() throws IOException {
    program.start().awaitJudged();
    String before = inForce();
    team(TEAM.formatted("web words").replace("severity: high", "severity: huge"));

    Alert rejected = program.awaitCondition(Kind.CONFIG_REJECTED);
    assertThat(program.mail(rejected)).contains("teams/web.yaml:2:").contains("huge");
    assertThat(inForce()).isEqualTo(before);

    team(TEAM.formatted("other words"));
    program.awaitOver(Kind.CONFIG_REJECTED);
    assertThat(inForce()).isNotEqualTo(before);
    assertThat(program.daemon().configuration().watches().named("web/app")).isPresent();
  }

  @Test
  void team_that_goes_is_taken_off_and_one_whose_file_goes_alone_is_not() throws IOException {
    program.start().awaitJudged();
    Files.delete(program.config().path().resolveSibling("teams/web.yaml"));
    Alert rejected = program.awaitCondition(Kind.CONFIG_REJECTED);
    assertThat(program.mail(rejected)).contains("web without a file");
    assertThat(program.daemon().configuration().watches().named("web/app")).isPresent();

    program.config().more("").save();
    program.awaitOver(Kind.CONFIG_REJECTED);
    assertThat(program.daemon().configuration().watches().named("web/app")).isEmpty();
  }
}
