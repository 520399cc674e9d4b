package dev.sigwarden.cose;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// An issuer that names a certificate authority by its hash and what the certificates below it have
/// to say: `did:x509:0:sha256:HASH::eku:OID` for example. draft-birkholz-did-x509-03.
///
/// @param did the whole text
/// @param algorithm the JDK's name of the hash, `SHA-256` for example
/// @param authority the hash of the authority's certificate
/// @param policies in order, at least one
record DidX509(String did, String algorithm, Cbor.Bytes authority, List<Policy> policies) {
  private static final String PREFIX = "did:x509:";

  /// The longest DID in characters; real ones have under 300.
  private static final int MAX_CHARS = 4_096;

  /// Policies of one DID; real ones have one.
  private static final int MAX_POLICIES = 16;

  private static final Map<String, String> HASHES =
      Map.of("sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

  private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,17})){1,40}");

  /// SubjectAltName kinds by their number in a GeneralName. RFC 5280 section 4.2.1.6.
  private static final Map<String, Integer> NAMES = Map.of("email", 1, "dns", 2, "uri", 6);

  /// What a certificate has to say.
  ///
  /// @param written as in the DID, `eku:1.3.6.1.4.1.311.76.59.1.2` for example
  /// @param name `eku`, `subject`, `san` or `fulcio-issuer`
  /// @param values what follows, decoded
  record Policy(String written, String name, List<String> values) {}

  DidX509 {
    policies = List.copyOf(policies);
  }

  /// Whether the issuer says of itself that it is one.
  static boolean isOne(String issuer) {
    return issuer.startsWith(PREFIX);
  }

  static DidX509 parse(String did) throws MalformedCoseException {
    String[] parts = did.split("::", -1);
    String[] authority = parts[0].split(":", -1);
    boolean formed =
        did.length() <= MAX_CHARS
            && parts.length > 1
            && parts.length <= 1 + MAX_POLICIES
            && authority.length == 5
            && parts[0].startsWith(PREFIX)
            && authority[2].equals("0");
    if (!formed) {
      throw malformed(did, "did:x509:0:HASH-NAME:HASH::POLICY:VALUE");
    }
    String algorithm = HASHES.get(authority[3]);
    if (algorithm == null) {
      throw malformed(did, "sha256, sha384 or sha512");
    }
    List<Policy> policies = new ArrayList<>();
    for (String policy : Arrays.asList(parts).subList(1, parts.length)) {
      policies.add(policy(did, policy));
    }
    return new DidX509(did, algorithm, hash(did, authority[4], algorithm), policies);
  }

  private static Cbor.Bytes hash(String did, String text, String algorithm)
      throws MalformedCoseException {
    int length = Integer.parseInt(algorithm.substring(4)) / 8;
    try {
      byte[] hash = Base64.getUrlDecoder().decode(text);
      boolean canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(hash).equals(text);
      if (hash.length == length && canonical) {
        return Cbor.Bytes.of(hash);
      }
    } catch (IllegalArgumentException _) {
      // Said below, like a hash of another length.
    }
    throw malformed(did, "a hash of %d bytes in unpadded base64url".formatted(length));
  }

  private static Policy policy(String did, String written) throws MalformedCoseException {
    String[] parts = written.split(":", -1);
    List<String> values = new ArrayList<>();
    for (String value : Arrays.asList(parts).subList(1, parts.length)) {
      values.add(decoded(did, value));
    }
    boolean formed =
        values.stream().noneMatch(String::isEmpty)
            && switch (parts[0]) {
              case "eku" -> values.size() == 1 && OID.matcher(values.getFirst()).matches();
              case "subject" -> !values.isEmpty() && values.size() % 2 == 0;
              case "san" -> values.size() == 2 && NAMES.containsKey(values.getFirst());
              case "fulcio-issuer" -> values.size() == 1;
              default -> false;
            };
    if (!formed) {
      throw malformed(
          did, "policies eku:OID, subject:KEY:VALUE, san:KIND:VALUE and fulcio-issuer:HOST");
    }
    return new Policy(written, parts[0], List.copyOf(values));
  }

  /// Percent-decoded. RFC 3986 section 2.1.
  private static String decoded(String did, String value) throws MalformedCoseException {
    if (value.indexOf('%') < 0) {
      return value;
    }
    ByteBuffer bytes = ByteBuffer.allocate(value.length() * 3);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '%') {
        bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
      int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw malformed(did, "two hex digits behind each %");
      }
      bytes.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedCoseException("issuer %s: not UTF-8".formatted(Shown.text(did)), e);
    }
  }

  private static MalformedCoseException malformed(String did, String expected) {
    return new MalformedCoseException(
        "issuer: %s (expected: %s)".formatted(Shown.text(did), expected));
  }

  /// Why the DID does not stand for the chain's first certificate; empty if it does: an authority
  /// above it has the hash, and it fulfils each policy.
  Optional<String> mismatch(CertificateChain chain) {
    boolean found = chain.authorities().stream().anyMatch(this::isAuthority);
    if (!found) {
      return Optional.of("no authority in x5chain has the hash that the issuer names");
    }
    for (Policy policy : policies) {
      if (!holds(policy, chain.leaf())) {
        return Optional.of(
            "the certificate does not fulfil the issuer's " + Shown.text(policy.written()));
      }
    }
    return Optional.empty();
  }

  private boolean isAuthority(X509Certificate certificate) {
    try {
      return authority.isEqualTo(
          MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read, and a hash of SHA-2", e);
    }
  }

  private static boolean holds(Policy policy, X509Certificate leaf) {
    try {
      return switch (policy.name()) {
        case "eku" -> {
          List<String> usages = leaf.getExtendedKeyUsage();
          yield usages != null && usages.contains(policy.values().getFirst());
        }
        case "subject" -> isSubset(policy.values(), SubjectAttributes.of(leaf));
        case "san" -> isNamed(policy.values().get(0), policy.values().get(1), leaf);
        default -> ("https://" + policy.values().getFirst()).equals(fulcioIssuer(leaf));
      };
    } catch (CertificateParsingException _) {
      // What cannot be read does not hold.
      return false;
    }
  }

  private static boolean isSubset(List<String> pairs, Map<String, List<String>> subject) {
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      String key = SubjectAttributes.oid(pairs.get(i));
      boolean repeated = seen.put(key, pairs.get(i + 1)) != null;
      if (repeated || !subject.getOrDefault(key, List.of()).contains(pairs.get(i + 1))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNamed(String kind, String value, X509Certificate leaf)
      throws CertificateParsingException {
    var names = leaf.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .anyMatch(
                name -> Objects.equals(NAMES.get(kind), name.get(0)) && value.equals(name.get(1)));
  }

  /// The extension 1.3.6.1.4.1.57264.1.1, whose value is text and no DER.
  private static String fulcioIssuer(X509Certificate leaf) {
    byte[] value = leaf.getExtensionValue("1.3.6.1.4.1.57264.1.1");
    // An OCTET STRING with a short length; what is longer is no issuer here.
    boolean isShort = value != null && value.length > 2 && value[1] == value.length - 2;
    return isShort ? new String(value, 2, value.length - 2, StandardCharsets.UTF_8) : "";
  }

  /// What a watch may ask for: the DID up to its policies, and each policy.
  List<String> parts() {
    List<String> parts = new ArrayList<>();
    parts.add(did.substring(0, did.indexOf("::")));
    policies.forEach(policy -> parts.add(policy.written()));
    return parts;
  }
}
