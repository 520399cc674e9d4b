package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.Vectors;
import dev.sigwarden.bundle.LogVerdict.Promised;
import dev.sigwarden.bundle.LogVerdict.Proven;
import dev.sigwarden.bundle.LogVerdict.Refused;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bundles of the public instances, most of them with something wrong.
class BundleVectorsTest {
  private static final String NO_PROOF =
      "inclusion proof: missing (expected: one, since bundle version 0.2)";

  /// Those of which the log's part does not hold.
  private static final Map<String, String> NOT_LOGGED =
      Map.of(
          "bundle-with-bad-checkpoint-signature.sigstore",
          "checkpoint: signature of key rekor.sigstore.dev+c0d23d6a: the signature does not verify",
          "bundle-with-mismatched-set.sigstore",
          "signed entry timestamp: not the log's over this entry, index and time",
          "bundle.v2.no.inclusion.sigstore",
          NO_PROOF,
          "bundle.v3.no.inclusion.sigstore",
          NO_PROOF,
          "bundle.v3_1.no.inclusion.sigstore",
          NO_PROOF);

  /// Those that a log holds and that are wrong all the same.
  private static final Map<String, String> OTHERWISE_WRONG =
      Map.of(
          "bundle-with-expired-cert.sigstore", "time: signed at 2026-05-07T15:34:11Z",
          "bundle-with-wrong-tlog-entry.sigstore", "entry: of another artifact",
          "bundle.dsse.bad-signature.sigstore", "entry: of another signature",
          "bundle.dsse.mismatched-envelope.sigstore", "entry: of another payload",
          "bundle.dsse.mismatched-signature.sigstore", "entry: of another signature",
          "bundle.dsse.rekor-v2.bad-signature.sigstore", "entry: of another signature",
          "bundle.dsse.rekor-v2.mismatched-envelope.sigstore", "entry: of another payload",
          "bundle.dsse.rekor-v2.mismatched-signature.sigstore", "entry: of another signature",
          "dsse-2sigs.sigstore.json", "envelope: 2 signatures",
          "bundle-publish.json", "signer: a key that the bundle does not hold");

  private static Path rekor(String path) {
    return Vectors.dir("rekor").resolve(path);
  }

  private static TrustedRoot root(Path file) throws IOException, RefusedException {
    return TrustedRoot.parse(Files.readAllBytes(file));
  }

  private static List<TrustedRoot> roots() throws IOException, RefusedException {
    Path sigstore = Vectors.dir("sigstore-root");
    return List.of(
        root(sigstore.resolve("public-good/trusted_root.json")),
        root(sigstore.resolve("staging/trusted_root.json")),
        root(rekor("sigstore-go/trusted-roots/scaffolding.json")));
  }

  /// The bundles by name; without those that no log is asked to hold.
  private static Map<String, SigstoreBundle> bundles() throws IOException, RefusedException {
    Map<String, SigstoreBundle> bundles = new TreeMap<>();
    for (String folder : List.of("sigstore-java/bundles", "sigstore-go/bundles", "sigstore-go")) {
      List<Path> files;
      try (Stream<Path> found = Files.list(rekor(folder))) {
        files = found.filter(Files::isRegularFile).toList();
      }
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        if (SigstoreBundle.isOne(bytes) && !file.endsWith("public-key-validity.sigstore.json")) {
          bundles.put(file.getFileName().toString(), SigstoreBundle.parse(bytes));
        }
      }
    }
    return bundles;
  }

  /// What the root that names the bundle's log makes of it.
  private static BundleVerdict verdict(SigstoreBundle bundle, Set<Digest> artifact)
      throws IOException, RefusedException {
    List<BundleVerdict> verdicts = new ArrayList<>();
    for (TrustedRoot root : roots()) {
      BundleVerdict verdict = new BundleCheck(root).check(bundle, artifact);
      if (!verdict.logs().toString().contains("one of the trusted root's")) {
        verdicts.add(verdict);
      }
    }
    assertThat(verdicts).hasSize(1);
    return verdicts.getFirst();
  }

  @Test
  void logs_part_is_refused_with_its_reason_where_it_does_not_hold_and_accepted_elsewhere()
      throws IOException, RefusedException {
    Map<String, SigstoreBundle> bundles = bundles();
    assertThat(bundles).hasSize(37).containsKeys(NOT_LOGGED.keySet().toArray(String[]::new));
    for (var bundle : bundles.entrySet()) {
      List<LogVerdict> logs = verdict(bundle.getValue(), Set.of()).logs();

      assertThat(logs).hasSize(1);
      String refusal = NOT_LOGGED.get(bundle.getKey());
      switch (logs.getFirst()) {
        case Refused(String why) -> assertThat(why).as(bundle.getKey()).isEqualTo(refusal);
        case Proven _, Promised _ -> assertThat(refusal).as(bundle.getKey()).isNull();
      }
    }
  }

  @Test
  void bundle_is_accepted_unless_something_is_wrong_with_it() throws IOException, RefusedException {
    for (var bundle : bundles().entrySet()) {
      BundleVerdict verdict = verdict(bundle.getValue(), Set.of());
      String wrong = OTHERWISE_WRONG.getOrDefault(bundle.getKey(), "");

      if (!wrong.isEmpty()) {
        assertThat(verdict.problems().getFirst()).as(bundle.getKey()).startsWith(wrong);
      } else if (!NOT_LOGGED.containsKey(bundle.getKey())) {
        assertThat(verdict.problems()).as(bundle.getKey()).isEmpty();
        assertThat(verdict.accepted()).as(bundle.getKey()).isTrue();
      }
    }
  }

  @Test
  void bundle_is_of_the_artifact_that_was_signed_and_of_no_other()
      throws IOException, RefusedException {
    byte[] artifact = Files.readAllBytes(rekor("sigstore-java/bundles/artifact.txt"));
    Set<Digest> right = Set.of(Digest.sha256(artifact, 0, artifact.length));
    Set<Digest> wrong = Set.of(Digest.sha256(artifact, 0, artifact.length - 1));
    for (String name :
        List.of(
            "bundle.v1.sigstore", "bundle-no-digest.sigstore", "bundle.dsse.rekor-v2.sigstore")) {
      SigstoreBundle bundle = bundles().get(name);

      assertThat(verdict(bundle, right).problems()).as(name).isEmpty();
      assertThat(verdict(bundle, wrong).problems())
          .singleElement()
          .asString()
          .startsWith("artifact: ");
    }
  }

  @Test
  void checkpoints_that_are_none_prove_nothing() throws IOException, RefusedException {
    LogCheck check = new LogCheck(roots().getFirst());
    ObjectNode bundle =
        (ObjectNode)
            new JsonMapper()
                .readTree(Files.readAllBytes(rekor("sigstore-java/bundles/bundle.v3.sigstore")));
    List<Path> files;
    try (Stream<Path> found = Files.list(rekor("sigstore-java/checkpoints"))) {
      files = found.filter(file -> file.getFileName().toString().startsWith("error_")).toList();
    }
    assertThat(files).hasSize(7);
    for (Path file : files) {
      ((ObjectNode) TestBundle.proof(bundle).get("checkpoint"))
          .put("envelope", Files.readString(file));
      SigstoreBundle parsed = TestBundle.parse(bundle);

      assertThat(check.check(parsed.entries().getFirst(), parsed.version()))
          .as(file.getFileName().toString())
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.why()).startsWith("checkpoint: not a checkpoint: "));
    }
  }
}
