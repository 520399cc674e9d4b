package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.criterion;
import static dev.sigwarden.watch.Samples.entry;
import static dev.sigwarden.watch.Samples.extension;
import static dev.sigwarden.watch.Samples.issuer;
import static dev.sigwarden.watch.Samples.key;
import static dev.sigwarden.watch.Samples.keyId;
import static dev.sigwarden.watch.Samples.ofCertificate;
import static dev.sigwarden.watch.Samples.ofKey;
import static dev.sigwarden.watch.Samples.pgp;
import static dev.sigwarden.watch.Samples.pointer;
import static dev.sigwarden.watch.Samples.selector;
import static dev.sigwarden.watch.Samples.sha256;
import static dev.sigwarden.watch.Samples.subject;
import static dev.sigwarden.watch.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.watch.Criterion.Trait;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A selector by itself, without the index that finds it.
class SelectorTest {
  private static final Signer ACME = certificate(Samples.GITHUB, "acme");
  private static final Signer OTHER = certificate(Samples.GITHUB, "other");
  private static final Signer KEY = key("seed");
  private static final Signer PGP = pgp(List.of("primary", "sub"), "Acme");

  private static boolean selects(Selector selector, @Nullable Signer signer) {
    return selector.selects(signer, new RawEntry(entry("an entry"), Set.of()), null);
  }

  @Test
  void a_certificate_is_selected_by_its_own_fingerprint_and_nothing_else_is() {
    Selector selector = ofCertificate(certificate(Samples.GITHUB, "acme").certificateSha256());
    assertThat(selects(selector, ACME)).isTrue();
    for (Signer signer : List.of(OTHER, KEY, PGP)) {
      assertThat(selects(selector, signer)).as("%s", signer).isFalse();
    }
  }

  @Test
  void a_key_is_selected_in_whatever_holds_it() {
    assertThat(selects(ofKey(KEY.keySha256()), KEY)).isTrue();
    assertThat(selects(ofKey(ACME.keySha256()), ACME)).isTrue();
    assertThat(selects(ofKey(sha256("primary")), PGP)).isTrue();
    assertThat(selects(ofKey(sha256("sub")), PGP)).isTrue();
    for (Signer signer : List.of(ACME, KEY, PGP)) {
      assertThat(selects(ofKey(sha256("another")), signer)).as("%s", signer).isFalse();
    }
  }

  @Test
  void all_that_is_asked_has_to_hold() {
    Selector both = ofKey(ACME.keySha256(), subject("acme"));
    assertThat(selects(both, ACME)).isTrue();
    assertThat(selects(both, OTHER)).isFalse();
    assertThat(selects(ofKey(ACME.keySha256(), subject("other")), ACME)).isFalse();
    assertThat(selects(ofKey(ACME.keySha256(), text("something else")), ACME)).isFalse();
  }

  @Test
  void what_asks_for_a_signer_selects_no_entry_without_one() {
    for (Selector selector :
        List.of(
            ofKey(sha256("x")),
            ofCertificate(sha256("x")),
            selector(subject("*")),
            selector(text("an entry"), issuer("*")))) {
      assertThat(selector.needsSigner()).isTrue();
      assertThat(selects(selector, null)).as(selector.label()).isFalse();
    }
    assertThat(selector(text("an entry")).needsSigner()).isFalse();
    assertThat(selects(selector(text("an entry")), null)).isTrue();
  }

  @Test
  void what_asks_for_nothing_selects_nothing() {
    assertThat(selector().isEmpty()).isTrue();
    assertThat(selects(selector(), ACME)).isFalse();
    assertThat(selects(selector(), null)).isFalse();
  }

  @Test
  void tells_what_only_a_certificate_has() {
    for (Criterion criterion :
        List.of(
            subject("*"),
            issuer("*"),
            extension(Samples.RUNNER, "*"),
            criterion(Trait.SUBJECT_DN, "", "*"))) {
      assertThat(selector(criterion).needsCertificate()).as("%s", criterion).isTrue();
    }
    assertThat(ofCertificate(sha256("x")).needsCertificate()).isTrue();
    for (Criterion criterion :
        List.of(
            criterion(Trait.USER_ID, "", "*"),
            keyId(KeyId.Scheme.PGP, "*"),
            text("*"),
            pointer("/a", "*"))) {
      assertThat(selector(criterion).needsCertificate()).as("%s", criterion).isFalse();
    }
    assertThat(ofKey(sha256("x")).needsCertificate()).isFalse();
  }
}
