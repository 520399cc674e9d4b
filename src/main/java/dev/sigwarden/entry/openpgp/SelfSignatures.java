package dev.sigwarden.entry.openpgp;

import dev.sigwarden.entry.PgpSigner.Proof;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.jcajce.JcaPGPObjectFactory;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/// Checks which user ids the primary key vouches for. RFC 9580 section 5.2.1.
///
/// The packets were framed before; Bouncy Castle sees one at a time. What it cannot read is no
/// signature. Owned by one thread.
final class SelfSignatures {
  /// The most signatures checked for one key: each costs a millisecond at most, and a key whose
  /// owner signed each user id more than a few times is rare.
  static final int MAX_CHECKS = 50;

  /// The longest signature packet in bytes that is looked at; those of a CA with notations have 2
  /// KB.
  static final int MAX_SIGNATURE_BYTES = 16_384;

  private static final Set<Integer> CERTIFICATIONS =
      Set.of(
          PGPSignature.DEFAULT_CERTIFICATION,
          PGPSignature.NO_CERTIFICATION,
          PGPSignature.CASUAL_CERTIFICATION,
          PGPSignature.POSITIVE_CERTIFICATION);

  /// Hashes that are believed. SHA-1 is: most old keys have no other, and nobody can give a key of
  /// another's a name with it, short of a collision made with that key's owner.
  private static final Set<Integer> HASHES =
      Set.of(
          HashAlgorithmTags.SHA1,
          HashAlgorithmTags.SHA224,
          HashAlgorithmTags.SHA256,
          HashAlgorithmTags.SHA384,
          HashAlgorithmTags.SHA512,
          HashAlgorithmTags.SHA3_256,
          HashAlgorithmTags.SHA3_512);

  private final byte[] bytes;
  private final @Nullable PGPPublicKey key;
  private int checks;

  /// @param isCheckable whether the key is of a kind and size to check with at all
  SelfSignatures(byte[] bytes, KeyRing.Place primary, boolean isCheckable) {
    this.bytes = bytes;
    this.key = isCheckable ? key(bytes, primary) : null;
  }

  /// What the signatures that follow the user id say of it.
  Proof of(KeyRing.NamePart name) {
    if (key == null) {
      return Proof.NOT_CHECKED;
    }
    byte[] userId = Arrays.copyOfRange(bytes, name.from(), name.to());
    boolean signed = false;
    Packets packets = new Packets(bytes, name.to(), name.signaturesTo());
    try {
      while (packets.next()) {
        PGPSignature signature = signature(packets);
        if (signature == null) {
          continue;
        }
        boolean revokes = signature.getSignatureType() == PGPSignature.CERTIFICATION_REVOCATION;
        if ((signed && !revokes)
            || !(revokes || CERTIFICATIONS.contains(signature.getSignatureType()))) {
          continue;
        }
        if (checks++ >= MAX_CHECKS) {
          return Proof.NOT_CHECKED;
        }
        if (!holds(signature, userId, key)) {
          continue;
        }
        if (revokes) {
          return Proof.REVOKED;
        }
        signed = true;
      }
    } catch (MalformedSignerException e) {
      throw new IllegalStateException("packets that were read once are read again", e);
    }
    return signed ? Proof.SELF_SIGNED : Proof.NOT_SELF_SIGNED;
  }

  private static boolean holds(PGPSignature signature, byte[] userId, PGPPublicKey key) {
    try {
      signature.init(new JcaPGPContentVerifierBuilderProvider(), key);
      return signature.verifyCertification(userId, key);
    } catch (PGPException | RuntimeException _) {
      // Bouncy Castle reports what it cannot make sense of as one of many exceptions.
      return false;
    }
  }

  /// The packet as a signature by the primary key with a hash that is believed; null if it says to
  /// be anything else.
  private @Nullable PGPSignature signature(Packets packets) {
    if (key == null
        || packets.type() != Packets.SIGNATURE
        || packets.to() - packets.start() > MAX_SIGNATURE_BYTES) {
      return null;
    }
    byte[] packet = Arrays.copyOfRange(bytes, packets.start(), packets.to());
    try {
      if (!(new JcaPGPObjectFactory(packet).nextObject() instanceof PGPSignatureList list)
          || list.size() != 1) {
        return null;
      }
      PGPSignature signature = list.get(0);
      return signature.getKeyID() == key.getKeyID()
              && signature.getKeyAlgorithm() == key.getAlgorithm()
              && HASHES.contains(signature.getHashAlgorithm())
          ? signature
          : null;
    } catch (IOException | RuntimeException _) {
      return null;
    }
  }

  private static @Nullable PGPPublicKey key(byte[] bytes, KeyRing.Place primary) {
    // A header of our own, with a length of four bytes, so that there is one form only.
    int length = primary.to() - primary.from();
    byte[] packet = new byte[6 + length];
    packet[0] = (byte) (0xc0 | Packets.PUBLIC_KEY);
    packet[1] = (byte) 0xff;
    packet[4] = (byte) (length >> 8);
    packet[5] = (byte) length;
    System.arraycopy(bytes, primary.from(), packet, 6, length);
    try {
      return new BCPGInputStream(new ByteArrayInputStream(packet)).readPacket()
              instanceof PublicKeyPacket read
          ? new PGPPublicKey(read, new JcaKeyFingerprintCalculator())
          : null;
    } catch (IOException | PGPException | RuntimeException _) {
      return null;
    }
  }
}
