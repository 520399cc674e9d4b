package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Signed statements and receipts of our own making: an issuer with a certificate authority, a CCF
/// service, and the trees that the receipts are of.
public final class ScittForge {
  public static final String EKU = "1.3.6.1.4.1.311.10.3.13";
  public static final String SERVICE = "ledger.example";
  public static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final KeyPair authorityKey = ec("secp384r1");
  private final KeyPair leafKey = ec("secp256r1");
  private final KeyPair service = ec("secp384r1");
  private final byte[] authority =
      certificate("CN=Root,O=Acme", "CN=Root,O=Acme", authorityKey, authorityKey, true);
  private final byte[] leaf =
      certificate("CN=Signer,O=Acme,OU=a+OU=b", "CN=Root,O=Acme", leafKey, authorityKey, false);

  public static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair key(String family, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// A certificate; that of a signer has a key usage and two names.
  static byte[] certificate(
      String subject, String issuer, KeyPair key, KeyPair by, boolean isAuthority) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.TEN,
              Date.from(NOW.minusSeconds(86_400)),
              Date.from(NOW.plusSeconds(86_400)),
              new X500Name(subject),
              key.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (!isAuthority) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(EKU))));
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.rfc822Name, "sign@acme.example"),
                  new GeneralName(GeneralName.dNSName, "acme.example")
                }));
      }
      String algorithm =
          by.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA384withECDSA";
      return builder
          .build(new JcaContentSignerBuilder(algorithm).build(by.getPrivate()))
          .getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public byte[] leafCertificate() {
    return leaf.clone();
  }

  public byte[] authorityCertificate() {
    return authority.clone();
  }

  public KeyPair leafKey() {
    return leafKey;
  }

  public KeyPair authorityKey() {
    return authorityKey;
  }

  public KeyPair service() {
    return service;
  }

  /// The issuer whose chain the forge has, with these policies.
  public String did(String policies) {
    return "did:x509:0:sha256:%s::%s"
        .formatted(
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Hash.ofData(authority).toBytes()),
            policies);
  }

  public String did() {
    return did("eku:" + EKU);
  }

  /// The claims of an issuer about a feed.
  public static byte[] claims(String issuer, String feed, long svn) {
    return new CborWriter()
        .map(4)
        .integer(1)
        .text(issuer)
        .integer(2)
        .text(feed)
        .integer(6)
        .tag(1)
        .integer(NOW.getEpochSecond())
        .text("svn")
        .integer(svn)
        .toBytes();
  }

  /// A header of algorithm, claims and the chain.
  public byte[] header(String issuer, String feed, long svn) {
    return new CborWriter()
        .map(4)
        .integer(1)
        .integer(CoseAlgorithm.ES256.number())
        .integer(3)
        .text("text/plain")
        .integer(15)
        .encoded(claims(issuer, feed, svn))
        .integer(33)
        .array(2)
        .bytes(leaf)
        .bytes(authority)
        .toBytes();
  }

  /// A usual statement of the forge's issuer.
  public byte[] statement(String feed, String payload) {
    return sign(
        header(did(), feed, 7),
        payload.getBytes(StandardCharsets.UTF_8),
        CoseAlgorithm.ES256,
        leafKey.getPrivate());
  }

  /// A message with an empty unprotected header.
  public static byte[] sign(
      byte[] header, byte[] payload, CoseAlgorithm algorithm, PrivateKey key) {
    byte[] signature = signature(header, payload, algorithm, key);
    return new CborWriter()
        .tag(18)
        .array(4)
        .bytes(header)
        .map(0)
        .bytes(payload)
        .bytes(signature)
        .toBytes();
  }

  public static byte[] signature(
      byte[] header, byte[] payload, CoseAlgorithm algorithm, PrivateKey key) {
    byte[] toBeSigned =
        new CborWriter()
            .array(4)
            .text("Signature1")
            .bytes(header)
            .bytes(new byte[0])
            .bytes(payload)
            .toBytes();
    try {
      Signature signer =
          switch (algorithm) {
            case ES256, ES384, ES512 ->
                Signature.getInstance(algorithm.hash().replace("-", "") + "withECDSAinP1363Format");
            case PS256, PS384, PS512 -> {
              Signature pss = Signature.getInstance("RSASSA-PSS");
              int salt = Integer.parseInt(algorithm.hash().substring(4)) / 8;
              pss.setParameter(
                  new PSSParameterSpec(
                      algorithm.hash(), "MGF1", new MGF1ParameterSpec(algorithm.hash()), salt, 1));
              yield pss;
            }
            case EDDSA -> Signature.getInstance("Ed25519");
          };
      signer.initSign(key);
      signer.update(toBeSigned);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// The statement with receipts in its unprotected header.
  public static byte[] transparent(byte[] statement, byte[]... receipts) {
    try {
      CoseSign1 message = CoseSign1.parse(statement);
      CborWriter writer =
          new CborWriter()
              .tag(18)
              .array(4)
              .bytes(new CborWriter().item(message.protectedHeaders().table()).toBytes())
              .map(1)
              .integer(394)
              .array(receipts.length);
      for (byte[] receipt : receipts) {
        writer.bytes(receipt);
      }
      return writer.item(message.payload().orElseThrow()).item(message.signature()).toBytes();
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  public CoseKey serviceKey() {
    try {
      return CoseKey.of(service.getPublic());
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  public ReceiptKeys keys() {
    try {
      return ReceiptKeys.of(
          List.of(new ReceiptKeys.Entry(serviceKey(), SERVICE, java.util.Optional.empty())));
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  /// The receipt of the CCF service for a statement that transaction `registered` holds, signed in
  /// transaction `signed`.
  public byte[] receipt(byte[] statement, TxId registered, TxId signed) {
    Hash[] leaves = leaves((int) signed.seqno());
    byte[] leafParts = ccfLeaf(statement, registered);
    leaves[(int) registered.seqno()] = leafHash(statement, registered);
    CborWriter proof = new CborWriter().map(2).integer(1).encoded(leafParts).integer(2);
    List<byte[]> steps = path(leaves, (int) registered.seqno());
    proof.array(steps.size());
    steps.forEach(proof::encoded);
    return ccfReceipt(
        signed,
        new CborWriter().map(1).integer(-1).array(1).bytes(proof.toBytes()).toBytes(),
        root(leaves, 0, leaves.length));
  }

  /// A receipt with these proofs, over this root.
  public byte[] ccfReceipt(TxId signed, byte[] proofs, Hash root) {
    byte[] header =
        new CborWriter()
            .map(5)
            .integer(1)
            .integer(-35)
            .integer(4)
            .bytes(serviceKey().spkiSha256().toHex().getBytes(StandardCharsets.US_ASCII))
            .integer(395)
            .integer(2)
            .integer(15)
            .map(3)
            .integer(1)
            .text(SERVICE)
            .integer(2)
            .text("scitt.ccf.signature.v1")
            .integer(6)
            .integer(NOW.getEpochSecond())
            .text("ccf.v1")
            .map(1)
            .text("txid")
            .text(signed.toString())
            .toBytes();
    return new CborWriter()
        .tag(18)
        .array(4)
        .bytes(header)
        .map(1)
        .integer(396)
        .encoded(proofs)
        .nil()
        .bytes(signature(header, root.toBytes(), CoseAlgorithm.ES384, service.getPrivate()))
        .toBytes();
  }

  private static String evidence(TxId registered) {
    return "ce:%s:%s"
        .formatted(
            registered,
            Hash.ofData(registered.toString().getBytes(StandardCharsets.US_ASCII)).toHex());
  }

  private static byte[] ccfLeaf(byte[] statement, TxId registered) {
    return new CborWriter()
        .array(3)
        .bytes(new byte[32])
        .text(evidence(registered))
        .bytes(digest(statement).toBytes())
        .toBytes();
  }

  static Hash digest(byte[] statement) {
    try {
      return SignedStatement.parse(statement).claimsDigest();
    } catch (MalformedCoseException e) {
      throw new AssertionError(e);
    }
  }

  private static Hash leafHash(byte[] statement, TxId registered) {
    byte[] all = new byte[96];
    Hash.ofData(evidence(registered).getBytes(StandardCharsets.UTF_8)).copyTo(all, 32);
    digest(statement).copyTo(all, 64);
    return Hash.ofData(all);
  }

  /// Leaf 0 as every ledger has it, others of any content.
  static Hash[] leaves(int size) {
    Hash[] leaves = new Hash[size];
    for (int i = 0; i < size; i++) {
      leaves[i] = i == 0 ? Hash.of(new byte[32]) : Hash.ofData(new byte[] {(byte) i});
    }
    return leaves;
  }

  /// The tree by its definition, without regard for speed.
  static Hash root(Hash[] leaves, int from, int to) {
    if (to - from == 1) {
      return leaves[from];
    }
    int half = from + Integer.highestOneBit(to - from - 1);
    return CcfTree.node(root(leaves, from, half), root(leaves, half, to));
  }

  static TreeHead head(int size) {
    return new TreeHead(size, root(leaves(size), 0, size));
  }

  /// The path of a leaf, its sibling first, by the tree's definition.
  private static List<byte[]> path(Hash[] leaves, int index) {
    List<byte[]> steps = new ArrayList<>();
    path(leaves, 0, leaves.length, index, index + 1, steps);
    return steps;
  }

  /// Adds the siblings between the subtree `[a, b)` and the subtree `[from, to)`, lowest first.
  static void path(Hash[] leaves, int from, int to, int a, int b, List<byte[]> steps) {
    if (from == a && to == b) {
      return;
    }
    int half = from + Integer.highestOneBit(to - from - 1);
    boolean inLeft = b <= half;
    if (inLeft) {
      path(leaves, from, half, a, b, steps);
    } else {
      path(leaves, half, to, a, b, steps);
    }
    Hash sibling = inLeft ? root(leaves, half, to) : root(leaves, from, half);
    steps.add(new CborWriter().array(2).bool(!inLeft).bytes(sibling.toBytes()).toBytes());
  }
}
