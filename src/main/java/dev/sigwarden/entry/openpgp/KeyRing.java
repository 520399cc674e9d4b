package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sigwarden.entry.PgpSigner;
import java.util.ArrayList;
import java.util.List;

/// A signer that knows where the parts of its OpenPGP key lie, and checks its user ids when asked.
/// Immutable.
final class KeyRing implements PgpSigner {
  /// A range of the bytes, the end exclusive.
  record Place(int from, int to) {}

  /// Where a user id lies; its signatures are the packets in `[to, signaturesTo)`.
  record NamePart(int from, int to, int signaturesTo) {
    NamePart until(int end) {
      return new NamePart(from, to, end);
    }
  }

  private final byte[] bytes;
  private final Place primary;
  private final boolean isCheckable;
  private final List<PgpKey> keys;
  private final List<NamePart> names;

  KeyRing(
      byte[] bytes, Place primary, boolean isCheckable, List<PgpKey> keys, List<NamePart> names) {
    this.bytes = bytes;
    this.primary = primary;
    this.isCheckable = isCheckable;
    this.keys = List.copyOf(keys);
    this.names = List.copyOf(names);
  }

  @Override
  public List<PgpKey> keys() {
    return keys;
  }

  @Override
  public List<String> userIds() {
    return names.stream().map(this::text).toList();
  }

  @Override
  public List<PgpUserId> checkedUserIds() {
    SelfSignatures check = new SelfSignatures(bytes, primary, isCheckable);
    List<PgpUserId> checked = new ArrayList<>(names.size());
    for (NamePart name : names) {
      checked.add(new PgpUserId(text(name), check.of(name)));
    }
    return List.copyOf(checked);
  }

  private String text(NamePart name) {
    return new String(bytes, name.from(), name.to() - name.from(), UTF_8);
  }

  /// The fingerprint and the names, for a debugger or a failed test; text from the entry.
  @Override
  public String toString() {
    return "OpenPGP key %s %s".formatted(keys.getFirst().id().value(), userIds());
  }
}
