package dev.sigwarden.entry;

/// One name in a certificate: in its SubjectAltName extension (RFC 5280 section 4.2.1.6), or a
/// common name of a distinguished name.
///
/// @param kind which kind of GeneralName, or `COMMON_NAME`
/// @param value the name as text; for kinds without a text form a readable rendering of it. Text
///   from the entry, bounded
public record SubjectName(Kind kind, String value) {
  /// Kinds of GeneralName, and the common name.
  public enum Kind {
    EMAIL("email"),
    URI("uri"),
    DNS("dns"),
    IP("ip"),
    OTHER("othername"),
    DIRECTORY("directory"),
    REGISTERED_ID("registered-id"),
    X400("x400"),
    EDI("edi"),
    /// An attribute of a distinguished name (2.5.4.3), which older clients take for a host name.
    COMMON_NAME("common-name");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /// The name used in text.
    public String label() {
      return label;
    }
  }
}
