package dev.sigwarden.log;

/// A leaf, and what a log sent beside it, which no tree proves. A class and not a record for its
/// arrays, which are not to be written to.
public final class Beside {
  private final byte[] leaf;
  private final byte[] beside;

  /// Takes over both arrays.
  Beside(byte[] leaf, byte[] beside) {
    this.leaf = leaf;
    this.beside = beside;
  }

  /// The leaf.
  public byte[] leaf() {
    return leaf;
  }

  /// What was sent beside it, in the protocol's own form.
  public byte[] bytes() {
    return beside;
  }
}
