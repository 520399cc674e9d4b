package dev.sigwarden.ledger;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.tuf.RefusedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/// The key of a node of a CCF service, which signs roots as they are: ECDSA over the root's 32
/// bytes in the place of a digest, in DER. Owned by one thread.
final class NodeKey {
  private final PublicKey key;

  /// The node's certificate; empty if the ledger has only its key.
  private final Optional<X509Certificate> certificate;

  /// The last service that was compared, and what came of it: it is asked for each root.
  private Optional<CoseKey> compared = Optional.empty();

  private boolean certified;

  private NodeKey(PublicKey key, Optional<X509Certificate> certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /// The key of a certificate as PEM; older services wrote its terminating zero byte with it.
  static NodeKey of(byte[] pem) throws RefusedException {
    boolean terminated = pem.length > 0 && pem[pem.length - 1] == 0;
    byte[] text = terminated ? Arrays.copyOf(pem, pem.length - 1) : pem;
    CoseKey known = ServiceKeys.pem(text);
    try {
      return new NodeKey(publicKey(known), ServiceKeys.certificate(text));
    } catch (GeneralSecurityException e) {
      throw new RefusedException("node: no key on an elliptic curve");
    }
  }

  private static PublicKey publicKey(CoseKey key) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.toSpki()));
  }

  /// Whether the service with this key issued the node's certificate. When it was valid does not
  /// count, as it does not for CCF.
  boolean isCertifiedBy(CoseKey service) {
    if (!compared.equals(Optional.of(service))) {
      compared = Optional.of(service);
      certified = certificate.isPresent() && isIssued(certificate.get(), service);
    }
    return certified;
  }

  private static boolean isIssued(X509Certificate certificate, CoseKey by) {
    try {
      certificate.verify(publicKey(by));
      return true;
    } catch (GeneralSecurityException | ProviderException _) {
      // Another's signature, or none that can be read.
      return false;
    }
  }

  /// Whether `signature` is the node's over `root`.
  boolean signed(Hash root, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("NONEwithECDSA");
      verifier.initVerify(key);
      verifier.update(root.toBytes());
      return verifier.verify(signature);
    } catch (GeneralSecurityException | ProviderException _) {
      // Bytes that have not the shape of a signature.
      return false;
    }
  }
}
