package dev.sigwarden.cose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys of transparency services that somebody configured or pinned. Immutable.
public final class ReceiptKeys {
  /// Keys in one set: a service has one, and a few from before its recoveries.
  public static final int MAX_KEYS = 256;

  private final List<Entry> entries;

  /// A key and how it is found.
  ///
  /// @param key the key
  /// @param issuer whose it is; empty if receipts of any issuer may be signed by it
  /// @param kid what its service calls it; empty if it has only the names that follow from the key
  public record Entry(CoseKey key, String issuer, Optional<Cbor.Bytes> kid) {}

  private ReceiptKeys(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /// These keys. A key that is listed twice counts once.
  public static ReceiptKeys of(List<Entry> entries) throws MalformedCoseException {
    List<Entry> distinct = entries.stream().distinct().toList();
    if (distinct.size() > MAX_KEYS) {
      throw new MalformedCoseException(
          "keys: %d (expected: at most %d)".formatted(distinct.size(), MAX_KEYS));
    }
    for (Entry one : distinct) {
      for (Entry other : distinct) {
        if (one.kid().isPresent()
            && one.kid().equals(other.kid())
            && one.issuer().equals(other.issuer())
            && !one.key().equals(other.key())) {
          throw new MalformedCoseException("keys: two different ones of the same name");
        }
      }
    }
    return new ReceiptKeys(distinct);
  }

  /// The keys of a COSE_KeySet (RFC 9052 section 7), as `/.well-known/scitt-keys` answers it.
  public static List<Entry> keySet(byte[] bytes, String issuer) throws MalformedCoseException {
    return keySet(CborReader.read(bytes), issuer);
  }

  private static List<Entry> keySet(Cbor item, String issuer) throws MalformedCoseException {
    if (!(item instanceof Cbor.Array(List<Cbor> keys)) || keys.isEmpty()) {
      throw new MalformedCoseException(
          "keys: %s (expected: an array of COSE_Keys)".formatted(Shown.item(item)));
    }
    List<Entry> entries = new ArrayList<>();
    for (Cbor key : keys) {
      if (!(key instanceof Cbor.Table table)) {
        throw new MalformedCoseException(
            "key: %s (expected: a COSE_Key)".formatted(Shown.item(key)));
      }
      Headers map = new Headers("key", table);
      entries.add(new Entry(CoseKey.ofCose(map), issuer, kid(map)));
    }
    return List.copyOf(entries);
  }

  /// Services before scitt-ccf-ledger 0.18.1 have it as text.
  private static Optional<Cbor.Bytes> kid(Headers key) throws MalformedCoseException {
    Cbor label = Headers.label(2);
    return switch (key.find(label).orElse(new Cbor.Nil())) {
      case Cbor.Nil _ -> Optional.empty();
      case Cbor.Bytes bytes -> Optional.of(bytes);
      case Cbor.Text(String text) -> Optional.of(ofText(text));
      case Cbor other -> throw key.wrong(label, other, "bytes or text");
    };
  }

  /// A key's name that is text.
  public static Cbor.Bytes ofText(String kid) {
    return Cbor.Bytes.of(kid.getBytes(StandardCharsets.UTF_8));
  }

  /// The keys of a transparency trust list: a map of issuers to `{1: COSE_KeySet}`. Whether the
  /// list itself is to be trusted is the caller's matter.
  public static List<Entry> trustList(byte[] bytes) throws MalformedCoseException {
    if (!(CborReader.read(bytes) instanceof Cbor.Table list)) {
      throw new MalformedCoseException("trust list: another form (expected: a map of issuers)");
    }
    Headers issuers = new Headers("trust list", list);
    List<Entry> entries = new ArrayList<>();
    for (Cbor label : issuers.labels()) {
      if (!(label instanceof Cbor.Text(String issuer))) {
        throw new MalformedCoseException("trust list: an issuer that is no text");
      }
      Headers parts = issuers.headers(label).orElseThrow();
      entries.addAll(keySet(parts.find(Headers.label(1)).orElse(new Cbor.Nil()), issuer));
    }
    return List.copyOf(entries);
  }

  /// All of them.
  public List<Entry> entries() {
    return entries;
  }

  /// The key that a CCF service means by `kid`: the hex of the SHA-256 of its SubjectPublicKeyInfo,
  /// computed from the keys held and not taken from anywhere else.
  Optional<CoseKey> ccf(Cbor.Bytes kid, String issuer) {
    return entries.stream()
        .filter(entry -> isFor(entry, issuer))
        .map(Entry::key)
        .filter(key -> kid.equals(ofText(key.spkiSha256().toHex())))
        .findFirst();
  }

  /// The key that a service means by `kid`: its thumbprint (RFC 9679) or the name that it was
  /// configured with. Without one, the only key there is for that issuer.
  Optional<CoseKey> named(Optional<Cbor.Bytes> kid, String issuer) {
    List<Entry> candidates = entries.stream().filter(entry -> isFor(entry, issuer)).toList();
    if (kid.isEmpty()) {
      return candidates.size() == 1 ? Optional.of(candidates.getFirst().key()) : Optional.empty();
    }
    return candidates.stream()
        .filter(entry -> entry.kid().equals(kid) || isThumbprint(kid.get(), entry.key()))
        .map(Entry::key)
        .findFirst();
  }

  private static boolean isThumbprint(Cbor.Bytes kid, CoseKey key) {
    return kid.isEqualTo(key.thumbprint().toBytes())
        || kid.equals(ofText(key.spkiSha256().toHex()));
  }

  private static boolean isFor(Entry entry, String issuer) {
    return entry.issuer().isEmpty() || entry.issuer().equals(issuer);
  }
}
