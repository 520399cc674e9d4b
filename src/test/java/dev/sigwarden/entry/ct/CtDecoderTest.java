package dev.sigwarden.entry.ct;

import static dev.sigwarden.entry.ct.CtForge.ascii;
import static dev.sigwarden.entry.ct.CtForge.hosts;
import static dev.sigwarden.entry.ct.CtForge.joined;
import static dev.sigwarden.entry.ct.CtForge.tlv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.Vectors;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.EntryDecoderContract;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.IssuerKey;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.x509.CertificateForge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class CtDecoderTest extends EntryDecoderContract {
  private static final byte[] LIST = new byte[120];

  @Override
  protected EntryDecoder decoder() {
    return new CtDecoder();
  }

  @Override
  protected boolean namesArtifacts() {
    return false;
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(
        hosts("example.com", "*.example.com").timestamps(LIST).leaf(),
        hosts("example.com").keyIdentifier(new byte[20]).precertLeaf(),
        CtForge.x509Leaf(CertificateForge.fulcio("https://a.test/x", "https://b.test").der()));
  }

  @Override
  protected List<byte[]> costly() {
    String[] hosts = new String[9_999];
    Arrays.setAll(hosts, i -> "h" + i);
    byte[] names = tlv(CtForge.DNS, ascii("x"));
    byte[][] empty = new byte[20_000][];
    Arrays.fill(empty, names);
    return List.of(hosts(hosts).leaf(), new CtForge().names(empty).leaf());
  }

  private static IssuedCertificate read(byte[] leaf) {
    Decoded decoded = new CtDecoder().decode(EntryBytes.of(leaf));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return (IssuedCertificate) ((Decoded.Event) decoded).event().signers().getFirst();
  }

  @Test
  void knows_a_certificate_by_the_hash_of_its_precertificate_whatever_the_length_of_what_is_cut() {
    for (int size : new int[] {0, 1, 100, 127, 128, 250, 1_000, 70_000}) {
      for (int other : new int[] {0, 60, 110, 200, 300, 66_000}) {
        byte[] identifier = new byte[other];
        IssuedCertificate precertificate =
            read(hosts("example.com").keyIdentifier(identifier).precertLeaf());
        IssuedCertificate last =
            read(hosts("example.com").keyIdentifier(identifier).timestamps(new byte[size]).leaf());
        IssuedCertificate first =
            read(
                new CtForge()
                    .timestamps(new byte[size])
                    .names(tlv(CtForge.DNS, ascii("example.com")))
                    .keyIdentifier(identifier)
                    .leaf());
        IssuedCertificate poisoned =
            read(hosts("example.com").poison().keyIdentifier(identifier).leaf());
        assertThat(List.of(last.tbsSha256(), first.tbsSha256(), poisoned.tbsSha256()))
            .as("%d bytes of timestamps, %d beside", size, other)
            .containsOnly(precertificate.tbsSha256());
      }
    }
  }

  @Test
  void cuts_nothing_of_what_readers_may_take_differently() {
    IssuedCertificate once = read(hosts("example.com").timestamps(LIST).leaf());
    IssuedCertificate twice = read(hosts("example.com").timestamps(LIST).timestamps(LIST).leaf());
    assertThat(twice.tbsSha256()).isNotEqualTo(once.tbsSha256());
    assertThat(twice.tbsSha256()).isNotEqualTo(read(hosts("example.com").leaf()).tbsSha256());
  }

  @Test
  void tells_another_certificate_from_it() {
    assertThat(read(hosts("example.com").leaf()).tbsSha256())
        .isNotEqualTo(read(hosts("example.org").leaf()).tbsSha256());
  }

  @Test
  void believes_an_issuer_by_its_key_and_never_by_its_name() {
    IssuerKey authority = new IssuerKey(CtForge.AUTHORITY.getPublic().getEncoded());
    KeyPair stranger = CtForge.keys();
    assertThat(read(hosts("a.test").leaf()).isIssuedBy(authority)).isTrue();
    assertThat(read(hosts("a.test").precertLeaf()).isIssuedBy(authority)).isTrue();
    byte[] tbs = hosts("a.test").tbs();
    assertThat(read(CtForge.x509Leaf(CtForge.certificate(tbs, stranger))).isIssuedBy(authority))
        .isFalse();
    assertThat(read(CtForge.precertLeaf(new byte[32], tbs)).isIssuedBy(authority)).isFalse();
    byte[] certificate = CtForge.certificate(tbs, CtForge.AUTHORITY);
    for (int i = certificate.length - 80; i < certificate.length; i++) {
      byte[] damaged = certificate.clone();
      damaged[i] ^= 1;
      if (new CtDecoder().decode(EntryBytes.of(CtForge.x509Leaf(damaged)))
          instanceof Decoded.Event(var event)) {
        assertThat(((IssuedCertificate) event.signers().getFirst()).isIssuedBy(authority))
            .as("byte %d", i)
            .isFalse();
      }
    }
  }

  @Test
  void refuses_what_is_no_leaf() {
    byte[] good = hosts("example.com").leaf();
    for (int at : new int[] {0, 1, 10}) {
      byte[] bad = good.clone();
      bad[at] = 7;
      assertThat(decoder().decode(EntryBytes.of(bad)))
          .as("byte %d", at)
          .isInstanceOf(Decoded.Undecodable.class);
    }
    assertThat(decoder().decode(EntryBytes.of(joined(good, new byte[1]))))
        .isInstanceOf(Decoded.Undecodable.class);
  }

  @Test
  void takes_extensions_of_the_leaf_as_static_logs_write_them() {
    byte[] leaf = hosts("example.com").leaf();
    byte[] index = {0, 8, 0, 0, 5, 0, 0, 0, 0, 25};
    byte[] extended = joined(Arrays.copyOf(leaf, leaf.length - 2), index);
    assertThat(read(extended).subjects())
        .containsExactly(new SubjectName(SubjectName.Kind.DNS, "example.com"));
  }

  @Test
  void reads_at_most_a_bounded_number_of_names_and_says_that_there_are_more() {
    byte[][] names = new byte[10_001][];
    Arrays.fill(names, tlv(CtForge.DNS, ascii("a")));
    assertThat(read(new CtForge().names(names).leaf()).unread())
        .hasValueSatisfying(why -> assertThat(why).contains("10000 names"));
    assertThat(read(new CtForge().names(Arrays.copyOf(names, 10_000)).leaf()).unread()).isEmpty();
  }

  /// A log that another implementation wrote, its leaves cut from its tiles.
  @Test
  void reads_every_entry_of_a_log_that_sunlight_wrote() throws IOException {
    Path tiles = Vectors.dir("ct/sunlight-0.8.1/view-a/tile/data");
    List<byte[]> leaves = new ArrayList<>();
    for (Path tile : List.of(tiles.resolve("000"), tiles.resolve("001"))) {
      leaves.addAll(leaves(tile));
    }
    assertThat(leaves).hasSize(512);
    long watched =
        leaves.stream()
            .map(CtDecoderTest::read)
            .peek(certificate -> assertThat(certificate.unread()).isEmpty())
            .flatMap(certificate -> certificate.allNames().stream())
            .filter(name -> name.value().endsWith(".watched.example"))
            .map(SubjectName::value)
            .distinct()
            .count();
    assertThat(watched).isPositive();
    assertThat(leaves.stream().filter(leaf -> read(leaf).isPrecertificate()).count())
        .isBetween(200L, 300L);
  }

  /// TileLeaf* of c2sp.org/static-ct-api.
  private static List<byte[]> leaves(Path tile) throws IOException {
    byte[] bytes;
    try (InputStream raw = Files.newInputStream(tile)) {
      byte[] packed = raw.readAllBytes();
      boolean gzip = packed[0] == 0x1f;
      bytes = gzip ? new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes() : packed;
    }
    List<byte[]> leaves = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      int start = in.position();
      in.position(start + 8);
      boolean precertificate = in.getShort() == 1;
      in.position(in.position() + (precertificate ? 32 : 0));
      in.position(in.position() + 3 + u24(in));
      in.position(in.position() + 2 + Short.toUnsignedInt(in.getShort(in.position())));
      leaves.add(joined(new byte[2], Arrays.copyOfRange(bytes, start, in.position())));
      if (precertificate) {
        in.position(in.position() + 3 + u24(in));
      }
      in.position(in.position() + 2 + Short.toUnsignedInt(in.getShort(in.position())));
    }
    return leaves;
  }

  private static int u24(ByteBuffer in) {
    int at = in.position();
    return Byte.toUnsignedInt(in.get(at)) << 16 | Short.toUnsignedInt(in.getShort(at + 1));
  }
}
