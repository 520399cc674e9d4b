package dev.sigwarden.alert;

/// One piece of what proves a finding offline: an entry, a proof, a checkpoint note.
public final class Evidence {
  private final String name;
  private final byte[] content;

  /// A piece with a file name of ours (`checkpoint.note`, `entry.bin`, `proof.json`) and its
  /// content.
  public Evidence(String name, byte[] content) {
    this.name = name;
    this.content = content.clone();
  }

  /// The file name.
  public String name() {
    return name;
  }

  /// How long the content is, in bytes.
  public int length() {
    return content.length;
  }

  /// A copy of the content.
  public byte[] toBytes() {
    return content.clone();
  }
}
