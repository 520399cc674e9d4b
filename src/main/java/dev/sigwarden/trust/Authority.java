package dev.sigwarden.trust;

import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An authority that a trusted root names: its certificate, followed by those that vouch for it, up
/// to one that is trusted for itself. Sigstore protobuf-specs `CertificateAuthority`. Each was
/// checked to be issued by the next.
///
/// @param uri where the authority is; empty if not said
/// @param chain the certificate that issues first, the one that is trusted for itself last; `>= 1`
/// @param validity when it is to be believed, beside the certificates' own times
public record Authority(String uri, List<X509Certificate> chain, Validity validity) {
  /// Certificates of one chain: real ones have up to 3.
  private static final int MAX_CHAIN = 10;

  /// Bytes of one certificate of an authority.
  private static final int MAX_CERTIFICATE = 32 * 1024;

  /// Authorities in one PEM file.
  private static final int MAX_FILE = 64;

  /// 2.5.29.30: names that an authority may not go beyond.
  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  public Authority {
    chain = List.copyOf(chain);
  }

  /// Reads one of `certificateAuthorities`.
  static Authority issuing(JsonObject json) throws RefusedException {
    Authority authority = of(json);
    for (X509Certificate certificate : authority.chain) {
      mustIssue(json.path(), certificate);
    }
    return authority;
  }

  /// Reads one of `timestampAuthorities`, whose first certificate need not be an authority's.
  static Authority of(JsonObject json) throws RefusedException {
    List<X509Certificate> chain = new ArrayList<>();
    for (JsonObject certificate : json.object("certChain").objects("certificates", MAX_CHAIN)) {
      byte[] der = certificate.base64("rawBytes");
      if (der.length > MAX_CERTIFICATE) {
        throw certificate.wrong("rawBytes", der.length + " bytes", "<= " + MAX_CERTIFICATE);
      }
      List<X509Certificate> read = certificates(certificate.path(), der);
      if (read.size() != 1) {
        throw certificate.wrong("rawBytes", read.size() + " certificates", "one");
      }
      chain.add(read.getFirst());
    }
    if (chain.isEmpty()) {
      throw json.wrong("certChain", "no certificate", "at least one");
    }
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (!issued(chain.get(i), chain.get(i + 1))) {
        throw json.wrong(
            "certChain", "certificate %d is not issued by the next".formatted(i), "a chain");
      }
    }
    return new Authority(json.text("uri", ""), chain, Validity.of(json.optionalObject("validFor")));
  }

  /// The authorities in a PEM file: each certificate of it, followed by those that vouch for it.
  ///
  /// @param name what to call the file in messages
  static List<Authority> inPem(String name, String pem) throws RefusedException {
    List<X509Certificate> all = certificates(name, pem.getBytes(StandardCharsets.UTF_8));
    if (all.size() > MAX_FILE) {
      throw new RefusedException(
          "%s: %d certificates (expected: <= %d)".formatted(name, all.size(), MAX_FILE));
    }
    List<Authority> authorities = new ArrayList<>();
    for (X509Certificate certificate : all) {
      mustIssue(name, certificate);
      List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
      Optional<X509Certificate> next = issuer(certificate, all);
      while (next.isPresent() && chain.size() < MAX_CHAIN && !chain.contains(next.get())) {
        chain.add(next.get());
        next = issuer(next.get(), all);
      }
      authorities.add(new Authority("", chain, Validity.ALWAYS));
    }
    return authorities;
  }

  private static Optional<X509Certificate> issuer(
      X509Certificate certificate, List<X509Certificate> all) {
    return all.stream()
        .filter(other -> !other.equals(certificate) && issued(certificate, other))
        .findFirst();
  }

  private static void mustIssue(String name, X509Certificate certificate) throws RefusedException {
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
      throw new RefusedException(
          "%s: a certificate that may not issue others (expected: an authority's)".formatted(name));
    }
    if (certificate.getExtensionValue(NAME_CONSTRAINTS) != null) {
      throw new RefusedException(
          "%s: an authority with name constraints (expected: none, they are not supported)"
              .formatted(name));
    }
  }

  private static boolean issued(X509Certificate certificate, X509Certificate by) {
    if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(by.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static List<X509Certificate> certificates(String name, byte[] bytes)
      throws RefusedException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))) {
        X509Certificate x509 = (X509Certificate) certificate;
        // What is checked later is read from the original bytes.
        X509Parts.read(x509.getEncoded());
        found.add(x509);
      }
    } catch (GeneralSecurityException | MalformedDerException _) {
      throw new RefusedException(
          "%s: a broken certificate (expected: X.509 version 3)".formatted(name));
    }
    if (found.isEmpty()) {
      throw new RefusedException("%s: no certificate (expected: one or more)".formatted(name));
    }
    return found;
  }

  /// The distinguished name of the certificate that issues.
  public String name() {
    return chain.getFirst().getSubjectX500Principal().getName();
  }

  /// The parts of the certificate that issues.
  X509Parts issuer() {
    try {
      return X509Parts.read(chain.getFirst().getEncoded());
    } catch (GeneralSecurityException | MalformedDerException e) {
      throw new IllegalStateException("a certificate that was read before", e);
    }
  }
}
