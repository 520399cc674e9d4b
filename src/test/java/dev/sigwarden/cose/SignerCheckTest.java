package dev.sigwarden.cose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.cose.SignerVerdict.Claimed;
import dev.sigwarden.cose.SignerVerdict.Refused;
import dev.sigwarden.cose.SignerVerdict.Unproven;
import dev.sigwarden.cose.SignerVerdict.Verified;
import dev.sigwarden.merkle.Hash;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignerCheckTest {
  private static final ScittForge FORGE = new ScittForge();
  private static final byte[] PAYLOAD = "payload".getBytes(UTF_8);

  private static SignerVerdict check(byte[] statement, CoseKey... known)
      throws MalformedCoseException {
    return new SignerCheck(List.of(known)).check(SignedStatement.parse(statement));
  }

  private static byte[] issued(String issuer) {
    return ScittForge.sign(
        FORGE.header(issuer, "app", 1), PAYLOAD, CoseAlgorithm.ES256, FORGE.leafKey().getPrivate());
  }

  private static byte[] chained(byte[]... chain) {
    CborWriter header = new CborWriter().map(3).integer(1).integer(-7).integer(15);
    header.encoded(ScittForge.claims(FORGE.did(), "app", 1)).integer(33).array(chain.length);
    for (byte[] one : chain) {
      header.bytes(one);
    }
    return ScittForge.sign(
        header.toBytes(), PAYLOAD, CoseAlgorithm.ES256, FORGE.leafKey().getPrivate());
  }

  private static byte[] bare(CoseAlgorithm algorithm, KeyPair key) {
    byte[] header =
        new CborWriter()
            .map(2)
            .integer(1)
            .integer(algorithm.number())
            .integer(15)
            .encoded(ScittForge.claims("https://issuer.example", "app", 1))
            .toBytes();
    return ScittForge.sign(header, PAYLOAD, algorithm, key.getPrivate());
  }

  @ParameterizedTest
  @EnumSource(CoseAlgorithm.class)
  void every_algorithm_is_checked_with_the_key_that_signed_and_no_other(CoseAlgorithm algorithm)
      throws Exception {
    KeyPair key = keyFor(algorithm);
    KeyPair other = keyFor(algorithm);
    byte[] statement = bare(algorithm, key);

    assertThat(check(statement, CoseKey.of(key.getPublic()))).isInstanceOf(Verified.class);
    assertThat(check(statement, CoseKey.of(other.getPublic()))).isInstanceOf(Refused.class);
    assertThat(check(statement)).isInstanceOf(Unproven.class);
    byte[] altered = statement.clone();
    altered[altered.length - 3] ^= 1;
    assertThat(check(altered, CoseKey.of(key.getPublic()))).isInstanceOf(Refused.class);
    for (CoseAlgorithm wrong : CoseAlgorithm.values()) {
      if (!wrong.family().equals(algorithm.family())) {
        assertThat(CoseKey.of(key.getPublic()).signed(wrong, PAYLOAD, new byte[64])).isFalse();
      }
    }
  }

  private static KeyPair keyFor(CoseAlgorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> ScittForge.ec("secp256r1");
      case ES384 -> ScittForge.ec("secp384r1");
      case ES512 -> ScittForge.ec("secp521r1");
      case PS256, PS384, PS512 -> ScittForge.key("RSA", 2_048);
      case EDDSA -> ScittForge.key("Ed25519", 0);
    };
  }

  @Test
  void curve_may_go_with_the_hash_of_another() throws Exception {
    KeyPair key = ScittForge.ec("secp256r1");

    assertThat(check(bare(CoseAlgorithm.ES384, key), CoseKey.of(key.getPublic())))
        .isInstanceOf(Verified.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          eku:1.3.6.1.4.1.311.10.3.13                         | true
          eku:1.3.6.1.4.1.311.10.3.14                         | false
          subject:CN:Signer                                   | true
          subject:CN:Signer:O:Acme                            | true
          subject:O:Acme:CN:Sign%65r                          | true
          subject:OU:a                                        | true
          subject:OU:b                                        | true
          subject:2.5.4.3:Signer                              | true
          subject:CN:Signer:CN:Signer                         | false
          subject:CN:signer                                   | false
          subject:CN:Signer:L:Here                            | false
          san:email:sign@acme.example                         | true
          san:email:acme.example                              | false
          san:dns:acme.example                                | true
          san:uri:acme.example                                | false
          fulcio-issuer:token.actions.githubusercontent.com   | false
          eku:1.3.6.1.4.1.311.10.3.13::subject:CN:Signer      | true
          eku:1.3.6.1.4.1.311.10.3.13::subject:CN:Somebody    | false
          """)
  void did_stands_for_the_certificate_that_fulfils_each_policy(String policies, boolean holds)
      throws Exception {
    SignerVerdict verdict = check(issued(FORGE.did(policies)));

    assertThat(verdict).isInstanceOf(holds ? Verified.class : Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          did:x509:0:sha256:AAAA::eku:1.2                                          | 32 bytes
          did:x509:1:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:1.2   | did:x509:0
          did:x509:0:md5:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:1.2      | sha256, sha384
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s            | POLICY
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9t::eku:1.2   | unpadded
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:x     | policies
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:      | policies
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::any:1     | policies
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::subject:C | policies
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::subject:CN:%4 | two hex digits
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::subject:CN:%ff | not UTF-8
          did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:1.2   | no authority
          """)
  void did_that_is_none_or_another_is_refused(String did, String because) throws Exception {
    assertThat(check(issued(did)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).contains(because));
  }

  @Test
  void authority_that_the_did_names_is_above_the_signer_and_vouches_for_it() throws Exception {
    byte[] leaf = FORGE.leafCertificate();
    byte[] authority = FORGE.authorityCertificate();
    KeyPair stranger = ScittForge.ec("secp384r1");
    byte[] namesake =
        ScittForge.certificate("CN=Root,O=Acme", "CN=Root,O=Acme", stranger, stranger, true);
    byte[] noAuthority =
        ScittForge.certificate(
            "CN=Root,O=Acme", "CN=Root,O=Acme", FORGE.authorityKey(), FORGE.authorityKey(), false);
    byte[] otherName =
        ScittForge.certificate(
            "CN=Other", "CN=Other", FORGE.authorityKey(), FORGE.authorityKey(), true);

    assertThat(check(chained(leaf, authority))).isInstanceOf(Verified.class);
    assertRefused(chained(leaf), "no authority");
    assertRefused(chained(leaf, namesake), "not signed by the next");
    assertRefused(chained(leaf, namesake, authority), "not signed by the next");
    assertRefused(chained(leaf, noAuthority), "no authority");
    assertRefused(chained(leaf, otherName), "names another issuer");
    assertRefused(chained(authority, authority), "not that of the certificate's key");
    assertRefused(chained(new byte[] {1, 2}, authority), "cannot be read");
  }

  private static void assertRefused(byte[] statement, String because) throws Exception {
    assertThat(check(statement))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).contains(because));
  }

  @Test
  void certificate_says_nothing_for_an_issuer_of_another_kind() throws Exception {
    byte[] statement = issued("https://acme.example");

    assertThat(check(statement))
        .isEqualTo(new Claimed("the issuer's name says nothing of the certificate"));
    assertThat(check(statement, CoseKey.of(FORGE.leafKey().getPublic())))
        .isInstanceOf(Verified.class);
  }

  @Test
  void hash_of_the_certificate_is_that_of_the_certificate() throws Exception {
    for (int bits : new int[] {0, 1}) {
      byte[] hash = Hash.ofData(FORGE.leafCertificate()).toBytes();
      hash[5] ^= (byte) bits;
      CborWriter header = new CborWriter().map(4).integer(1).integer(-7).integer(15);
      header.encoded(ScittForge.claims(FORGE.did(), "app", 1));
      header.integer(33).array(2).bytes(FORGE.leafCertificate());
      header.bytes(FORGE.authorityCertificate());
      header.integer(34).array(2).integer(-16).bytes(hash);
      byte[] statement =
          ScittForge.sign(
              header.toBytes(), PAYLOAD, CoseAlgorithm.ES256, FORGE.leafKey().getPrivate());

      assertThat(check(statement)).isInstanceOf(bits == 0 ? Verified.class : Refused.class);
    }
  }

  @Test
  void attested_key_is_told_from_a_proven_one() throws Exception {
    KeyPair key = ScittForge.ec("secp256r1");
    CoseKey attested = CoseKey.of(key.getPublic());

    byte[] statement = attested(key, attested.thumbprint().toBytes());

    assertThat(check(statement))
        .isEqualTo(new Claimed("attested service (attestation not verified)"));
    assertThat(check(statement, attested)).isInstanceOf(Verified.class);
    assertThat(SignedStatement.parse(statement).issuerParts())
        .containsExactly("did:attestedsvc:svc");
    assertRefused(attested(key, new byte[32]), "kid is not the thumbprint");
    byte[] altered = statement.clone();
    altered[altered.length - 1] ^= 1;
    assertRefused(altered, "not that of the attested key");
  }

  private static byte[] attested(KeyPair key, byte[] kid) {
    ECPublicKey point = (ECPublicKey) key.getPublic();
    CborWriter header = new CborWriter().map(5).integer(1).integer(-7);
    header.integer(2).array(1).text("attestedsvc").integer(4).bytes(kid);
    header.integer(15).map(1).integer(1).text("did:attestedsvc:svc::account:profile");
    header.text("attestedsvc").map(1).text("cose_key").map(4);
    header.integer(1).integer(2).integer(-1).integer(1);
    header.integer(-2).bytes(fixed(point.getW().getAffineX().toByteArray()));
    header.integer(-3).bytes(fixed(point.getW().getAffineY().toByteArray()));
    return ScittForge.sign(header.toBytes(), PAYLOAD, CoseAlgorithm.ES256, key.getPrivate());
  }

  private static byte[] fixed(byte[] number) {
    byte[] fixed = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, fixed, 32 - length, length);
    return fixed;
  }

  @Test
  void keys_that_cost_too_much_or_prove_too_little_are_no_keys() {
    assertThatThrownBy(() -> CoseKey.of(ScittForge.key("RSA", 1_024).getPublic()))
        .hasMessage("RSA key: 1024 bits (expected: 2048 to 8192)");
    assertThatThrownBy(() -> CoseKey.of(ScittForge.key("DSA", 1_024).getPublic()))
        .hasMessageContaining("expected: EC, RSA or Ed25519");
    assertThatThrownBy(() -> CoseKey.of(ScittForge.key("Ed448", 0).getPublic()))
        .isInstanceOf(MalformedCoseException.class);
    assertThatThrownBy(() -> CoseKey.ofPoint("secp256r1", new byte[32], new byte[32]))
        .hasMessage("point on secp256r1: not on the curve");
    assertThatThrownBy(() -> CoseKey.ofPoint("secp256r1", new byte[31], new byte[32]))
        .hasMessageContaining("coordinates of 31 and 32 bytes");
    assertThatThrownBy(() -> CoseKey.ofSpki(new byte[4_000]))
        .isInstanceOf(MalformedCoseException.class);
  }

  @Test
  void certificates_that_were_not_valid_are_named_and_change_no_verdict() throws Exception {
    SignedStatement statement = SignedStatement.parse(FORGE.statement("app", "x"));

    assertThat(SignerCheck.outdated(statement, ScittForge.NOW)).isEmpty();
    assertThat(SignerCheck.outdated(statement, ScittForge.NOW.plusSeconds(90_000)))
        .hasValueSatisfying(why -> assertThat(why).startsWith("certificate 0 was valid from"));
    assertThat(new SignerCheck(List.of()).check(statement)).isInstanceOf(Verified.class);
  }
}
