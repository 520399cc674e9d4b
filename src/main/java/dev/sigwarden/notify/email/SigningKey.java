package dev.sigwarden.notify.email;

import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.UnusableException;
import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/// The key that signs mail, and its certificate. The files are read again at each use, so that a
/// renewed certificate counts at once; nothing of the key is ever printed.
final class SigningKey {
  /// Bytes of a file; a key and a chain of certificates have a few thousand.
  private static final int MAX_FILE = 64 * 1024;

  /// Certificates of a chain.
  private static final int MAX_CHAIN = 10;

  /// Bits of an RSA key that are not too few. RFC 8551 section 4.
  private static final int MIN_RSA_BITS = 2048;

  private static final String WHOLE = "a key and its certificate";
  private static final String MAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  /// A name of type `rfc822Name` in a certificate. RFC 5280 section 4.2.1.6.
  private static final int MAIL_NAME = 1;

  /// A key and what goes with it.
  ///
  /// @param key the private key
  /// @param chain the certificate of the key, and those above it
  record Pair(PrivateKey key, List<X509Certificate> chain) {
    Pair {
      chain = List.copyOf(chain);
    }

    X509Certificate certificate() {
      return chain.getFirst();
    }

    /// The name of the signature algorithm.
    String algorithm() {
      return certificate().getPublicKey() instanceof ECPublicKey
          ? "SHA256withECDSA"
          : "SHA256withRSA";
    }

    /// Nothing of the key.
    @Override
    public String toString() {
      return "key of " + certificate().getSubjectX500Principal();
    }
  }

  private final Optional<Path> pkcs12;
  private final Optional<Path> pem;
  private final Optional<Secret> secret;
  private final String from;

  private SigningKey(
      Optional<Path> pkcs12, Optional<Path> pem, Optional<Secret> secret, String from) {
    this.pkcs12 = pkcs12;
    this.pem = pem;
    this.secret = secret;
    this.from = from;
  }

  /// Reads the section `smime`. A key that could not sign now is a problem.
  ///
  /// @param from the sender, whom the certificate must name if it names anybody
  static SigningKey read(Section section, MailAddress from) {
    Optional<Path> pkcs12 =
        section.optionalPath("pkcs12", "a PKCS #12 file with the key and its certificates");
    Optional<Path> pem =
        section.optionalPath(
            "certificate", "PEM certificates, the signer's first, in place of pkcs12");
    Optional<Secret> password = section.secret("password", "what the PKCS #12 file is locked with");
    Optional<Secret> key = section.secret("key", "the PEM key (PKCS #8) of certificate");
    boolean whole =
        pkcs12.isPresent()
            ? password.isPresent() && pem.isEmpty() && key.isEmpty()
            : password.isEmpty() && pem.isPresent() && key.isPresent();
    SigningKey signer =
        new SigningKey(pkcs12, pem, pkcs12.isPresent() ? password : key, from.toString());
    if (!whole) {
      section.problem(
          "certificate", "another choice of keys", "pkcs12 and password, or certificate and key");
      return signer;
    }
    try {
      Pair _ = signer.at(Instant.now());
    } catch (UnusableException e) {
      section.problem(
          pkcs12.isPresent() ? "pkcs12" : "certificate",
          String.valueOf(e.getMessage()),
          "a key and its certificate, for mail of " + from);
    }
    return signer;
  }

  /// The key, if it may sign at that time.
  ///
  /// @throws UnusableException if a person has to change something first
  Pair at(Instant now) throws UnusableException {
    try {
      String text = secret.orElseThrow().read();
      Path file = pkcs12.or(() -> pem).orElseThrow();
      return checked(bytes(file), pkcs12.isPresent(), text, from, now);
    } catch (UnusableException e) {
      throw e;
    } catch (FileSystemException e) {
      throw unusable(PeerWords.of(e), WHOLE);
    } catch (IOException e) {
      throw unusable("cannot be read", WHOLE);
    }
  }

  /// The key and the certificates of these files, if they may sign at that time.
  ///
  /// @param file of PKCS #12, or certificates in PEM
  /// @param text what the file is locked with, or the key in PEM
  /// @param from the sender
  static Pair checked(byte[] file, boolean pkcs12, String text, String from, Instant now)
      throws UnusableException {
    try {
      Pair pair = pkcs12 ? ofPkcs12(file, text) : ofPem(file, text);
      check(pair, from, now);
      return pair;
    } catch (UnusableException e) {
      throw e;
    } catch (IOException | GeneralSecurityException e) {
      // What a parser of keys says could hold some of one.
      throw unusable("cannot be read", WHOLE);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] read = in.readNBytes(MAX_FILE + 1);
      if (read.length > MAX_FILE) {
        throw unusable("a file of more than %d bytes".formatted(MAX_FILE), "a key file");
      }
      return read;
    }
  }

  private static Pair ofPkcs12(byte[] file, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(file), password.toCharArray());
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    if (keys.size() != 1) {
      throw unusable(keys.size() + " keys", "one");
    }
    Certificate[] chain = store.getCertificateChain(keys.getFirst());
    return store.getKey(keys.getFirst(), password.toCharArray()) instanceof PrivateKey key
            && chain != null
        ? new Pair(key, x509(List.of(chain)))
        : none();
  }

  private static Pair ofPem(byte[] file, String key) throws IOException, GeneralSecurityException {
    List<X509Certificate> chain =
        x509(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(file)));
    try (PemReader reader = new PemReader(new StringReader(key))) {
      PemObject object = reader.readPemObject();
      if (object == null || !object.getType().equals("PRIVATE KEY")) {
        throw unusable("another key", "-----BEGIN PRIVATE KEY----- (PKCS #8, without a password)");
      }
      String type = chain.getFirst().getPublicKey().getAlgorithm();
      return new Pair(
          KeyFactory.getInstance(type)
              .generatePrivate(new PKCS8EncodedKeySpec(object.getContent())),
          chain);
    } catch (IllegalArgumentException e) {
      // Base64 that is none.
      throw new IOException("a key that cannot be read", e);
    }
  }

  private static List<X509Certificate> x509(Iterable<? extends Certificate> certificates)
      throws UnusableException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : certificates) {
      if (certificate instanceof X509Certificate x509) {
        chain.add(x509);
      }
    }
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      throw unusable(chain.size() + " certificates", "1 to " + MAX_CHAIN);
    }
    return chain;
  }

  private static void check(Pair pair, String from, Instant now)
      throws UnusableException, GeneralSecurityException {
    X509Certificate certificate = pair.certificate();
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      throw unusable(
          "certificate valid from %s to %s"
              .formatted(
                  certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()),
          "valid now");
    }
    switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() >= MIN_RSA_BITS -> {}
      case ECPublicKey _ -> {}
      default -> throw unusable("another kind of key", "RSA of 2048 bits or more, or EC");
    }
    boolean[] usage = certificate.getKeyUsage();
    List<String> purposes = certificate.getExtendedKeyUsage();
    if ((usage != null && !usage[0] && !usage[1])
        || (purposes != null
            && !purposes.contains(MAIL_PROTECTION)
            && !purposes.contains(ANY_PURPOSE))) {
      throw unusable("a certificate for other purposes", "signatures of mail");
    }
    List<String> names = mailNames(certificate);
    if (!names.isEmpty() && !names.contains(from.toLowerCase(Locale.ROOT))) {
      throw unusable("a certificate of " + PeerWords.clean(String.join(", ", names)), from);
    }
    Signature test = Signature.getInstance(pair.algorithm());
    test.initSign(pair.key());
    test.update(from.getBytes(StandardCharsets.UTF_8));
    byte[] signature = test.sign();
    test.initVerify(certificate);
    test.update(from.getBytes(StandardCharsets.UTF_8));
    if (!test.verify(signature)) {
      throw unusable("a certificate of another key", "the key's own");
    }
  }

  /// In lowercase: mail systems take no account of it.
  private static List<String> mailNames(X509Certificate certificate)
      throws GeneralSecurityException {
    List<String> names = new ArrayList<>();
    var all = certificate.getSubjectAlternativeNames();
    if (all != null) {
      for (List<?> name : all) {
        if (Integer.valueOf(MAIL_NAME).equals(name.get(0))) {
          names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  private static Pair none() throws UnusableException {
    throw unusable("no key with a certificate", "one");
  }

  private static UnusableException unusable(String found, String expected) {
    return new UnusableException("smime: %s (expected: %s)".formatted(found, expected));
  }
}
