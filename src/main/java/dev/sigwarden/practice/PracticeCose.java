package dev.sigwarden.practice;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/// Signs COSE_Sign1 messages. RFC 9052 section 4.
public final class PracticeCose {
  /// Algorithms that statements are signed by. RFC 9053 section 2, RFC 8812 section 2.
  public enum Algorithm {
    ES256(-7, "EC", 256),
    ES384(-35, "EC", 384),
    ES512(-36, "EC", 521),
    PS256(-37, "RSA", 256),
    PS384(-38, "RSA", 384),
    PS512(-39, "RSA", 512),
    EDDSA(-8, "Ed25519", 0);

    /// Bits of an RSA modulus, as Microsoft's issuers have.
    private static final int RSA_BITS = 3072;

    private static final int P521 = 521;

    private final int number;
    private final String family;

    /// Bits of the hash, for elliptic curves of the curve.
    private final int bits;

    Algorithm(int number, String family, int bits) {
      this.number = number;
      this.family = family;
      this.bits = bits;
    }

    /// The number in headers.
    int number() {
      return number;
    }

    private String hash() {
      return "SHA-" + (bits == P521 ? 512 : bits);
    }

    private AlgorithmParameterSpec parameters() {
      return switch (family) {
        case "EC" -> new ECGenParameterSpec("secp%dr1".formatted(bits));
        case "RSA" -> new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4);
        default -> NamedParameterSpec.ED25519;
      };
    }

    /// A fresh key pair that this algorithm signs with.
    KeyPair generate(SecureRandom random) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        generator.initialize(parameters(), random);
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new AssertionError("the platform has " + this, e);
      }
    }

    private Signature signature() throws GeneralSecurityException {
      return switch (family) {
        case "EC" -> Signature.getInstance(hash().replace("-", "") + "withECDSAinP1363Format");
        case "RSA" -> {
          Signature pss = Signature.getInstance("RSASSA-PSS");
          pss.setParameter(
              new PSSParameterSpec(
                  hash(), "MGF1", new MGF1ParameterSpec(hash()), bits / Byte.SIZE, 1));
          yield pss;
        }
        default -> Signature.getInstance("Ed25519");
      };
    }
  }

  static final int TAG = 18;

  private PracticeCose() {}

  /// A message with an empty unprotected header.
  static byte[] message(byte[] header, byte[] payload, Algorithm algorithm, PrivateKey key) {
    return new PracticeCbor()
        .tag(TAG)
        .array(4)
        .bytes(header)
        .map(0)
        .bytes(payload)
        .bytes(signature(header, payload, algorithm, key))
        .toBytes();
  }

  /// The signature over the Sig_structure of a protected header and a payload.
  static byte[] signature(byte[] header, byte[] payload, Algorithm algorithm, PrivateKey key) {
    byte[] structure =
        new PracticeCbor()
            .array(4)
            .text("Signature1")
            .bytes(header)
            .bytes(new byte[0])
            .bytes(payload)
            .toBytes();
    try {
      Signature signer = algorithm.signature();
      signer.initSign(key);
      signer.update(structure);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform signs with its own keys", e);
    }
  }
}
