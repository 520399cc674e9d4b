package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.entry.SubjectName;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Whom or what a watch looks for: all of its criteria have to hold for the same signer of an
/// event, or for the entry itself where they ask for text.
///
/// @param label the selector in the operator's words
/// @param keys SHA-256s of public keys, one of which has to be the signer's; empty if not asked for
/// @param certificate the SHA-256 of the signer's certificate, if asked for
/// @param criteria what else is asked for; at most one of them of the subject
record Selector(
    String label, Set<Digest> keys, Optional<Digest> certificate, List<Criterion> criteria) {
  /// OID of the older form of the issuer extension. fulcio/docs/oid-info.md.
  static final String ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";

  Selector {
    keys = Set.copyOf(keys);
    criteria = List.copyOf(criteria);
    if (criteria.stream().filter(one -> one.trait() == Criterion.Trait.SUBJECT).count() > 1) {
      throw new IllegalArgumentException(
          "criteria: several of the subject (expected: at most one)");
    }
  }

  /// Whether nothing is asked; such a selector selects nothing.
  boolean isEmpty() {
    return keys.isEmpty() && certificate.isEmpty() && criteria.isEmpty();
  }

  /// Whether anything is asked of a signer.
  boolean needsSigner() {
    return !keys.isEmpty()
        || certificate.isPresent()
        || criteria.stream().anyMatch(criterion -> criterion.trait().ofSigner());
  }

  /// Whether anything is asked that only a certificate has.
  boolean needsCertificate() {
    return certificate.isPresent()
        || criteria.stream().anyMatch(criterion -> criterion.trait().ofCertificate());
  }

  /// Whether the selector may select a certificate of this subject and issuer, as far as its names
  /// tell: keys last as long as such a certificate, and what else a certificate says is not known
  /// before it is there.
  boolean mayBe(String subject, String issuer) {
    if (!keys.isEmpty() || certificate.isPresent()) {
      return false;
    }
    boolean named = false;
    for (Criterion criterion : criteria) {
      ValuePattern pattern = criterion.pattern();
      boolean ofSubject =
          switch (criterion.trait()) {
            case SUBJECT, URI, EMAIL -> true;
            case ISSUER, EXTENSION, SUBJECT_DN, DNS, IP, USER_ID, KEY_ID, CLAIM, POINTER, TEXT ->
                false;
          };
      if (ofSubject
          ? !pattern.matches(subject)
          : criterion.asksIssuer() && !pattern.matches(issuer)) {
        return false;
      }
      named |= ofSubject || criterion.asksIssuer();
    }
    return named;
  }

  /// Whether the selector selects this signer of this entry.
  ///
  /// @param signer null to ask a selector that needs none
  /// @param subject the only name of the signer that counts; null if all do
  boolean selects(@Nullable Signer signer, RawEntry entry, @Nullable String subject) {
    if (isEmpty() || (signer == null && needsSigner())) {
      return false;
    }
    if (signer != null && !fingerprintsFit(signer)) {
      return false;
    }
    for (Criterion criterion : criteria) {
      boolean fits =
          criterion.trait().ofSigner()
              ? signer != null && fits(criterion, signer, subject)
              : fits(criterion, entry);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean fingerprintsFit(Signer signer) {
    if (!keys.isEmpty() && !hasKey(signer)) {
      return false;
    }
    return certificate.isEmpty()
        || switch (signer) {
          case CertificateSigner known -> certificate.get().equals(known.certificateSha256());
          case StatementSigner statement ->
              statement
                  .certificate()
                  .filter(known -> certificate.get().equals(known.certificateSha256()))
                  .isPresent();
          case KeySigner _, PgpSigner _ -> false;
        };
  }

  private boolean hasKey(Signer signer) {
    return switch (signer) {
      case PgpSigner pgp -> pgp.keys().stream().anyMatch(key -> keys.contains(key.keySha256()));
      case CertificateSigner _, KeySigner _, StatementSigner _ -> keys.contains(signer.keySha256());
    };
  }

  private static boolean fits(Criterion criterion, Signer signer, @Nullable String subject) {
    if (criterion.trait() == Criterion.Trait.KEY_ID) {
      return signer.keyIds().stream()
          .anyMatch(id ->
              id.scheme().label().equals(criterion.parameter())
                  && criterion.pattern().matches(id.value()));
    }
    return switch (signer) {
      case CertificateSigner certificate -> fits(criterion, certificate, subject);
      case PgpSigner pgp ->
          criterion.trait() == Criterion.Trait.USER_ID
              && pgp.userIds().stream().anyMatch(criterion.pattern()::matches);
      case StatementSigner statement -> fits(criterion, statement, subject);
      case KeySigner _ -> false;
    };
  }

  /// The issuer of a statement is the one that it names, whatever its certificate says of another.
  private static boolean fits(
      Criterion criterion, StatementSigner signer, @Nullable String subject) {
    return switch (criterion.trait()) {
      case CLAIM ->
          Arrays.stream(StatementSigner.Claim.values())
              .filter(claim -> claim.label().equals(criterion.parameter()))
              .flatMap(claim -> signer.values(claim).stream())
              .anyMatch(criterion.pattern()::matches);
      case ISSUER -> !signer.issuer().isEmpty() && criterion.pattern().matches(signer.issuer());
      case SUBJECT, EXTENSION, SUBJECT_DN, DNS, IP, EMAIL, URI ->
          signer.certificate().isPresent() && fits(criterion, signer.certificate().get(), subject);
      case USER_ID, KEY_ID, POINTER, TEXT -> false;
    };
  }

  private static boolean fits(
      Criterion criterion, CertificateSigner signer, @Nullable String subject) {
    ValuePattern pattern = criterion.pattern();
    return switch (criterion.trait()) {
      case SUBJECT -> subject == null ? anySubject(pattern, signer) : pattern.matches(subject);
      case ISSUER -> anyIssuer(pattern, signer);
      case EXTENSION -> {
        String value = signer.extensions().get(criterion.parameter());
        yield value != null && pattern.matches(value);
      }
      case SUBJECT_DN -> !signer.subjectDn().isEmpty() && pattern.matches(signer.subjectDn());
      case DNS -> anyName(signer, NameForms::hosts, pattern::matches);
      case IP -> anyName(signer, NameForms::addresses, pattern::matches);
      case EMAIL -> anyName(signer, NameForms::mailboxes, mailbox -> isMailbox(pattern, mailbox));
      case URI -> anyName(signer, NameForms::uris, pattern::matches);
      case USER_ID, KEY_ID, CLAIM, POINTER, TEXT -> false;
    };
  }

  private static boolean anyName(
      CertificateSigner signer,
      Function<SubjectName, Collection<String>> forms,
      Predicate<String> wanted) {
    for (SubjectName name : signer.allNames()) {
      for (String form : forms.apply(name)) {
        if (wanted.test(form)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isMailbox(ValuePattern pattern, String mailbox) {
    return pattern.matches(pattern instanceof HostPattern ? NameForms.hostOf(mailbox) : mailbox);
  }

  private static boolean anySubject(ValuePattern pattern, CertificateSigner signer) {
    for (SubjectName name : signer.subjects()) {
      if (pattern.matches(name.value())) {
        return true;
      }
    }
    return false;
  }

  /// Both forms of the issuer extension count: which of two that contradict each other a verifier
  /// believes depends on its age. An empty one is none.
  static boolean anyIssuer(ValuePattern pattern, CertificateSigner signer) {
    if (!signer.issuer().isEmpty() && pattern.matches(signer.issuer())) {
      return true;
    }
    String older = signer.extensions().get(ISSUER_V1);
    return older != null && !older.isEmpty() && pattern.matches(older);
  }

  private static boolean fits(Criterion criterion, RawEntry entry) {
    return switch (criterion.trait()) {
      case TEXT -> criterion.pattern().matches(entry.text());
      case POINTER ->
          entry.values(criterion.parameter()).stream().anyMatch(criterion.pattern()::matches);
      case SUBJECT, ISSUER, EXTENSION, SUBJECT_DN, DNS, IP, EMAIL, URI, USER_ID, KEY_ID, CLAIM ->
          false;
    };
  }
}
