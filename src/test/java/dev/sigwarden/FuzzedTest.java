package dev.sigwarden;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every fuzz test of every package, as each build runs them: over changes of their seeds, the same
/// in each build, so that a build says something of the code and not of chance; others with
/// `-Dsigwarden.fuzz.seed=N`. `JAZZER_FUZZ=1` searches for longer and led by coverage.
class FuzzedTest {
  /// Changed seeds that one fuzz test is given, if they do not take longer than `LONGEST_NANOS`.
  private static final int ROUNDS = 2_000;

  /// How long one fuzz test is tried, in nanoseconds.
  private static final long LONGEST_NANOS = 400_000_000;

  /// Bytes of a changed seed: doubling must not feed on itself.
  private static final int MAX_BYTES = 1 << 17;

  private static final long SEED = Long.getLong("sigwarden.fuzz.seed", 20261122);

  /// Bytes that mean something to most of the formats.
  private static final byte[] SIGNS =
      "\n\r\t \0\"'\\/{}[]()<>:;,.+-=*?!@#%&|~_^`09afAFxuTZ\u007f"
          .getBytes(StandardCharsets.US_ASCII);

  @TestFactory
  Stream<DynamicTest> withstands_changes_of_its_seeds() throws Exception {
    List<Method> found = fuzzTests();
    assertThat(found).hasSizeGreaterThan(20);
    return found.stream()
        .map(method ->
            DynamicTest.dynamicTest(
                method.getDeclaringClass().getSimpleName() + "." + method.getName(),
                () -> withstands(method)));
  }

  private static void withstands(Method method) throws Exception {
    List<byte[]> seeds = seeds(method);
    assertThat(seeds).as("seeds in %s", folder(method)).hasSizeGreaterThan(1);
    var constructor = method.getDeclaringClass().getDeclaredConstructor();
    constructor.setAccessible(true);
    Object test = constructor.newInstance();
    Random random = new Random(SEED);
    long end = System.nanoTime() + LONGEST_NANOS;
    for (int round = 0; round < ROUNDS && System.nanoTime() < end; round++) {
      byte[] input = changed(seeds, random);
      String shown = Base64.getEncoder().encodeToString(input);
      try {
        method.invoke(test, (Object) input);
      } catch (InvocationTargetException e) {
        throw new AssertionError(
            "keep this input, here in base64, in %s:\n%s".formatted(folder(method), shown),
            e.getCause());
      }
    }
  }

  private static byte[] changed(List<byte[]> seeds, Random random) {
    byte[] bytes = one(seeds, random).clone();
    for (int change = random.nextInt(5); change >= 0 && bytes.length > 0; change--) {
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + 1 + random.nextInt(1 + random.nextInt(32)));
      switch (random.nextInt(9)) {
        case 0 -> bytes[from] = (byte) random.nextInt(256);
        case 1 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[from] = SIGNS[random.nextInt(SIGNS.length)];
        case 3 -> bytes[from] += (byte) (random.nextBoolean() ? 1 : -1);
        case 4 -> bytes = joined(bytes, from, new byte[] {any(random)}, bytes, from);
        case 5 -> bytes = joined(bytes, from, new byte[0], bytes, to);
        case 6 -> bytes = joined(bytes, to, Arrays.copyOfRange(bytes, from, to), bytes, to);
        case 7 -> {
          byte[] other = one(seeds, random);
          int cut = other.length == 0 ? 0 : random.nextInt(other.length);
          bytes = joined(bytes, from, new byte[0], other, cut);
        }
        default -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, from) : bytes;
      }
    }
    return bytes.length > MAX_BYTES ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
  }

  private static byte any(Random random) {
    return random.nextBoolean() ? (byte) random.nextInt(256) : SIGNS[random.nextInt(SIGNS.length)];
  }

  private static byte[] one(List<byte[]> seeds, Random random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  /// `[0, to)` of `head`, the middle, and `tail` from `from` on.
  private static byte[] joined(byte[] head, int to, byte[] middle, byte[] tail, int from) {
    byte[] all = Arrays.copyOf(head, to + middle.length + tail.length - from);
    System.arraycopy(middle, 0, all, to, middle.length);
    System.arraycopy(tail, from, all, to + middle.length, tail.length - from);
    return all;
  }

  private static List<Method> fuzzTests() throws Exception {
    Path classes = classes();
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(file -> file.toString().endsWith("Fuzz.class")).sorted().toList();
    }
    List<Method> methods = new ArrayList<>();
    for (Path file : files) {
      String path = classes.relativize(file).toString();
      String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
      for (Method method : Class.forName(name).getDeclaredMethods()) {
        if (method.isAnnotationPresent(FuzzTest.class)) {
          method.setAccessible(true);
          methods.add(method);
        }
      }
    }
    return methods;
  }

  private static List<byte[]> seeds(Method method) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder(method))) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  private static Path folder(Method method) {
    String test = method.getDeclaringClass().getName().replace('.', '/');
    return classes().resolve(test + "Inputs").resolve(method.getName());
  }

  private static Path classes() {
    try {
      return Path.of(FuzzedTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
