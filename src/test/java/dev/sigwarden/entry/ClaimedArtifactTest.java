package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimedArtifactTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          pkg:npm/app@1.2.3                      | pkg:npm/app                      | 1.2.3
          pkg:npm/%40acme/app@1.2.3              | pkg:npm/%40acme/app              | 1.2.3
          pkg:docker/app@sha256:00?os=a@b#x@y    | pkg:docker/app?os=a@b#x@y        | sha256:00
          pkg:golang/example.com/m@v1.0.0#sub/@x | pkg:golang/example.com/m#sub/@x  | v1.0.0
          pkg:deb/debian/app@1%3A2.0%2Bx+y       | pkg:deb/debian/app               | 1:2.0+x+y
          pkg:npm/app@1%ZZ                       | pkg:npm/app                      | 1%ZZ
          pkg:npm/@acme/app                      | pkg:npm/@acme/app                | ''
          pkg:npm/@acme                          | pkg:npm/@acme                    | ''
          pkg:npm/app                            | pkg:npm/app                      | ''
          pkg:@1                                 | pkg:                             | 1
          app@1.2.3                              | app@1.2.3                        | ''
          """)
  void takes_the_version_out_of_a_package_url_and_out_of_nothing_else(
      String text, String name, String version) {
    assertThat(ClaimedArtifact.named(text, ""))
        .isEqualTo(new ClaimedArtifact(List.of(name), 0, version, "", ""));
  }

  @Test
  void a_version_that_is_said_leaves_the_name_whole() {
    assertThat(ClaimedArtifact.named("pkg:npm/app@1", "7").names())
        .containsExactly("pkg:npm/app@1");
  }

  @Test
  void a_reader_that_fails_names_nothing() {
    ArtifactNaming failing =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    EntryBytes entry = EntryBytes.of(new byte[0]);
    assertThat(new SigningEvent("raw", "", List.of(), List.of(), failing, entry).claimed())
        .isEqualTo(ClaimedArtifact.NONE);
  }
}
