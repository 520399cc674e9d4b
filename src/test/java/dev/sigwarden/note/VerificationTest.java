package dev.sigwarden.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures of each type made here, byte by byte as the documents say, with keys of the platform.
class VerificationTest {
  private static final String ORIGIN = "log.example";

  /// 9999-12-31T23:59:59Z.
  private static final long LAST_SECOND = 253_402_300_799L;

  private static final TreeHead HEAD = new TreeHead(300, Hash.ofLeaf(new byte[] {1}));
  private static final KeyPair EC = keys("EC");
  private static final KeyPair RSA = keys("RSA");
  private static final KeyPair ML_DSA = keys("ML-DSA-44");

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else if (algorithm.equals("RSA")) {
        generator.initialize(2_048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sign(String algorithm, KeyPair keys, byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(keys.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(String origin, TreeHead head) {
    return new Checkpoint(origin, head, List.of()).toText();
  }

  private static SignatureCheck check(VerifierKey key, String text, byte[] signature)
      throws MalformedNoteException {
    return SignedNote.of(text, List.of(NoteSignature.of(key, signature))).check(key);
  }

  private static void assertInvalid(SignatureCheck check, String why) {
    assertThat(check)
        .isInstanceOfSatisfying(
            SignatureCheck.Invalid.class, invalid -> assertThat(invalid.why()).contains(why));
  }

  private static byte[] altered(byte[] bytes, int at) {
    byte[] altered = bytes.clone();
    altered[at] ^= 1;
    return altered;
  }

  @Test
  void ecdsa_signs_the_text() throws MalformedNoteException {
    VerifierKey key = VerifierKey.of(ORIGIN, SignatureType.ECDSA, EC.getPublic().getEncoded());
    byte[] signature = sign("SHA256withECDSA", EC, "any text\n".getBytes(StandardCharsets.UTF_8));

    assertThat(check(key, "any text\n", signature))
        .isEqualTo(new SignatureCheck.Valid(Instant.EPOCH));
    assertInvalid(check(key, "any tent\n", signature), "does not verify");
    assertInvalid(check(key, "any text\n", new byte[] {1, 2, 3}), "does not verify");
  }

  // RFC 6962 section 3.5, c2sp.org/static-ct-api#checkpoints.

  private static VerifierKey treeHeadKey(KeyPair keys) throws MalformedNoteException {
    return VerifierKey.of(ORIGIN, SignatureType.RFC6962_TREE_HEAD, keys.getPublic().getEncoded());
  }

  private static byte[] treeHead(KeyPair keys, long millis, TreeHead head) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(message);
    out.write(new byte[] {0, 1});
    out.writeLong(millis);
    out.writeLong(head.size());
    out.write(head.root().toBytes());
    boolean rsa = keys == RSA;
    byte[] signature = sign(rsa ? "SHA256withRSA" : "SHA256withECDSA", keys, message.toByteArray());
    return ByteBuffer.allocate(12 + signature.length)
        .putLong(millis)
        .put((byte) 4)
        .put((byte) (rsa ? 1 : 3))
        .putShort((short) signature.length)
        .put(signature)
        .array();
  }

  @Test
  void a_tree_head_signature_covers_time_size_and_root() throws Exception {
    for (KeyPair keys : List.of(EC, RSA)) {
      VerifierKey key = treeHeadKey(keys);
      byte[] signature = treeHead(keys, 1_754_000_000_123L, HEAD);

      assertThat(check(key, text(ORIGIN, HEAD), signature))
          .isEqualTo(new SignatureCheck.Valid(Instant.ofEpochMilli(1_754_000_000_123L)));
      assertInvalid(
          check(key, text(ORIGIN, new TreeHead(301, HEAD.root())), signature), "not verify");
      assertInvalid(
          check(key, text(ORIGIN, new TreeHead(300, Hash.emptyRoot())), signature), "not verify");
      assertInvalid(check(key, text(ORIGIN, HEAD), altered(signature, 7)), "not verify");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, ''",
    "253402300799999, ''",
    "253402300800000, after the year 9999",
    "0, states no time",
    "-1, after the year 9999",
    "9223372036854775807, after the year 9999"
  })
  void a_tree_head_is_of_a_time_that_a_clock_shows(long millis, String wrong) throws Exception {
    SignatureCheck check = check(treeHeadKey(EC), text(ORIGIN, HEAD), treeHead(EC, millis, HEAD));
    if (wrong.isEmpty()) {
      assertThat(check).isEqualTo(new SignatureCheck.Valid(Instant.ofEpochMilli(millis)));
    } else {
      assertInvalid(check, wrong);
    }
  }

  @Test
  void a_tree_head_signature_has_one_form() throws Exception {
    VerifierKey key = treeHeadKey(EC);
    String text = text(ORIGIN, HEAD);
    byte[] signature = treeHead(EC, 1, HEAD);

    assertInvalid(check(key, text, Arrays.copyOf(signature, 12)), "12 bytes (expected: 13)");
    assertInvalid(
        check(key, text, Arrays.copyOf(signature, signature.length - 1)), "(expected: 12)");
    assertInvalid(
        check(key, text, Arrays.copyOf(signature, signature.length + 1)), "(expected: 12)");
    assertInvalid(check(key, text, altered(signature, 8)), "another algorithm");
    assertInvalid(check(key, text, altered(signature, 9)), "another algorithm");
    byte[] asRsa = signature.clone();
    asRsa[9] = 1;
    assertInvalid(check(key, text, asRsa), "another algorithm");
    assertInvalid(check(treeHeadKey(RSA), text, signature), "another algorithm");
    byte[] long13 = Arrays.copyOf(signature, 13);
    long13[10] = 0;
    long13[11] = 1;
    assertInvalid(check(key, text, long13), "not verify");
  }

  @Test
  void a_tree_head_signature_is_refused_beside_lines_that_it_does_not_cover() throws Exception {
    VerifierKey key = treeHeadKey(EC);
    byte[] signature = treeHead(EC, 1, HEAD);

    assertInvalid(check(key, text("other.example", HEAD), signature), "does not cover");
    assertInvalid(check(key, text(ORIGIN, HEAD) + "more\n", signature), "does not cover");
    assertInvalid(check(key, "no checkpoint\n", signature), "no checkpoint is signed");
  }

  // c2sp.org/tlog-cosignature#format.

  private static byte[] cosignature(String name, String origin, long seconds, TreeHead head)
      throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(message);
    out.write("subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII));
    out.writeByte(name.length());
    out.writeBytes(name);
    out.writeLong(seconds);
    out.writeByte(origin.length());
    out.writeBytes(origin);
    out.writeLong(0);
    out.writeLong(head.size());
    out.write(head.root().toBytes());
    byte[] signature = sign("ML-DSA-44", ML_DSA, message.toByteArray());
    return ByteBuffer.allocate(8 + signature.length).putLong(seconds).put(signature).array();
  }

  private static VerifierKey mlDsaKey(String name) throws MalformedNoteException {
    byte[] spki = ML_DSA.getPublic().getEncoded();
    return VerifierKey.of(
        name,
        SignatureType.ML_DSA_44_COSIGNATURE,
        Arrays.copyOfRange(spki, spki.length - 1_312, spki.length));
  }

  @Test
  void a_post_quantum_cosignature_covers_names_time_size_and_root() throws Exception {
    VerifierKey key = mlDsaKey("witness");
    byte[] signature = cosignature("witness", ORIGIN, 1_754_000_000, HEAD);

    assertThat(check(key, text(ORIGIN, HEAD), signature))
        .isEqualTo(new SignatureCheck.Valid(Instant.ofEpochSecond(1_754_000_000)));
    assertThat(check(key, text(ORIGIN, HEAD) + "extension\n", signature))
        .isInstanceOf(SignatureCheck.Valid.class);
    assertInvalid(check(key, text("other.example", HEAD), signature), "not verify");
    assertInvalid(
        check(key, text(ORIGIN, new TreeHead(301, HEAD.root())), signature), "not verify");
    assertInvalid(check(mlDsaKey("witless"), text(ORIGIN, HEAD), signature), "not verify");
    assertInvalid(check(key, text(ORIGIN, HEAD), altered(signature, 7)), "not verify");
    assertInvalid(check(key, "no checkpoint\n", signature), "no checkpoint is signed");
    byte[] longer = Arrays.copyOf(signature, signature.length + 1);
    assertInvalid(check(key, text(ORIGIN, HEAD), longer), "2429 bytes (expected: 2428)");
  }

  @Test
  void a_post_quantum_cosignature_is_of_names_that_fit_and_of_a_time_that_a_clock_shows()
      throws Exception {
    String most = "n".repeat(255);
    String more = "n".repeat(256);
    byte[] any = cosignature("witness", ORIGIN, 0, HEAD);

    assertThat(check(mlDsaKey(most), text(most, HEAD), cosignature(most, most, LAST_SECOND, HEAD)))
        .isEqualTo(new SignatureCheck.Valid(Instant.ofEpochSecond(LAST_SECOND)));
    assertThat(check(mlDsaKey("witness"), text(ORIGIN, HEAD), any))
        .isEqualTo(new SignatureCheck.Valid(Instant.EPOCH));
    assertInvalid(check(mlDsaKey(more), text(ORIGIN, HEAD), any), "longer than 255 bytes");
    assertInvalid(check(mlDsaKey("witness"), text(more, HEAD), any), "longer than 255 bytes");
    for (long seconds : new long[] {LAST_SECOND + 1, -1, Long.MIN_VALUE}) {
      assertInvalid(
          check(
              mlDsaKey("witness"),
              text(ORIGIN, HEAD),
              cosignature("witness", ORIGIN, seconds, HEAD)),
          "after the year 9999");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, LAST_SECOND})
  void an_ed25519_cosignature_is_of_any_time_that_a_clock_shows(long seconds)
      throws MalformedNoteException {
    byte[] note =
        Notes.WITNESS.cosign(Notes.LOG.sign(text(ORIGIN, HEAD)), Instant.ofEpochSecond(seconds));

    assertThat(SignedNote.parse(note).check(Notes.WITNESS.witnessKey()))
        .isEqualTo(new SignatureCheck.Valid(Instant.ofEpochSecond(seconds)));
  }
}
