package dev.sigwarden.cose;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// The attributes of a certificate's subject by dotted OID.
final class SubjectAttributes {
  private static final Map<String, String> OIDS =
      Map.of(
          "CN", "2.5.4.3",
          "C", "2.5.4.6",
          "L", "2.5.4.7",
          "ST", "2.5.4.8",
          "STREET", "2.5.4.9",
          "O", "2.5.4.10",
          "OU", "2.5.4.11");

  private SubjectAttributes() {}

  /// The dotted OID of a key in a DID, which may be one already.
  static String oid(String key) {
    return OIDS.getOrDefault(key, key);
  }

  /// The values by dotted OID; none if the name cannot be read.
  static Map<String, List<String>> of(X509Certificate certificate) {
    Map<String, List<String>> found = new HashMap<>();
    try {
      // RFC 2253 escapes what would end a value early.
      String name = certificate.getSubjectX500Principal().getName("RFC2253");
      for (Rdn rdn : new LdapName(name).getRdns()) {
        NamingEnumeration<? extends Attribute> attributes = rdn.toAttributes().getAll();
        while (attributes.hasMore()) {
          Attribute attribute = attributes.next();
          for (int i = 0; i < attribute.size(); i++) {
            found
                .computeIfAbsent(oid(attribute.getID()), _ -> new ArrayList<>())
                .add(text(attribute.get(i)));
          }
        }
      }
    } catch (InvalidNameException _) {
      return Map.of();
    } catch (NamingException e) {
      throw new IllegalStateException("reading a name in memory", e);
    }
    return found;
  }

  /// A value; of an attribute without a name of its own the contents of a short DER string.
  private static String text(Object value) {
    if (!(value instanceof byte[] der)) {
      return String.valueOf(value);
    }
    boolean isShort = der.length >= 2 && der[1] == der.length - 2;
    return isShort ? new String(der, 2, der.length - 2, StandardCharsets.UTF_8) : "";
  }
}
