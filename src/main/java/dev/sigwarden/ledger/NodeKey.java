package dev.sigwarden.ledger;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.tuf.RefusedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/// The key of a node of a CCF service, which signs roots as they are: ECDSA over the root's 32
/// bytes in the place of a digest, in DER.
final class NodeKey {
  private final PublicKey key;

  private NodeKey(PublicKey key) {
    this.key = key;
  }

  /// The key of a certificate as PEM; older services wrote its terminating zero byte with it.
  static NodeKey of(byte[] pem) throws RefusedException {
    boolean terminated = pem.length > 0 && pem[pem.length - 1] == 0;
    CoseKey known = ServiceKeys.pem(terminated ? Arrays.copyOf(pem, pem.length - 1) : pem);
    try {
      return new NodeKey(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(known.toSpki())));
    } catch (GeneralSecurityException e) {
      throw new RefusedException("node: no key on an elliptic curve");
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
