package dev.sigwarden.ledger;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files with keys of transparency services, in the forms that services and their clients have:
/// JSON Web Keys (`/jwks`), those by issuer (a trust list), certificates of an Azure ledger's
/// `parameters`, a COSE_KeySet (`/.well-known/scitt-keys`), a trust list in CBOR, or PEM.
///
/// Reading says nothing of trust: whoever names the file trusts what is in it.
public final class ServiceKeys {
  /// What such a file is, for messages.
  public static final String EXPECTED = "keys as PEM, JSON Web Keys, COSE_KeySet or trust list";

  /// The longest file in bytes: 256 keys as JSON have under 100 KiB, certificates some more.
  public static final int MAX_BYTES = 1 << 20;

  private static final Map<String, String> CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  private static final int CBOR_ARRAY = 4;
  private static final int CBOR_MAP = 5;

  private ServiceKeys() {}

  /// The keys in a file of any of the forms, told by its first byte.
  public static List<ReceiptKeys.Entry> read(byte[] bytes) throws RefusedException {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new RefusedException(
          "keys: %d bytes (expected: 1 to %d)".formatted(bytes.length, MAX_BYTES));
    }
    try {
      return switch (bytes[0]) {
        case '{' -> json(JsonObject.parse("keys", bytes, MAX_BYTES));
        case '-' -> List.of(new ReceiptKeys.Entry(pem(bytes), "", Optional.empty()));
        default ->
            switch ((bytes[0] & 0xff) >> 5) {
              case CBOR_ARRAY -> ReceiptKeys.keySet(bytes, "");
              case CBOR_MAP -> ReceiptKeys.trustList(bytes);
              default ->
                  throw new RefusedException(
                      "keys: first byte 0x%02x (expected: %s)"
                          .formatted(bytes[0] & 0xff, EXPECTED));
            };
      };
    } catch (MalformedCoseException e) {
      throw new RefusedException("keys: " + e.getMessage());
    }
  }

  private static List<ReceiptKeys.Entry> json(JsonObject file)
      throws RefusedException, MalformedCoseException {
    if (file.has("keys")) {
      return webKeys(file, "");
    }
    List<ReceiptKeys.Entry> entries = new ArrayList<>();
    if (file.has("parameters")) {
      for (JsonObject one : file.objects("parameters", ReceiptKeys.MAX_KEYS)) {
        CoseKey key = certificateKey(one.base64("serviceCertificate"));
        entries.add(new ReceiptKeys.Entry(key, "", Optional.empty()));
      }
      return entries;
    }
    for (String issuer : file.names()) {
      entries.addAll(webKeys(file.object(issuer), issuer));
    }
    if (entries.isEmpty()) {
      throw new RefusedException("keys: none (expected: %s)".formatted(EXPECTED));
    }
    return entries;
  }

  private static List<ReceiptKeys.Entry> webKeys(JsonObject file, String issuer)
      throws RefusedException, MalformedCoseException {
    List<ReceiptKeys.Entry> entries = new ArrayList<>();
    for (JsonObject key : file.objects("keys", ReceiptKeys.MAX_KEYS)) {
      Optional<Cbor.Bytes> kid =
          key.has("kid") ? Optional.of(ReceiptKeys.ofText(key.text("kid"))) : Optional.empty();
      entries.add(new ReceiptKeys.Entry(webKey(key), issuer, kid));
    }
    return entries;
  }

  /// RFC 7518 section 6.2, RFC 8037 section 2.
  private static CoseKey webKey(JsonObject key) throws RefusedException, MalformedCoseException {
    String type = key.text("kty");
    String curve = key.text("crv", "");
    if (type.equals("OKP") && curve.equals("Ed25519")) {
      return CoseKey.ofEd25519(base64Url(key, "x"));
    }
    String name = CURVES.get(curve);
    if (!type.equals("EC") || name == null) {
      throw key.wrong("kty", type + " " + curve, "EC on P-256, P-384 or P-521, or OKP Ed25519");
    }
    return CoseKey.ofPoint(name, base64Url(key, "x"), base64Url(key, "y"));
  }

  private static byte[] base64Url(JsonObject key, String name) throws RefusedException {
    String text = key.text(name);
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // Said below, like one that is not canonical.
    }
    throw key.wrong(name, text, "unpadded base64url");
  }

  /// The key of a PEM file with one public key or certificate.
  public static CoseKey pem(byte[] text) throws RefusedException {
    try {
      return isCertificate(text)
          ? certificateKey(Pem.block(text, "CERTIFICATE"))
          : CoseKey.ofSpki(Pem.block(text, "PUBLIC KEY"));
    } catch (MalformedSignerException | MalformedCoseException e) {
      throw new RefusedException("key: " + e.getMessage());
    }
  }

  /// The certificate of a PEM file; empty if it has a key alone.
  static Optional<X509Certificate> certificate(byte[] text) throws RefusedException {
    try {
      return isCertificate(text)
          ? Optional.of(readCertificate(Pem.block(text, "CERTIFICATE")))
          : Optional.empty();
    } catch (MalformedSignerException | MalformedCoseException e) {
      throw new RefusedException("certificate: " + e.getMessage());
    }
  }

  private static boolean isCertificate(byte[] text) {
    String start = new String(text, 0, Math.min(text.length, 64), StandardCharsets.ISO_8859_1);
    return start.startsWith("-----BEGIN CERTIFICATE-----");
  }

  /// The key in a certificate in DER; nothing else of it counts.
  static CoseKey certificateKey(byte[] der) throws MalformedCoseException {
    return CoseKey.of(readCertificate(der).getPublicKey());
  }

  private static X509Certificate readCertificate(byte[] der) throws MalformedCoseException {
    try {
      if (CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der))
              instanceof X509Certificate read
          && Arrays.equals(read.getEncoded(), der)) {
        return read;
      }
    } catch (CertificateException _) {
      // Said below, like one with something behind it.
    }
    throw new MalformedCoseException(
        "certificate of %d bytes cannot be read".formatted(der.length));
  }
}
