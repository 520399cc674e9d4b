package dev.sigwarden.watch;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.watch.Criterion.Trait;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Events, selectors and watches to test with.
final class Samples {
  static final String GITHUB = "https://token.actions.githubusercontent.com";
  static final String RUNNER = "1.3.6.1.4.1.57264.1.11";
  static final String REPOSITORY = "1.3.6.1.4.1.57264.1.12";

  private Samples() {}

  /// A certificate that says what it is told to.
  record FakeCertificate(
      List<SubjectName> subjects, String issuer, Map<String, String> extensions, String subjectDn)
      implements CertificateSigner {
    FakeCertificate withDn(String name) {
      return new FakeCertificate(subjects, issuer, extensions, name);
    }

    @Override
    public String issuerDn() {
      return "";
    }

    @Override
    public String serial() {
      return "01";
    }

    @Override
    public Instant notBefore() {
      return Instant.EPOCH;
    }

    @Override
    public Instant notAfter() {
      return Instant.EPOCH;
    }

    @Override
    public List<String> oddities() {
      return List.of();
    }

    @Override
    public byte[] toDer() {
      return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Digest certificateSha256() {
      return sha256(toString());
    }

    @Override
    public Digest keySha256() {
      return sha256("key of " + this);
    }
  }

  /// An OpenPGP key with these keys and user ids, none of which it vouches for.
  record FakePgp(List<PgpKey> keys, List<String> userIds) implements PgpSigner {
    @Override
    public List<PgpUserId> checkedUserIds() {
      return userIds.stream().map(text -> new PgpUserId(text, Proof.NOT_SELF_SIGNED)).toList();
    }
  }

  /// An OpenPGP key whose keys have these seeds, of which their fingerprints are made too.
  static FakePgp pgp(List<String> seeds, String... userIds) {
    return new FakePgp(
        seeds.stream()
            .map(seed ->
                new PgpSigner.PgpKey(
                    new KeyId(KeyId.Scheme.PGP, fingerprint(seed)), sha256(seed), "Ed25519"))
            .toList(),
        List.of(userIds));
  }

  /// 40 hex digits.
  static String fingerprint(String seed) {
    return sha256("fingerprint of " + seed).toHex().substring(0, 40);
  }

  static Criterion keyId(KeyId.Scheme scheme, String pattern) {
    return criterion(Trait.KEY_ID, scheme.label(), pattern);
  }

  static Digest sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Digest.sha256(bytes, 0, bytes.length);
  }

  static FakeCertificate certificate(
      String issuer, Map<String, String> extensions, String... names) {
    return new FakeCertificate(
        Arrays.stream(names).map(name -> new SubjectName(SubjectName.Kind.URI, name)).toList(),
        issuer,
        extensions,
        "");
  }

  static FakeCertificate certificate(String issuer, String... names) {
    return certificate(issuer, Map.of(), names);
  }

  static KeySigner key(String seed) {
    return new KeySigner(sha256(seed), "Ed25519");
  }

  static SigningEvent event(String entry, Signer... signers) {
    EntryBytes bytes = entry(entry);
    return new SigningEvent(
        "raw",
        "",
        List.of(signers),
        List.of(new ArtifactDigest(sha256(entry), ArtifactDigest.Role.ENTRY)),
        bytes);
  }

  static SigningEvent event(Signer... signers) {
    return event("entry", signers);
  }

  /// The text's bytes in the middle of a larger buffer.
  static EntryBytes entry(String text) {
    return entry(text.getBytes(StandardCharsets.UTF_8));
  }

  static EntryBytes entry(byte[] bytes) {
    byte[] buffer = new byte[bytes.length + 7];
    Arrays.fill(buffer, (byte) 'x');
    System.arraycopy(bytes, 0, buffer, 3, bytes.length);
    return new EntryBytes(buffer, 3, bytes.length);
  }

  static Criterion criterion(Trait trait, String parameter, String pattern) {
    try {
      return new Criterion(trait, parameter, ValuePattern.of(pattern));
    } catch (MalformedPatternException e) {
      throw new AssertionError(pattern, e);
    }
  }

  static Criterion subject(String pattern) {
    return criterion(Trait.SUBJECT, "", pattern);
  }

  static Criterion issuer(String pattern) {
    return criterion(Trait.ISSUER, "", pattern);
  }

  static Criterion text(String pattern) {
    return criterion(Trait.TEXT, "", pattern);
  }

  static Criterion pointer(String pointer, String pattern) {
    return criterion(Trait.POINTER, pointer, pattern);
  }

  static Criterion extension(String oid, String pattern) {
    return criterion(Trait.EXTENSION, oid, pattern);
  }

  static Selector selector(Criterion... criteria) {
    return new Selector(Arrays.toString(criteria), Set.of(), Optional.empty(), List.of(criteria));
  }

  static Selector ofKey(Digest key, Criterion... criteria) {
    return new Selector("key", Set.of(key), Optional.empty(), List.of(criteria));
  }

  static Selector ofCertificate(Digest certificate) {
    return new Selector("cert", Set.of(), Optional.of(certificate), List.of());
  }

  static Watch watch(String name, Selector... selectors) {
    return watch(name, Optional.empty(), selectors);
  }

  static Watch watch(String name, Optional<Expectation> expectation, Selector... selectors) {
    return new Watch(
        name,
        Severity.HIGH,
        "",
        "",
        List.of(selectors),
        expectation,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  static Watches watches(Watch... watches) {
    return Watches.of(List.of(watches), new Allowlists(List.of()));
  }

  static Allowlists allowlists(Path... files) {
    Allowlists allowlists =
        new Allowlists(
            Arrays.stream(files)
                .map(file ->
                    Allowlist.of(
                        file.getFileName().toString().replace(".txt", ""), file, Clock.systemUTC()))
                .toList());
    allowlists.refresh();
    return allowlists;
  }

  /// The names of the watches that select the event.
  static List<String> selecting(Watches watches, SigningEvent event) {
    return watches.select(event).stream().map(hit -> hit.watch().name()).toList();
  }
}
