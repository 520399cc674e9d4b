package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.PgpSigner.PgpKey;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads OpenPGP public keys, one or several after each other, in armor or not. RFC 9580 section
/// 10.1.
public final class PgpKeys {
  /// The longest block of keys in bytes: keys that many people signed reach some 100 KB.
  public static final int MAX_BYTES = 1 << 20;

  /// The most keys and subkeys in a block; keyrings of a distribution have about 50.
  static final int MAX_KEYS = 500;

  /// The most user ids in a block.
  static final int MAX_USER_IDS = 500;

  private final byte[] bytes;
  private final List<PgpSigner> signers = new ArrayList<>(1);
  private @Nullable KeyPacket primary;
  private List<PgpKey> keys = new ArrayList<>();
  private List<KeyRing.NamePart> names = new ArrayList<>();
  private KeyRing.@Nullable Place primaryAt;
  private int keyCount;
  private int nameCount;

  private PgpKeys(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Whether the text is a public key in armor, or starts as one.
  public static boolean isArmored(String text) {
    return text.stripLeading().startsWith(Armor.BEGIN);
  }

  /// The signers with the keys in `block`, in its order; at least one.
  ///
  /// @throws MalformedSignerException if it is not public keys and nothing else, or more of them
  ///   than the limits say
  public static List<PgpSigner> read(byte[] block) throws MalformedSignerException {
    if (block.length > MAX_BYTES) {
      throw new MalformedSignerException(
          "OpenPGP key: %d bytes (expected: at most %d)".formatted(block.length, MAX_BYTES));
    }
    // A packet's first byte has its top bit set, which no text has.
    boolean binary = block.length > 0 && block[0] < 0;
    PgpKeys reader = new PgpKeys(binary ? block : Armor.open(block));
    reader.read();
    return reader.signers;
  }

  /// The armored text's bytes.
  ///
  /// @see #read(byte[])
  public static List<PgpSigner> read(String armored) throws MalformedSignerException {
    return read(armored.getBytes(US_ASCII));
  }

  private void read() throws MalformedSignerException {
    Packets packets = new Packets(bytes, 0, bytes.length);
    while (packets.next()) {
      switch (packets.type()) {
        case Packets.PUBLIC_KEY -> {
          finish(packets.start());
          primary = key(packets);
          primaryAt = new KeyRing.Place(packets.from(), packets.to());
        }
        case Packets.PUBLIC_SUBKEY -> {
          closeName(packets.start());
          key(packets);
        }
        case Packets.USER_ID -> {
          closeName(packets.start());
          name(packets);
        }
        case Packets.USER_ATTRIBUTE -> closeName(packets.start());
        case Packets.SIGNATURE, Packets.TRUST, Packets.PADDING -> {}
        default ->
            throw new MalformedSignerException(
                "OpenPGP key: a packet of type %d (expected: those of a public key)"
                    .formatted(packets.type()));
      }
      if (primary == null) {
        throw new MalformedSignerException(
            "OpenPGP key: starts with a packet of type %d (expected: %d, a public key)"
                .formatted(packets.type(), Packets.PUBLIC_KEY));
      }
    }
    finish(bytes.length);
    if (signers.isEmpty()) {
      throw new MalformedSignerException("OpenPGP key: no key");
    }
  }

  private KeyPacket key(Packets packets) throws MalformedSignerException {
    if (keyCount++ == MAX_KEYS) {
      throw new MalformedSignerException("OpenPGP key: more than %d keys".formatted(MAX_KEYS));
    }
    KeyPacket key = KeyPacket.read(bytes, packets.from(), packets.to());
    keys.add(key.key());
    return key;
  }

  private void name(Packets packets) throws MalformedSignerException {
    if (nameCount++ == MAX_USER_IDS) {
      throw new MalformedSignerException(
          "OpenPGP key: more than %d user ids".formatted(MAX_USER_IDS));
    }
    names.add(new KeyRing.NamePart(packets.from(), packets.to(), bytes.length));
  }

  /// The signatures of the last user id end at `to`.
  private void closeName(int to) {
    if (!names.isEmpty() && names.getLast().signaturesTo() == bytes.length) {
      names.set(names.size() - 1, names.getLast().until(to));
    }
  }

  private void finish(int to) {
    closeName(to);
    if (primary != null && primaryAt != null) {
      signers.add(new KeyRing(bytes, primaryAt, primary.isCheckable(), keys, names));
    }
    keys = new ArrayList<>();
    names = new ArrayList<>();
  }
}
