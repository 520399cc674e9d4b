package dev.sigwarden.merkle;

/// Where the hashes of perfect subtrees are kept: tiles, a test's map.
///
/// @param <E> what reading can throw
@FunctionalInterface
public interface NodeSource<E extends Exception> {
  /// The root of the perfect subtree over the leaves `[index << level, (index + 1) << level)`.
  Hash node(int level, long index) throws E;
}
