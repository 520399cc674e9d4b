package dev.sigwarden.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/// The table of `helm/values.yaml`: each value, its default, and the comment above it.
final class ChartReadme {
  private ChartReadme() {}

  /// The table, in the order of the file.
  static String values() throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(true);
    StringBuilder table = new StringBuilder("| value | default | meaning |\n| --- | --- | --- |\n");
    Path file = Chart.FOLDER.resolve("values.yaml");
    try (Reader values = Files.newBufferedReader(file)) {
      MappingNode commented = (MappingNode) new Yaml(options).compose(values);
      rows("", commented, Chart.YAML.readTree(file.toFile()), table);
    }
    return table.toString();
  }

  private static void rows(
      String path, MappingNode commented, JsonNode values, StringBuilder table) {
    for (NodeTuple value : commented.getValue()) {
      String key = ((ScalarNode) value.getKeyNode()).getValue();
      String name = path + key;
      String meaning = meaning(value.getKeyNode());
      boolean nested =
          value.getValueNode() instanceof MappingNode inner
              && inner.getFlowStyle() == FlowStyle.BLOCK;
      if (!nested || !meaning.isEmpty()) {
        table.append(
            "| `%s` | %s | %s |\n"
                .formatted(name, nested ? "" : defaultOf(values.path(key)), meaning));
      }
      if (nested) {
        rows(name + ".", (MappingNode) value.getValueNode(), values.path(key), table);
      }
    }
  }

  private static String meaning(Node key) {
    List<CommentLine> comments = key.getBlockComments();
    return comments == null
        ? ""
        : comments.stream()
            .filter(comment -> comment.getCommentType() == CommentType.BLOCK)
            .map(comment -> comment.getValue().strip())
            .collect(Collectors.joining(" "));
  }

  private static String defaultOf(JsonNode value) {
    boolean plain = value.isTextual() && !value.asText().isEmpty();
    return '`' + (plain ? value.asText() : value.toString()) + '`';
  }
}
