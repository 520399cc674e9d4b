package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.ct.CtDecoder;
import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What `bench ct` is served: entries that decode, each with hosts of its own, the same through
/// both protocols.
class BenchCtLogTest {
  private static final int SIZE = 200;

  private final BenchCtLog log = new BenchCtLog("bench.example", SIZE, Clock.systemUTC());

  @Test
  void each_entry_is_a_certificate_with_hosts_of_its_own() {
    Set<String> hosts = new HashSet<>();
    int precertificates = 0;
    for (int index = 0; index < SIZE; index++) {
      byte[] leaf = log.leaf(index);
      Decoded.Event decoded =
          (Decoded.Event) new CtDecoder().decode(new EntryBytes(leaf, 0, leaf.length));
      IssuedCertificate certificate = (IssuedCertificate) decoded.event().signers().getFirst();
      assertThat(certificate.subjects()).isNotEmpty();
      for (SubjectName name : certificate.subjects()) {
        assertThat(hosts.add(name.value())).as(name.value()).isTrue();
      }
      precertificates += decoded.event().version().equals("precert_entry") ? 1 : 0;
    }

    assertThat(precertificates).isEqualTo(SIZE / 2);
    assertThat(hosts).contains("host-0.shop-00000070.tld-6.example");
  }

  @Test
  void tiles_and_pages_are_of_the_tree_that_was_signed() {
    String page =
        new String(
            log.api().answer("ct/v1/get-entries?start=70&end=70").orElseThrow(),
            StandardCharsets.UTF_8);
    byte[] tile = log.api().answer("tile/data/000.p/200").orElseThrow();
    byte[] hashes = log.api().answer("tile/0/000.p/200").orElseThrow();

    byte[] leaf = log.leaf(70);
    assertThat(page).contains("\"leaf_input\":\"" + Base64.getEncoder().encodeToString(leaf));
    assertThat(new String(tile, StandardCharsets.ISO_8859_1))
        .contains(new String(leaf, 2, leaf.length - 2, StandardCharsets.ISO_8859_1));
    assertThat(hashes).hasSize(SIZE * Hash.LENGTH);
    assertThat(Hash.ofLeaf(leaf)).isEqualTo(log.tree().node(0, 70));
    assertThat(log.tree().head().tree()).isEqualTo(log.tree().treeAt(SIZE));
  }
}
