package dev.sigwarden.entry;

/// One name in a certificate's SubjectAltName extension. RFC 5280 section 4.2.1.6.
///
/// @param kind which kind of GeneralName
/// @param value the name as text; for kinds without a text form a readable rendering of it. Text
///   from the entry, bounded
public record SubjectName(Kind kind, String value) {
  /// Kinds of GeneralName.
  public enum Kind {
    EMAIL("email"),
    URI("uri"),
    DNS("dns"),
    IP("ip"),
    OTHER("othername"),
    DIRECTORY("directory"),
    REGISTERED_ID("registered-id"),
    X400("x400"),
    EDI("edi");

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
