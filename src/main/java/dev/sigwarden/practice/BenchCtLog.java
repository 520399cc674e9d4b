package dev.sigwarden.practice;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A Certificate Transparency log of many different entries, made for benchmarks: of about 1,300
/// bytes on average, each with hosts of its own. It keeps their hashes only and makes the entries
/// as they are asked for, out of few templates.
///
/// What was signed is not what is served, and neither can whoever reads a log tell: no entry's
/// signature is looked at unless a watch selects it. The precertificates beside the leaves, which
/// are in no hash, are those of the templates.
public final class BenchCtLog implements CtContent {
  private static final int TEMPLATES = 64;
  private static final int NUMBER_MODULUS = 100_000_000;

  /// Bytes before the time in a MerkleTreeLeaf: version and leaf type.
  private static final int LEAF_PREFIX_BYTES = 2;

  /// Bytes of the index, at a leaf's end.
  private static final int INDEX_BYTES = 5;

  private final List<Template> templates = new ArrayList<>();
  private final PracticeCtTree tree;
  private final long taken;

  /// Makes `size` entries, taken now, and publishes their head.
  public BenchCtLog(String origin, long size, Clock clock) {
    BenchCertificates certificates = new BenchCertificates(clock, new SecureRandom());
    for (int number = 0; number < TEMPLATES; number++) {
      templates.add(new Template(certificates.entry(number)));
    }
    taken = clock.millis();
    tree = new PracticeCtTree(origin, clock);
    for (long index = 0; index < size; index++) {
      tree.append(leaf(index));
    }
    tree.publish(size);
  }

  /// An entry, and where to write over it.
  private static final class Template {
    private final byte[] leaf;
    private final int[] numbers;

    /// What a TileLeaf has behind the TimestampedEntry.
    private final byte[] chain;

    private final byte[] extraData;

    Template(PracticeCtEntry entry) {
      leaf = entry.leaf(0, 0);
      numbers = BenchCertificates.numbers(leaf);
      byte[] whole = entry.tileLeaf(leaf);
      chain = Arrays.copyOfRange(whole, leaf.length - LEAF_PREFIX_BYTES, whole.length);
      extraData = Base64.getEncoder().encode(entry.extraData());
    }
  }

  private Template template(long index) {
    return templates.get((int) (index % TEMPLATES));
  }

  @Override
  public PracticeCtTree tree() {
    return tree;
  }

  @Override
  public byte[] leaf(long index) {
    Template template = template(index);
    byte[] leaf = template.leaf.clone();
    ByteBuffer.wrap(leaf).putLong(LEAF_PREFIX_BYTES, taken);
    byte[] number =
        Long.toString(NUMBER_MODULUS + index % NUMBER_MODULUS).getBytes(StandardCharsets.US_ASCII);
    for (int at : template.numbers) {
      System.arraycopy(number, 1, leaf, at, number.length - 1);
    }
    for (int i = 1; i <= INDEX_BYTES; i++) {
      leaf[leaf.length - i] = (byte) (index >>> (Byte.SIZE * (i - 1)));
    }
    return leaf;
  }

  @Override
  public byte[] extraData(long index) {
    return template(index).extraData;
  }

  @Override
  public byte[] data(TileResource tile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    long first = tile.index() * TileResource.FULL_WIDTH;
    for (long index = first; index < first + tile.width(); index++) {
      byte[] leaf = leaf(index);
      out.write(leaf, LEAF_PREFIX_BYTES, leaf.length - LEAF_PREFIX_BYTES);
      out.writeBytes(template(index).chain);
    }
    return out.toByteArray();
  }

  /// None: nobody asks, since no watch selects an entry.
  @Override
  public Optional<byte[]> issuer(String fingerprint) {
    return Optional.empty();
  }

  /// What it answers.
  public PracticeCtApi api() {
    return new PracticeCtApi(this);
  }

  /// Its SubjectPublicKeyInfo in base64, as in log lists.
  public String publicKey() {
    return tree.publicKey();
  }
}
