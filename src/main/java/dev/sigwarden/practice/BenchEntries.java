package dev.sigwarden.practice;

import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Many different `hashedrekord` and `dsse` 0.0.2 entries, made fast for benchmarks: of the kinds
/// that the public log holds, about 3,000 bytes on average, each with a subject and a digest of its
/// own.
///
/// They come from few templates with real certificates and signatures, in which the subject's
/// number and the digest are overwritten. So they decode and match like any entry, and neither
/// their signatures nor their certificates verify: what reads a log cannot tell, for an entry does
/// not hold the artifact, and no certificate is checked unless a watch selects the entry.
public final class BenchEntries {
  /// Certificates per kind of subject: enough that nothing is won by remembering the last one.
  private static final int TEMPLATES_PER_KIND = 8;

  /// In every subject: overwritten with the entry's index modulo 10^8, eight digits.
  private static final String NUMBER = "00000000";

  private static final int NUMBER_MODULUS = 100_000_000;
  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final byte[] ARTIFACT = "practice".getBytes(StandardCharsets.UTF_8);

  /// Odd constants that spread an index over the 32 bytes of a digest. Steele, Lea and Flood, Fast
  /// Splittable Pseudorandom Number Generators, figure 16.
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_2 = 0x94d049bb133111ebL;

  private final List<Template> templates = new ArrayList<>();

  /// Of twenty templates eighteen are workflows, four of them `dsse`, one is an e-mail address and
  /// one a raw key: about what the public log holds.
  private static final int KINDS = 20;

  private static final int HASHED_WORKFLOWS = 14;
  private static final int WORKFLOWS = 18;
  private static final int EMAILS = 1;

  /// Makes the templates, which takes about a second.
  public BenchEntries(PracticeSigner signer) {
    for (int number = 0; number < TEMPLATES_PER_KIND * KINDS; number++) {
      int kind = number % KINDS;
      PracticeCredential credential =
          kind < WORKFLOWS
              ? signer.certificate(workflow(number))
              : kind < WORKFLOWS + EMAILS ? signer.certificate(email()) : signer.key(KeyKind.P256);
      boolean envelope = kind >= HASHED_WORKFLOWS && kind < WORKFLOWS;
      templates.add(new Template(credential, envelope));
    }
  }

  private static PracticeIdentity workflow(int number) {
    return PracticeIdentity.githubWorkflow(
        "bench-organisation-of-many-teams-%d/application-delivery-platform-%s"
            .formatted(number, NUMBER),
        "build-and-release-container-images.yml",
        "refs/heads/main");
  }

  private static PracticeIdentity email() {
    return PracticeIdentity.email(
        "person-" + NUMBER + "@bench.example", "https://accounts.google.com");
  }

  /// The entry at `index`, the same bytes for the same index and templates.
  public byte[] entry(long index) {
    return templates.get((int) (index % templates.size())).entry(index);
  }

  /// One entry and where to write over it.
  private static final class Template {
    private final byte[] der;
    private final int[] numbers;
    private final byte[] json;
    private final int derAt;
    private final int digestAt;

    Template(PracticeCredential credential, boolean envelope) {
      der = credential.verifierDer();
      json =
          envelope
              ? PracticeEntries.dsse(credential, PAYLOAD_TYPE, ARTIFACT)
              : PracticeEntries.hashedRekord(credential, ARTIFACT);
      derAt = find(json, Base64.getEncoder().encode(der), 0);
      digestAt = find(json, Base64.getEncoder().encode(KeyKind.P256.digest(ARTIFACT)), 0);
      numbers =
          credential.certified()
              ? all(der, NUMBER.getBytes(StandardCharsets.US_ASCII))
              : new int[0];
    }

    byte[] entry(long index) {
      byte[] entry = json.clone();
      byte[] changed = der.clone();
      byte[] number =
          Long.toString(NUMBER_MODULUS + index % NUMBER_MODULUS)
              .getBytes(StandardCharsets.US_ASCII);
      for (int at : numbers) {
        System.arraycopy(number, 1, changed, at, NUMBER.length());
      }
      write(Base64.getEncoder().encode(changed), entry, derAt);
      write(Base64.getEncoder().encode(digest(index)), entry, digestAt);
      return entry;
    }

    private static void write(byte[] source, byte[] target, int at) {
      System.arraycopy(source, 0, target, at, source.length);
    }

    private static byte[] digest(long index) {
      ByteBuffer digest = ByteBuffer.allocate(32).order(ByteOrder.BIG_ENDIAN);
      for (long word = 0; word < 4; word++) {
        long mixed = (4 * index + word + 1) * GOLDEN;
        mixed = (mixed ^ (mixed >>> 30)) * MIX_1;
        mixed = (mixed ^ (mixed >>> 27)) * MIX_2;
        digest.putLong(mixed ^ (mixed >>> 31));
      }
      return digest.array();
    }
  }

  /// Where `wanted` is in `bytes`.
  static int[] all(byte[] bytes, byte[] wanted) {
    List<Integer> found = new ArrayList<>();
    for (int at = find(bytes, wanted, 0); at >= 0; at = find(bytes, wanted, at + wanted.length)) {
      found.add(at);
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Where `wanted` first is in `bytes` from `from` on; -1 if nowhere.
  private static int find(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at <= bytes.length - wanted.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }
}
