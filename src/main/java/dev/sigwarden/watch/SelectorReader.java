package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.StatementSigner.Claim;
import dev.sigwarden.entry.x509.FulcioExtension;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.watch.Criterion.Trait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads one item of a watch's `identities`.
final class SelectorReader {
  private static final String VALUE_FORMS = "a value, a glob with *, or re: and an RE2 expression";

  /// An OID below Fulcio's arc: the only extensions that are kept of a certificate.
  private static final Pattern FULCIO_OID =
      Pattern.compile(Pattern.quote(FulcioExtension.ARC) + "\\.(0|[1-9][0-9]{0,8})");

  /// RFC 6901 section 3; the pointer to the whole document is no use here. Possessive: what may
  /// give back takes a stack frame for each character.
  private static final Pattern POINTER = Pattern.compile("(?:/(?:[^~/]++|~[01])*+)++");

  /// Characters of a JSON pointer.
  private static final int MAX_POINTER = 1_024;

  private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");

  private final Section section;
  private final List<String> warnings;
  private final List<Criterion> criteria = new ArrayList<>();
  private final List<String> label = new ArrayList<>();
  private boolean broken;

  SelectorReader(Section section, List<String> warnings) {
    this.section = section;
    this.warnings = warnings;
  }

  /// The selector; one that selects nothing if there was a problem.
  Selector read() {
    section
        .optionalText("subject", "any subject alternative name of the certificate: " + VALUE_FORMS)
        .ifPresent(value -> criterion("subject", Trait.SUBJECT, "", value));
    section
        .optionalText(
            "issuer",
            "the OIDC issuer in the certificate, or the issuer of a signed statement: "
                + VALUE_FORMS)
        .ifPresent(value -> criterion("issuer", Trait.ISSUER, "", value));
    claim(Claim.DID, "a part of a statement issuer's DID: its authority, or one of its policies");
    claim(Claim.FEED, "what a signed statement is about: its subject");
    claim(Claim.EKU, "an extended key usage of the certificate of a signed statement: an OID");
    section
        .textMap("extensions", "Fulcio extensions by name or OID: " + VALUE_FORMS)
        .forEach(this::extension);
    section
        .optionalText(
            "subject-dn",
            "the subject's distinguished name (RFC 2253) in the certificate: " + VALUE_FORMS)
        .ifPresent(value -> criterion("subject-dn", Trait.SUBJECT_DN, "", value));
    NameKey.all().forEach(this::name);
    section
        .optionalText(
            "user-id", "any user id of an OpenPGP key, self-signed or not: " + VALUE_FORMS)
        .ifPresent(value -> criterion("user-id", Trait.USER_ID, "", value));
    KeyIdForm.all().forEach(this::keyId);
    section
        .optionalText("text", "the whole entry as text: " + VALUE_FORMS)
        .ifPresent(value -> criterion("text", Trait.TEXT, "", value));
    section
        .textMap("pointer", "scalars of a JSON entry by JSON pointer: " + VALUE_FORMS)
        .forEach(this::pointer);
    Optional<Digest> key = fingerprint("key-sha256", "the SHA-256 of the public key (SPKI)");
    Set<Digest> fileKeys = keyFile();
    if (key.isPresent() && !fileKeys.isEmpty()) {
      section.problem("key-file", "beside key-sha256", "one of them");
    }
    Optional<Digest> certificate =
        fingerprint("certificate-sha256", "the SHA-256 of the certificate");
    Selector selector =
        new Selector(
            String.join(", ", label), key.map(Set::of).orElse(fileKeys), certificate, criteria);
    check(selector);
    return broken ? new Selector("", Set.of(), Optional.empty(), List.of()) : selector;
  }

  private void check(Selector selector) {
    if (broken) {
      return;
    }
    if (selector.isEmpty()) {
      problem(
          "subject",
          "nothing to select by",
          "dns, ip, email, uri, subject, issuer, did, feed, eku, extensions, subject-dn, user-id, key-sha256, key-file, %s, "
                  .formatted(
                      KeyIdForm.all().stream()
                          .map(KeyIdForm::key)
                          .collect(Collectors.joining(", ")))
              + "certificate-sha256, text or pointer");
      return;
    }
    boolean everything =
        selector.keys().isEmpty()
            && selector.certificate().isEmpty()
            && criteria.stream().allMatch(criterion -> criterion.pattern().matchesEverything());
    if (everything) {
      problem(key(criteria.getFirst()), "a pattern that fits everything", "something narrower");
      return;
    }
    warn(selector);
  }

  private void warn(Selector selector) {
    boolean subject = has(Trait.SUBJECT);
    boolean issuer =
        has(Trait.ISSUER)
            || criteria.stream()
                .map(Criterion::parameter)
                .anyMatch(oid ->
                    oid.equals(FulcioExtension.ISSUER_V1.oid())
                        || oid.equals(FulcioExtension.ISSUER_V2.oid()));
    boolean pinned = !selector.keys().isEmpty() || selector.certificate().isPresent();
    if (subject && !issuer && !pinned) {
      warnings.add(
          section.path()
              + ": subject without issuer: anyone may claim it with an issuer of theirs");
    }
    boolean feed = criteria.stream().anyMatch(one -> one.parameter().equals(Claim.FEED.label()));
    if (feed && criteria.size() == 1 && !pinned) {
      warnings.add(section.path() + ": feed without issuer: anyone may issue statements about it");
    }
    if (has(Trait.USER_ID) && !pinned && !has(Trait.KEY_ID)) {
      warnings.add(
          section.path() + ": user-id without a fingerprint: anyone may put it on a key of theirs");
    }
    boolean lookedUp =
        pinned
            || criteria.stream()
                .flatMap(criterion -> SelectorKey.of(criterion).stream())
                .anyMatch(key -> !key.isResidual());
    if (!lookedUp) {
      warnings.add(
          section.path()
              + ": no value has %d plain characters in a row, so every entry is tried on it"
                  .formatted(Literals.MIN_CHARS));
    }
  }

  private boolean has(Trait trait) {
    return criteria.stream().anyMatch(criterion -> criterion.trait() == trait);
  }

  private static String key(Criterion criterion) {
    return switch (criterion.trait()) {
      case SUBJECT -> "subject";
      case ISSUER -> "issuer";
      case EXTENSION -> "extensions";
      case POINTER -> "pointer";
      case TEXT -> "text";
      case SUBJECT_DN -> "subject-dn";
      case DNS, IP, EMAIL, URI -> criterion.trait().name().toLowerCase(Locale.ROOT);
      case USER_ID -> "user-id";
      case KEY_ID, CLAIM -> criterion.parameter();
    };
  }

  private void problem(String key, String found, String expected) {
    section.problem(key, found, expected);
    broken = true;
  }

  private void criterion(String key, Trait trait, String parameter, String value) {
    Optional<ValuePattern> pattern = pattern(section, key, value);
    broken |= pattern.isEmpty();
    pattern.ifPresent(read -> criteria.add(new Criterion(trait, parameter, read)));
    label.add(
        (trait == Trait.EXTENSION || trait == Trait.POINTER ? parameter : key) + ": " + value);
  }

  private void claim(Claim claim, String meaning) {
    section
        .optionalText(claim.label(), meaning + ": " + VALUE_FORMS)
        .ifPresent(value -> criterion(claim.label(), Trait.CLAIM, claim.label(), value));
  }

  private void keyId(KeyIdForm form) {
    Optional<String> written = section.optionalText(form.key(), form.meaning());
    if (written.isEmpty()) {
      return;
    }
    label.add(form.key() + ": " + written.get());
    form.read(written.get())
        .ifPresentOrElse(
            id -> criteria.add(new Criterion(Trait.KEY_ID, form.key(), new ValuePattern.Exact(id))),
            () -> problem(form.key(), written.get(), form.expected()));
  }

  private void name(NameKey name) {
    Optional<String> written = section.optionalText(name.key(), name.meaning());
    if (written.isEmpty()) {
      return;
    }
    label.add(name.key() + ": " + written.get());
    name.pattern(written.get())
        .ifPresentOrElse(
            pattern -> criteria.add(new Criterion(name.trait(), "", pattern)),
            () -> problem(name.key(), written.get(), name.expected()));
  }

  private void extension(String name, String value) {
    Optional<String> oid = oid(name);
    if (oid.isEmpty()) {
      unknownExtension(section, "extensions", name);
      broken = true;
      return;
    }
    criterion("extensions", Trait.EXTENSION, oid.get(), value);
    label.set(label.size() - 1, name + ": " + value);
  }

  private void pointer(String pointer, String value) {
    if (pointer.length() > MAX_POINTER || !POINTER.matcher(pointer).matches()) {
      problem("pointer", pointer, "a JSON pointer such as /subject/name (RFC 6901)");
      return;
    }
    criterion("pointer", Trait.POINTER, pointer, value);
  }

  private Optional<Digest> fingerprint(String key, String meaning) {
    Optional<String> written = section.optionalText(key, meaning + ", 64 hex digits");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    label.add(key + ": " + written.get());
    // As openssl (with colons) and as sigwarden itself print it.
    String hex = written.get().toLowerCase(Locale.ROOT);
    hex = (hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex).replace(":", "");
    if (!SHA256_HEX.matcher(hex).matches()) {
      problem(key, written.get(), meaning + ", 64 hex digits");
      return Optional.empty();
    }
    return Optional.of(Digest.of(Digest.Algorithm.SHA256, HexFormat.of().parseHex(hex)));
  }

  private Set<Digest> keyFile() {
    String meaning = "a file with " + KeyFile.EXPECTED;
    Optional<Path> path = section.optionalPath("key-file", meaning);
    if (path.isEmpty()) {
      return Set.of();
    }
    label.add("key-file: " + path.get().getFileName());
    // A file that cannot be read was noted as a problem already.
    Optional<String> text = section.optionalFile("key-file", meaning);
    if (text.isEmpty()) {
      broken = true;
      return Set.of();
    }
    try {
      return KeyFile.keySha256s(text.get());
    } catch (MalformedKeyException e) {
      problem("key-file", String.valueOf(e.getMessage()), meaning);
      return Set.of();
    }
  }

  /// The pattern that a value of `key` is; empty and a problem if it is none.
  static Optional<ValuePattern> pattern(Section section, String key, String value) {
    try {
      return Optional.of(ValuePattern.of(value));
    } catch (MalformedPatternException e) {
      section.problem(key, String.valueOf(e.getMessage()), VALUE_FORMS);
      return Optional.empty();
    }
  }

  /// The OID of an extension given by name or OID; empty if it is neither.
  static Optional<String> oid(String nameOrOid) {
    return FulcioExtension.named(nameOrOid)
        .map(FulcioExtension::oid)
        .or(() -> Optional.of(nameOrOid).filter(oid -> FULCIO_OID.matcher(oid).matches()));
  }

  static void unknownExtension(Section section, String key, String name) {
    List<String> names =
        Arrays.stream(FulcioExtension.values()).map(FulcioExtension::configName).toList();
    section.problem(
        key,
        name + Nearest.hint(name, names),
        "a Fulcio extension's name, or an OID under " + FulcioExtension.ARC);
  }
}
