package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.bundle.BundleCheck;
import dev.sigwarden.bundle.BundleVerdict;
import dev.sigwarden.bundle.LogVerdict;
import dev.sigwarden.bundle.SigstoreBundle;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.Trust;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.verify.SplitViewJson;
import dev.sigwarden.watch.ExpectedIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden verify`: whether a Sigstore bundle, a signed statement, or the evidence of a log's
/// misbehaviour proves what it says, offline.
@Command(
    name = "verify",
    description = {
      "Check offline a Sigstore bundle, a signed statement, or the evidence that a log lied.",
      "Of a bundle: that a log of the trusted root holds its signature, that an",
      "authority of the trusted root vouches for its certificate, that the signature was made while",
      "the certificate was valid, and that all of it is of the same artifact.",
      "",
      "Or a signed statement (COSE_Sign1, SCITT): that it is its issuer's, that a receipt of a service",
      "whose key is in --keys proves it to be in a ledger, and that it is what the options ask for.",
      "",
      "Or evidence that a log signed two heads that no one history has.",
      "",
      "Nothing is fetched. The answer is JSON on stdout.",
      "",
      "PATTERN is as in watches: the whole value, with * for anything, or re: and an expression."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 everything holds (of evidence: the log misbehaved), 1 refused (certificate,",
      "identity, signature, time, artifact, or nothing of these kinds), 2 usage, 3 refused since the",
      "log's part does not hold, 4 operational, 5 neither proven nor disproven: a key is missing, a",
      "receipt, or a form is not known."
    })
final class Verify implements Callable<Integer> {
  /// Bytes of an artifact that are read at once.
  private static final int BUFFER = 1 << 16;

  /// The longest file of any kind.
  private static final int MAX_BYTES = Math.max(SigstoreBundle.MAX_BYTES, SplitViewJson.MAX_BYTES);

  /// What the positional file may be.
  private static final String EXPECTED = "a bundle, a signed statement, or evidence";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "A bundle of version 0.1 to 0.3, a signed statement, or the split-view.json of a finding"
              + " that a log forked or went back.")
  private @Nullable Path file;

  @Option(names = "--bundle", paramLabel = "FILE", description = "A bundle and nothing else.")
  private @Nullable Path bundle;

  @Option(
      names = "--key",
      paramLabel = "VKEY",
      description = "The key that the log of evidence is known by; without it, whatever it names.")
  private @Nullable String key;

  @Option(
      names = "--artifact",
      paramLabel = "FILE",
      description = "What the bundle has to be of; without it, whatever the bundle is of will do.")
  private @Nullable Path artifact;

  @Option(
      names = "--identity",
      paramLabel = "PATTERN",
      description = "Whom the certificate has to name: an e-mail address, a workflow, a URI.")
  private @Nullable String identity;

  @Option(
      names = "--issuer",
      paramLabel = "PATTERN",
      description =
          "Who has to have said so: the OIDC issuer in the certificate, or the issuer of the"
              + " statement.")
  private @Nullable String issuer;

  @Mixin private final StatementOptions statements = new StatementOptions();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = "The trusted_root.json to check by (default: --trust of the configuration).")
  private @Nullable Path trustedRoot;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration (default: ${DEFAULT-VALUE}).",
      defaultValue = Configuration.DEFAULT_FILE)
  private Path config = Path.of("");

  @Option(
      names = "--trust",
      paramLabel = "NAME",
      description =
          "A section of the configuration's trust (default: the only one). What the daemon verified"
              + " last counts.")
  private @Nullable String trust;

  @Override
  public Integer call() throws CommandFailure {
    if ((file == null) == (bundle == null)) {
      throw new CommandFailure(Exit.USAGE, "FILE and --bundle (expected: one of them)");
    }
    if (bundle != null) {
      return bundle(BoundedFile.read(bundle, SigstoreBundle.MAX_BYTES, "a bundle"));
    }
    byte[] bytes = BoundedFile.read(Objects.requireNonNull(file), MAX_BYTES, EXPECTED);
    if (bytes.length == 0 || bytes[0] != '{') {
      return statement(bytes);
    }
    return SplitViewJson.claims(bytes) ? evidence(bytes) : bundle(bytes);
  }

  private int evidence(byte[] bytes) throws CommandFailure {
    if (statements.given() || ofBundle() || issuer != null || artifact != null) {
      throw new CommandFailure(Exit.USAGE, "options (expected: of evidence only --key)");
    }
    return VerifyEvidence.verify(bytes, key);
  }

  private int statement(byte[] bytes) throws CommandFailure {
    if (ofBundle() || key != null) {
      throw new CommandFailure(
          Exit.USAGE,
          "--identity, --trusted-root, --trust and --key are not of statements (expected: --issuer)");
    }
    Set<Digest> digests = artifact == null ? Set.of() : digests(artifact);
    ObjectNode answer = EventJson.JSON.createObjectNode();
    int exit = new VerifyStatement(statements, issuer, digests).verify(answer, bytes);
    System.out.println(answer.toPrettyString());
    return exit;
  }

  private boolean ofBundle() {
    return identity != null || trustedRoot != null || trust != null;
  }

  private int bundle(byte[] bytes) throws CommandFailure {
    if (statements.given() || key != null) {
      throw new CommandFailure(
          Exit.USAGE,
          "--keys, --receipt, --signer-key, --feed, --min-svn and --leaf are of statements, --key"
              + " of evidence");
    }
    ExpectedIdentity expected = expected();
    Trust.InForce root = root();
    Set<Digest> digests = artifact == null ? Set.of() : digests(artifact);
    ObjectNode answer = EventJson.JSON.createObjectNode();
    int exit = verify(answer, bytes, root, digests, expected);
    System.out.println(answer.toPrettyString());
    return exit;
  }

  private static int verify(
      ObjectNode answer,
      byte[] bytes,
      Trust.InForce root,
      Set<Digest> artifact,
      ExpectedIdentity expected) {
    SigstoreBundle bundle;
    try {
      bundle = SigstoreBundle.parse(bytes);
    } catch (RefusedException e) {
      answer.put("verdict", "refused");
      answer.putArray("because").add(Sanitizer.clean(e.getMessage(), EventJson.MAX_WHY));
      return Exit.FINDINGS;
    }
    BundleVerdict verdict = new BundleCheck(root.root()).check(bundle, artifact);
    List<String> because = because(bundle, verdict, expected);
    boolean accepted = verdict.accepted() && because.isEmpty();
    answer.put("verdict", accepted ? "accepted" : "refused");
    ArrayNode reasons = answer.putArray("because");
    because.forEach(reason -> reasons.add(Sanitizer.clean(reason, EventJson.MAX_WHY)));
    answer.put("bundle", "0." + bundle.version());
    ArrayNode logs = answer.putArray("logs");
    verdict.logs().forEach(log -> EventJson.log(logs.addObject(), log));
    ArrayNode times = answer.putArray("times");
    verdict.times().forEach(time -> times.add(time.toString()));
    if (bundle.signer() instanceof Material.Certified(CertificateSigner certificate)) {
      ObjectNode signer = answer.putObject("signer");
      EventJson.signer(signer, certificate);
      EventJson.trust(signer, verdict.certificate());
    }
    if (root.expires().isBefore(Instant.now())) {
      answer.put("trustedRootExpired", root.expires().toString());
    }
    if (!verdict.logged()) {
      return Exit.MISBEHAVED;
    }
    return accepted ? Exit.OK : Exit.FINDINGS;
  }

  /// All that does not hold; empty if the bundle is accepted.
  private static List<String> because(
      SigstoreBundle bundle, BundleVerdict verdict, ExpectedIdentity expected) {
    List<String> because = new ArrayList<>();
    for (LogVerdict log : verdict.logs()) {
      if (log instanceof LogVerdict.Refused(String why)) {
        because.add("log: " + why);
      }
    }
    if (verdict.certificate() instanceof CertificateTrust.UnverifiedClaim(String reason)) {
      because.add("certificate: " + reason);
    }
    because.addAll(verdict.problems());
    if (bundle.signer() instanceof Material.Certified(CertificateSigner certificate)) {
      because.addAll(expected.differences(certificate));
    }
    return because;
  }

  private ExpectedIdentity expected() throws CommandFailure {
    if (identity != null && issuer == null) {
      System.err.println(
          "sigwarden: no --issuer: whoever the authority asked for the name will do");
    }
    try {
      return ExpectedIdentity.of(identity, issuer);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(Exit.USAGE, "--" + e.getMessage());
    }
  }

  private Trust.InForce root() throws CommandFailure {
    if (trustedRoot != null) {
      try {
        byte[] bytes = BoundedFile.read(trustedRoot, TrustedRoot.MAX_BYTES, "a trusted root");
        return new Trust.InForce(TrustedRoot.parse(bytes), Instant.MAX);
      } catch (RefusedException e) {
        throw new CommandFailure(Exit.USAGE, trustedRoot + ": " + e.getMessage());
      }
    }
    if (!Files.exists(config)) {
      throw new CommandFailure(
          Exit.USAGE,
          "no trusted root to check by: there is no configuration %s (expected: --trusted-root, or"
                  .formatted(config)
              + " --config of a daemon)");
    }
    Configuration.Looking configuration = Config.look(config);
    Set<String> names = configuration.trusts().keySet();
    String name = trust == null && names.size() == 1 ? names.iterator().next() : trust;
    if (name == null || !names.contains(name)) {
      throw new CommandFailure(
          Exit.USAGE,
          "--trust %s (expected: one of %s, or --trusted-root)"
              .formatted(name == null ? "is missing" : name, names));
    }
    return Config.trusts(configuration)
        .inForce(name)
        .orElseThrow(() ->
            new CommandFailure(
                Exit.OPERATIONAL,
                "trust %s: no trusted root was ever verified here; `run` does that"
                    .formatted(name)));
  }

  private static Set<Digest> digests(Path artifact) throws CommandFailure {
    try (InputStream in = Files.newInputStream(artifact)) {
      Map<Digest.Algorithm, MessageDigest> hashes = new EnumMap<>(Digest.Algorithm.class);
      hashes.put(Digest.Algorithm.SHA256, MessageDigest.getInstance("SHA-256"));
      hashes.put(Digest.Algorithm.SHA384, MessageDigest.getInstance("SHA-384"));
      hashes.put(Digest.Algorithm.SHA512, MessageDigest.getInstance("SHA-512"));
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (MessageDigest hash : hashes.values()) {
          hash.update(buffer, 0, read);
        }
      }
      Set<Digest> digests = new HashSet<>();
      hashes.forEach((algorithm, hash) -> digests.add(Digest.of(algorithm, hash.digest())));
      return digests;
    } catch (IOException e) {
      throw BoundedFile.failure(artifact, e, "an artifact");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-2", e);
    }
  }
}
