package dev.sigwarden.entry.ct;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.CertificateForge;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Makes certificates and leaves byte by byte, well-formed or not, with signatures that hold.
public final class CtForge {
  public static final int OTHER_NAME = 0xa0;
  public static final int EMAIL = 0x81;
  public static final int DNS = 0x82;
  public static final int DIRECTORY = 0xa4;
  public static final int URI = 0x86;
  public static final int IP = 0x87;
  public static final int UTF8 = 0x0c;
  public static final int PRINTABLE = 0x13;
  public static final int TELETEX = 0x14;
  public static final int UNIVERSAL = 0x1c;
  public static final int BMP = 0x1e;

  public static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
  public static final byte[] ORGANISATION = {0x55, 0x04, 0x0a};
  public static final byte[] EMAIL_ADDRESS = HexFormat.of().parseHex("2a864886f70d010901");

  private static final byte[] SAN = {0x55, 0x1d, 0x11};
  private static final byte[] TIMESTAMPS = HexFormat.of().parseHex("2b06010401d679020402");
  private static final byte[] POISON = HexFormat.of().parseHex("2b06010401d679020403");
  private static final byte[] KEY_IDENTIFIER = {0x55, 0x1d, 0x0e};

  /// ecdsa-with-SHA256.
  private static final byte[] ALGORITHM = HexFormat.of().parseHex("300a06082a8648ce3d040302");

  private static final byte[] VALIDITY =
      tlv(0x30, tlv(0x17, ascii("260603192326Z")), tlv(0x17, ascii("360603193326Z")));

  public static final KeyPair AUTHORITY = keys();

  private final List<byte[]> extensions = new ArrayList<>();
  private byte[] subject = name();
  private byte[] issuer = name(attribute(ORGANISATION, UTF8, ascii("Test Authority")));
  private byte[] key = CertificateForge.KEY;
  private byte[] afterKey = {};

  /// A new P-256 key.
  public static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A certificate for these hosts.
  public static CtForge hosts(String... hosts) {
    return new CtForge()
        .names(Arrays.stream(hosts).map(host -> tlv(DNS, ascii(host))).toArray(byte[][]::new));
  }

  /// A certificate with this common name and nothing else.
  public static CtForge commonName(int tag, byte[] text) {
    return new CtForge().subject(name(attribute(COMMON_NAME, tag, text)));
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// One element.
  public static byte[] tlv(int tag, byte[]... contents) {
    byte[] all = joined(contents);
    int length = all.length;
    byte[] header =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : length < 0x10000
                    ? new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length}
                    : new byte[] {
                      (byte) tag,
                      (byte) 0x83,
                      (byte) (length >> 16),
                      (byte) (length >> 8),
                      (byte) length
                    };
    return joined(header, all);
  }

  public static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /// An attribute of a distinguished name.
  public static byte[] attribute(byte[] oid, int tag, byte[] text) {
    return tlv(0x30, tlv(0x06, oid), tlv(tag, text));
  }

  /// A distinguished name, each attribute in a relative name of its own.
  public static byte[] name(byte[]... attributes) {
    return tlv(0x30, Arrays.stream(attributes).map(one -> tlv(0x31, one)).toArray(byte[][]::new));
  }

  public CtForge subject(byte[] name) {
    subject = name;
    return this;
  }

  public CtForge issuer(byte[] name) {
    issuer = name;
    return this;
  }

  public CtForge key(byte[] spki) {
    key = spki;
    return this;
  }

  /// Elements behind the key, before the extensions.
  public CtForge afterKey(byte[] elements) {
    afterKey = elements;
    return this;
  }

  /// A SubjectAltName extension with these names, one more each time.
  public CtForge names(byte[]... generalNames) {
    return nameExtension(tlv(0x30, generalNames));
  }

  /// A SubjectAltName extension with these bytes as its value.
  public CtForge nameExtension(byte[] value) {
    return element(tlv(0x30, tlv(0x06, SAN), tlv(0x04, value)));
  }

  public CtForge timestamps(byte[] list) {
    return element(tlv(0x30, tlv(0x06, TIMESTAMPS), tlv(0x04, tlv(0x04, list))));
  }

  public CtForge poison() {
    return element(
        tlv(
            0x30,
            tlv(0x06, POISON),
            tlv(0x01, new byte[] {-1}),
            tlv(0x04, new byte[] {0x05, 0x00})));
  }

  public CtForge keyIdentifier(byte[] value) {
    return element(tlv(0x30, tlv(0x06, KEY_IDENTIFIER), tlv(0x04, tlv(0x04, value))));
  }

  /// Anything in the place of an extension.
  public CtForge element(byte[] extension) {
    extensions.add(extension);
    return this;
  }

  /// The TBSCertificate.
  public byte[] tbs() {
    byte[] list =
        extensions.isEmpty()
            ? new byte[0]
            : tlv(0xa3, tlv(0x30, extensions.toArray(byte[][]::new)));
    return tlv(
        0x30,
        tlv(0xa0, tlv(0x02, new byte[] {2})),
        tlv(0x02, new byte[] {0x12, 0x34}),
        ALGORITHM,
        issuer,
        VALIDITY,
        subject,
        key,
        afterKey,
        list);
  }

  /// The certificate, signed by `AUTHORITY`.
  public byte[] certificate() {
    return certificate(tbs(), AUTHORITY);
  }

  /// A certificate around this TBSCertificate.
  public static byte[] certificate(byte[] tbs, KeyPair authority) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(authority.getPrivate());
      signature.update(tbs);
      return tlv(0x30, tbs, ALGORITHM, tlv(0x03, joined(new byte[1], signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The leaf of the certificate.
  public byte[] leaf() {
    return x509Leaf(certificate());
  }

  /// The leaf of a precertificate issued by `AUTHORITY`: this TBSCertificate as it is.
  public byte[] precertLeaf() {
    byte[] spki = AUTHORITY.getPublic().getEncoded();
    return precertLeaf(Digest.sha256(spki, 0, spki.length).toBytes(), tbs());
  }

  /// The leaf of any bytes as a certificate.
  public static byte[] x509Leaf(byte[] certificate) {
    return joined(header(0), u24(certificate.length), certificate, new byte[2]);
  }

  /// The leaf of any bytes as a TBSCertificate.
  public static byte[] precertLeaf(byte[] issuerKeySha256, byte[] tbs) {
    return joined(header(1), issuerKeySha256, u24(tbs.length), tbs, new byte[2]);
  }

  private static byte[] header(int type) {
    return ByteBuffer.allocate(12)
        .putShort((short) 0)
        .putLong(1_780_000_000_000L)
        .putShort((short) type)
        .array();
  }

  private static byte[] u24(int length) {
    return new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length};
  }
}
