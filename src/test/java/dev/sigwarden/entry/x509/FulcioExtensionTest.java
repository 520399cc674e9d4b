package dev.sigwarden.entry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.Vectors;
import java.nio.file.Files;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FulcioExtensionTest {
  @Test
  void are_found_by_their_configuration_names() {
    for (FulcioExtension extension : FulcioExtension.values()) {
      assertThat(FulcioExtension.named(extension.configName())).contains(extension);
      assertThat(extension.configName())
          .isEqualTo(extension.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    assertThat(FulcioExtension.named("issuer")).isEmpty();
    assertThat(FulcioExtension.ofArc(7)).isNull();
    assertThat(FulcioExtension.ofArc(25)).isNull();
    assertThat(FulcioExtension.ofArc(-1)).isNull();
  }

  @Test
  void are_all_that_fulcio_documents() throws Exception {
    String page = Files.readString(Vectors.dir("rekor").resolve("fulcio/oid-info.md"));
    TreeMap<String, String> documented = new TreeMap<>();
    Pattern.compile("^### (1\\.3\\.6\\.1\\.4\\.1\\.57264\\.1\\.\\d+) \\| (.*)$", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach((MatchResult row) -> documented.put(row.group(1), row.group(2)));
    documented.remove("1.3.6.1.4.1.57264.1.7");
    assertThat(documented).hasSize(FulcioExtension.values().length);
    for (FulcioExtension extension : FulcioExtension.values()) {
      String name = documented.get(extension.oid()).replaceAll(" \\((deprecated|V2)\\)", "");
      String kebab = name.toLowerCase(Locale.ROOT).replace(' ', '-');
      assertThat(extension.configName()).startsWith(kebab);
    }
  }
}
