package dev.sigwarden.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Trees and proofs made by other implementations.
class MerkleVectorsTest {
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static List<byte[]> leaves() {
    return LEAVES.stream().map(HexFormat.of()::parseHex).toList();
  }

  @Test
  void the_eight_leaves_of_certificate_transparency_have_their_known_roots() {
    assertThat(Trees.heads(leaves()).stream().map(head -> head.root().toHex()).toList())
        .isEqualTo(ROOTS);
  }

  @Test
  void the_eight_leaves_of_certificate_transparency_have_their_known_proofs() {
    NodeSource<RuntimeException> nodes = Trees.nodes(leaves());
    assertThat(starts(Proofs.inclusion(5, 8, nodes).path()))
        .isEqualTo("bc1a0643 ca854ea1 d37ee418");
    assertThat(starts(Proofs.inclusion(4, 5, nodes).path())).isEqualTo("d37ee418");
    assertThat(starts(Proofs.inclusion(6, 7, nodes).path())).isEqualTo("0ebc5d34 d37ee418");
    assertThat(starts(Proofs.consistency(1, 8, nodes).path()))
        .isEqualTo("96a296d2 5f083f0a 6b47aaf2");
    assertThat(starts(Proofs.consistency(3, 7, nodes).path()))
        .isEqualTo("0298d122 07506a85 fac54203 837dbb15");
    assertThat(starts(Proofs.consistency(4, 7, nodes).path())).isEqualTo("837dbb15");
    assertThat(starts(Proofs.consistency(6, 8, nodes).path()))
        .isEqualTo("0ebc5d34 ca854ea1 d37ee418");
  }

  private static String starts(List<Hash> path) {
    return String.join(" ", path.stream().map(hash -> hash.toHex().substring(0, 8)).toList());
  }

  @Test
  void agrees_with_every_inclusion_vector() throws IOException {
    int seen = 0;
    for (JsonNode vector : vectors("inclusion")) {
      Optional<Hash> leaf = hash(vector.get("leafHash"));
      Optional<Hash> root = hash(vector.get("root"));
      Optional<List<Hash>> path = path(vector.get("proof"));
      long index = vector.get("leafIdx").bigIntegerValue().longValue();
      long size = vector.get("treeSize").bigIntegerValue().longValue();
      boolean holds =
          leaf.isPresent()
              && root.isPresent()
              && path.isPresent()
              && size >= 0
              && new InclusionProof(path.get())
                  .holds(index, leaf.get(), new TreeHead(size, root.get()));
      assertThat(holds).as("%s", vector).isEqualTo(!vector.get("wantErr").asBoolean());
      seen++;
    }
    assertThat(seen).isEqualTo(98);
  }

  /// Left out are older trees of no leaves, which upstream leaves to its caller, and one vector
  /// that takes roots of 12 bytes for good: here they are refused where they are parsed.
  @Test
  void agrees_with_every_consistency_vector() throws IOException {
    int seen = 0;
    int positive = 0;
    for (JsonNode vector : vectors("consistency")) {
      Optional<Hash> root1 = hash(vector.get("root1"));
      Optional<Hash> root2 = hash(vector.get("root2"));
      Optional<List<Hash>> path = path(vector.get("proof"));
      long size1 = vector.get("size1").bigIntegerValue().longValue();
      long size2 = vector.get("size2").bigIntegerValue().longValue();
      boolean shortRoots = root1.isEmpty() || root2.isEmpty();
      if (size1 == 0 || (shortRoots && !vector.get("wantErr").asBoolean())) {
        continue;
      }
      boolean holds =
          !shortRoots
              && path.isPresent()
              && size1 >= 0
              && size2 >= 0
              && new ConsistencyProof(path.get())
                  .holds(new TreeHead(size1, root1.get()), new TreeHead(size2, root2.get()));
      assertThat(holds).as("%s", vector).isEqualTo(!vector.get("wantErr").asBoolean());
      seen++;
      positive += holds ? 1 : 0;
    }
    assertThat(seen).isEqualTo(88);
    assertThat(positive).isEqualTo(5);
  }

  private static List<JsonNode> vectors(String kind) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> vectors = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Vectors.dir("merkle").resolve(kind))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        vectors.add(json.readTree(file.toFile()));
      }
    }
    return vectors;
  }

  private static Optional<Hash> hash(JsonNode node) throws IOException {
    byte[] bytes = node.isNull() ? new byte[0] : node.binaryValue();
    return bytes.length == Hash.LENGTH ? Optional.of(Hash.of(bytes)) : Optional.empty();
  }

  private static Optional<List<Hash>> path(JsonNode nodes) throws IOException {
    List<Hash> path = new ArrayList<>();
    for (JsonNode node : nodes) {
      Optional<Hash> hash = hash(node);
      if (hash.isEmpty()) {
        return Optional.empty();
      }
      path.add(hash.get());
    }
    return Optional.of(path);
  }
}
