package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.watch.Criterion.Trait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The compiled matcher against the definition of selectors written down as plainly as possible.
final class MatchingTest {
  /// Statements have a test of their own, and names of certificates have forms of theirs:
  /// `StatementIdentitiesTest`, `NameIndexTest`.
  private static final List<Trait> TRAITS =
      Arrays.stream(Trait.values())
          .filter(trait -> trait != Trait.CLAIM && !trait.isName())
          .toList();

  /// Values that overlap, contain one another and share long pieces, so that literals collide.
  private static final String[] PIECES = {
    "https://github.com/",
    "acme",
    "acme-labs",
    "/app",
    "/.github/workflows/",
    "release.yml",
    "@refs/tags/",
    "v1",
    "é€",
    "\uD83D\uDD11",
    "аcme",
    "a",
    "ab",
    "aba",
    "\u0000",
    "\n",
  };

  private static final String[] OIDS = {Samples.RUNNER, Samples.REPOSITORY, Selector.ISSUER_V1};
  private static final KeyId.Scheme[] SCHEMES = {KeyId.Scheme.PGP, KeyId.Scheme.TUF};
  private static final String[] POINTERS = {"/a", "/a/b", "/c/0"};

  private final Random random;

  MatchingTest() {
    random = new Random(20_260_714L);
  }

  private String value(int max) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(max); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private String pattern() {
    StringBuilder text = new StringBuilder();
    switch (random.nextInt(4)) {
      case 0 -> text.append(value(3));
      case 1, 2 -> {
        text.append(random.nextBoolean() ? "*" : value(2)).append('*');
        while (random.nextInt(3) == 0) {
          text.append(value(2)).append('*');
        }
        text.append(random.nextBoolean() ? "" : value(2));
      }
      default -> {
        text.append("re:");
        for (int i = random.nextInt(3); i >= 0; i--) {
          text.append(
              switch (random.nextInt(6)) {
                case 0 -> ".*";
                case 1 -> "(" + quoted() + "|" + quoted() + ")";
                case 2 -> "(?:" + quoted() + ")?";
                case 3 -> "[a-e/]+";
                case 4 -> "(" + quoted() + ")+";
                default -> quoted();
              });
        }
      }
    }
    return text.toString();
  }

  private String quoted() {
    StringBuilder text = new StringBuilder();
    value(2)
        .codePoints()
        .forEach(point -> {
          if (point < 0x80 && !Character.isLetterOrDigit(point) && point > 0x20) {
            text.append('\\');
          }
          text.appendCodePoint(point);
        });
    return text.toString();
  }

  /// A criterion and its pattern as text.
  private record Wanted(Trait trait, String parameter, String pattern) {}

  private record Definition(boolean byKey, String keySeed, List<Wanted> wanted) {}

  private Definition definition() {
    List<Wanted> wanted = new ArrayList<>();
    int criteria = 1 + random.nextInt(3);
    for (int i = 0; i < criteria; i++) {
      Trait trait = TRAITS.get(random.nextInt(TRAITS.size()));
      String parameter =
          switch (trait) {
            case EXTENSION -> OIDS[random.nextInt(OIDS.length)];
            case POINTER -> POINTERS[random.nextInt(POINTERS.length)];
            case KEY_ID -> SCHEMES[random.nextInt(SCHEMES.length)].label();
            default -> "";
          };
      if (trait != Trait.SUBJECT || wanted.stream().noneMatch(one -> one.trait == trait)) {
        wanted.add(new Wanted(trait, parameter, pattern()));
      }
    }
    return new Definition(random.nextInt(8) == 0, "key" + random.nextInt(3), wanted);
  }

  private static Selector selector(Definition definition) {
    Criterion[] criteria =
        definition.wanted.stream()
            .map(wanted -> Samples.criterion(wanted.trait, wanted.parameter, wanted.pattern))
            .toArray(Criterion[]::new);
    return definition.byKey
        ? Samples.ofKey(Samples.sha256(definition.keySeed), criteria)
        : Samples.selector(criteria);
  }

  private static boolean fits(String pattern, String value) {
    if (pattern.startsWith("re:")) {
      return java.util.regex.Pattern.compile(pattern.substring(3), java.util.regex.Pattern.DOTALL)
          .matcher(value)
          .matches();
    }
    return ValuePatternTest.naiveGlob(pattern, value);
  }

  private record Entry(SigningEvent event, String text, Map<String, String> pointers) {}

  private static boolean selects(Definition definition, Signer signer, Entry entry) {
    if (definition.byKey
        && (signer == null
            || (signer instanceof PgpSigner pgp
                ? pgp.keys().stream()
                    .noneMatch(key -> key.keySha256().equals(Samples.sha256(definition.keySeed)))
                : !signer.keySha256().equals(Samples.sha256(definition.keySeed))))) {
      return false;
    }
    CertificateSigner certificate = signer instanceof CertificateSigner known ? known : null;
    for (Wanted wanted : definition.wanted) {
      List<String> values =
          switch (wanted.trait) {
            case SUBJECT ->
                certificate == null
                    ? List.of()
                    : certificate.subjects().stream().map(SubjectName::value).toList();
            case ISSUER -> {
              List<String> issuers = new ArrayList<>();
              if (certificate != null) {
                issuers.add(certificate.issuer());
                Optional.ofNullable(certificate.extensions().get(Selector.ISSUER_V1))
                    .ifPresent(issuers::add);
                issuers.removeIf(String::isEmpty);
              }
              yield issuers;
            }
            case EXTENSION ->
                certificate == null || !certificate.extensions().containsKey(wanted.parameter)
                    ? List.of()
                    : List.of(certificate.extensions().get(wanted.parameter));
            case SUBJECT_DN ->
                certificate == null || certificate.subjectDn().isEmpty()
                    ? List.of()
                    : List.of(certificate.subjectDn());
            case USER_ID -> signer instanceof PgpSigner pgp ? pgp.userIds() : List.of();
            case CLAIM -> List.of();
            case KEY_ID ->
                signer == null
                    ? List.of()
                    : signer.keyIds().stream()
                        .filter(id -> id.scheme().label().equals(wanted.parameter))
                        .map(KeyId::value)
                        .toList();
            case DNS, IP, EMAIL, URI ->
                throw new IllegalStateException("names of certificates are NameIndexTest's");
            case TEXT -> List.of(entry.text);
            case POINTER ->
                entry.pointers.containsKey(wanted.parameter)
                    ? List.of(entry.pointers.get(wanted.parameter))
                    : List.of();
          };
      if (values.stream().noneMatch(value -> fits(wanted.pattern, value))) {
        return false;
      }
    }
    return true;
  }

  private static boolean selects(Definition definition, Entry entry) {
    boolean ofSigner =
        definition.byKey || definition.wanted.stream().anyMatch(wanted -> wanted.trait.ofSigner());
    return ofSigner
        ? entry.event.signers().stream().anyMatch(signer -> selects(definition, signer, entry))
        : selects(definition, null, entry);
  }

  private Signer keySigner(List<String> likely) {
    List<KeyId> ids = new ArrayList<>();
    for (KeyId.Scheme scheme : SCHEMES) {
      if (random.nextBoolean()) {
        ids.add(new KeyId(scheme, likely(likely)));
      }
    }
    String seed = "key" + random.nextInt(3);
    if (random.nextBoolean()) {
      return new KeySigner(Samples.sha256(seed), "Ed25519", ids);
    }
    List<PgpSigner.PgpKey> keys = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      KeyId id = new KeyId(KeyId.Scheme.PGP, likely(likely));
      keys.add(new PgpSigner.PgpKey(id, Samples.sha256("key" + random.nextInt(3)), "Ed25519"));
    }
    return new Samples.FakePgp(
        keys, random.nextBoolean() ? List.of() : List.of(likely(likely), likely(likely)));
  }

  private Entry entry(List<String> likely) throws Exception {
    List<Signer> signers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      if (random.nextInt(3) == 0) {
        signers.add(keySigner(likely));
        continue;
      }
      Map<String, String> extensions = new HashMap<>();
      for (String oid : OIDS) {
        if (random.nextBoolean()) {
          extensions.put(oid, likely(likely));
        }
      }
      String[] names = new String[random.nextInt(4)];
      for (int n = 0; n < names.length; n++) {
        names[n] = likely(likely);
      }
      signers.add(
          Samples.certificate(random.nextBoolean() ? "" : likely(likely), extensions, names)
              .withDn(random.nextBoolean() ? "" : likely(likely)));
    }
    Map<String, String> pointers = new HashMap<>();
    String text = likely(likely);
    if (random.nextBoolean()) {
      pointers.put("/a/b", likely(likely));
      pointers.put("/c/0", likely(likely));
      text =
          new com.fasterxml.jackson.databind.ObjectMapper()
              .writeValueAsString(
                  Map.of(
                      "a", Map.of("b", pointers.get("/a/b")),
                      "c", List.of(pointers.get("/c/0"))));
    }
    SigningEvent event = Samples.event(text, signers.toArray(Signer[]::new));
    String decoded = new String(event.entry().toBytes(), StandardCharsets.UTF_8);
    return new Entry(event, decoded, pointers);
  }

  /// A value that a pattern was made from, or any.
  private String likely(List<String> likely) {
    if (likely.isEmpty() || random.nextInt(3) == 0) {
      return value(4);
    }
    String pattern = likely.get(random.nextInt(likely.size()));
    if (pattern.startsWith("re:")) {
      pattern = pattern.substring(3).replace("\\", "").replaceAll("[?+()|]|\\[a-e/]|:", "");
    }
    StringBuilder value = new StringBuilder();
    pattern
        .codePoints()
        .forEach(point -> {
          if (point == '*') {
            value.append(random.nextBoolean() ? "" : value(2));
          } else {
            value.appendCodePoint(point);
          }
        });
    return value.toString();
  }

  @Test
  void selects_what_the_definition_of_selectors_says() throws Exception {
    int selections = 0;
    for (int round = 0; round < 200; round++) {
      List<Watch> watches = new ArrayList<>();
      List<List<Definition>> definitions = new ArrayList<>();
      List<String> likely = new ArrayList<>();
      for (int w = 0; w < 40; w++) {
        List<Definition> own = new ArrayList<>();
        for (int s = random.nextInt(3); s >= 0; s--) {
          Definition definition = definition();
          own.add(definition);
          definition.wanted.forEach(wanted -> likely.add(wanted.pattern));
        }
        definitions.add(own);
        watches.add(
            Samples.watch(
                "w" + w, own.stream().map(MatchingTest::selector).toArray(Selector[]::new)));
      }
      Watches compiled = Watches.of(watches, new Allowlists(List.of()));
      for (int e = 0; e < 20; e++) {
        Entry entry = entry(likely);
        TreeSet<String> expected = new TreeSet<>();
        for (int w = 0; w < definitions.size(); w++) {
          if (definitions.get(w).stream().anyMatch(one -> selects(one, entry))) {
            expected.add("w" + w);
          }
        }
        TreeSet<String> selecting = new TreeSet<>(Samples.selecting(compiled, entry.event));
        for (int w = 0; w < definitions.size(); w++) {
          assertThat(selecting.contains("w" + w))
              .as("round %d: %s selects %s", round, definitions.get(w), entry)
              .isEqualTo(expected.contains("w" + w));
        }
        selections += expected.size();
      }
    }
    assertThat(selections).isGreaterThan(5_000);
  }
}
