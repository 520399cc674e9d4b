package dev.sigwarden.entry;

import java.util.List;

/// A signer known by an OpenPGP key: a primary key, its subkeys, and the user ids bound to it.
/// Which of the keys made the signature is not said, so each of them counts as the signer's.
///
/// An interface, for the reasons that `CertificateSigner` is one.
public non-sealed interface PgpSigner extends Signer {
  /// The primary key first, then the subkeys in order; at least one.
  List<PgpKey> keys();

  /// The user ids in order, bytes that are not UTF-8 replaced. Anyone can add a user id to a copy
  /// of a key; `checkedUserIds` says which ones the key's owner did.
  List<String> userIds();

  /// The user ids in the same order, each with what its self-signature says. Costs public-key
  /// operations, of which there is a fixed number at most, each time it is asked.
  List<PgpUserId> checkedUserIds();

  @Override
  default Digest keySha256() {
    return keys().getFirst().keySha256();
  }

  @Override
  default List<KeyId> keyIds() {
    return keys().stream().map(PgpKey::id).toList();
  }

  /// One key of an OpenPGP key.
  ///
  /// @param id its fingerprint
  /// @param keySha256 as in `Signer`
  /// @param keyType the kind of key in words: `RSA 4096`, `Ed25519`, or `OpenPGP algorithm 16`
  record PgpKey(KeyId id, Digest keySha256, String keyType) {}

  /// A user id and who vouches for it.
  ///
  /// @param text the user id, by convention `Name <address>`; text from the entry
  /// @param proof what its self-signatures say
  record PgpUserId(String text, Proof proof) {}

  /// What the signatures of a primary key over a user id say.
  enum Proof {
    /// The primary key signed it: the key's owner chose this name, whether it is theirs or not.
    SELF_SIGNED("self-signed"),
    /// No signature of the primary key over it holds: anyone could have added it.
    NOT_SELF_SIGNED("not self-signed"),
    /// The primary key has revoked it.
    REVOKED("revoked"),
    /// Not checked: the key is of a kind or size that is not, or there are too many signatures.
    NOT_CHECKED("not checked");

    private final String label;

    Proof(String label) {
      this.label = label;
    }

    /// The name used in text.
    public String label() {
      return label;
    }
  }
}
