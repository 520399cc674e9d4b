package dev.sigwarden.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.junit.jupiter.api.Test;

/// Entries of public logs, decoded here and, as the judge, by Jackson's tree model with the JDK's
/// and Bouncy Castle's certificates.
class RealEntriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  private record RealEntry(String file, byte[] body, JsonNode json) {
    String kind() {
      return json.get("kind").asText();
    }

    String version() {
      return json.get("apiVersion").asText();
    }
  }

  private final EntryDecoder decoder = Decoders.found().forFormat("rekor");

  @Test
  void agree_with_the_judge_in_every_respect() throws Exception {
    TreeMap<String, Integer> seen = new TreeMap<>();
    for (RealEntry entry : entries()) {
      if (!List.of("hashedrekord", "dsse", "intoto").contains(entry.kind())) {
        continue;
      }
      seen.merge(entry.kind() + " " + entry.version(), 1, Integer::sum);
      Decoded decoded = decoder.decode(EntryBytes.of(entry.body));
      assertThat(decoded).as(entry.file).isInstanceOf(Decoded.Event.class);
      SigningEvent event = ((Decoded.Event) decoded).event();
      assertThat(event.kind()).isEqualTo(entry.kind());
      assertThat(event.version()).isEqualTo(entry.version());
      assertThat(event.artifacts().stream().map(a -> a.digest().toHex()).sorted())
          .as(entry.file)
          .containsExactlyElementsOf(digests(entry.json).stream().sorted().toList());
      List<byte[]> verifiers = verifiers(entry.json);
      assertThat(event.signers()).as(entry.file).hasSameSizeAs(verifiers);
      for (int i = 0; i < verifiers.size(); i++) {
        compare(entry.file, event.signers().get(i), verifiers.get(i));
      }
    }
    assertThat(seen)
        .containsKeys(
            "hashedrekord 0.0.1", "hashedrekord 0.0.2", "dsse 0.0.1", "dsse 0.0.2", "intoto 0.0.2");
    assertThat(seen.values().stream().mapToInt(n -> n).sum()).isGreaterThanOrEqualTo(30);
  }

  @Test
  void all_are_understood_but_for_a_version_that_never_was() throws Exception {
    List<String> undecodable = new ArrayList<>();
    for (RealEntry entry : entries()) {
      if (decoder.decode(EntryBytes.of(entry.body)) instanceof Decoded.Undecodable(String why)) {
        undecodable.add(why);
      }
    }
    assertThat(undecodable).containsExactly("jar entry: version 0.0.2 (expected: one of [0.0.1])");
  }

  private static void compare(String file, Signer signer, byte[] derOrKey) throws Exception {
    if (!(signer instanceof CertificateSigner ours)) {
      assertThat(signer.keySha256().toHex()).as(file).isEqualTo(sha256(derOrKey));
      return;
    }
    X509Certificate theirs =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(derOrKey));
    assertThat(ours.toDer()).isEqualTo(theirs.getEncoded());
    assertThat(ours.certificateSha256().toHex()).isEqualTo(sha256(theirs.getEncoded()));
    assertThat(ours.keySha256().toHex()).isEqualTo(sha256(theirs.getPublicKey().getEncoded()));
    assertThat(ours.notBefore()).isEqualTo(theirs.getNotBefore().toInstant());
    assertThat(ours.notAfter()).isEqualTo(theirs.getNotAfter().toInstant());
    assertThat(new java.math.BigInteger(ours.serial(), 16)).isEqualTo(theirs.getSerialNumber());
    assertThat(ours.subjectDn()).isEqualTo(theirs.getSubjectX500Principal().getName("RFC2253"));
    if (!theirs.getIssuerX500Principal().getName("RFC2253").contains("#")) {
      assertThat(ours.issuerDn()).isEqualTo(theirs.getIssuerX500Principal().getName("RFC2253"));
    }
    assertThat(ours.subjects().stream().map(SubjectName::value))
        .as(file)
        .containsExactlyElementsOf(names(theirs));
    TreeMap<String, String> extensions = new TreeMap<>();
    for (String oid : theirs.getNonCriticalExtensionOIDs()) {
      if (oid.startsWith(FULCIO)) {
        extensions.put(oid, extension(oid, theirs.getExtensionValue(oid)));
      }
    }
    assertThat(new TreeMap<>(ours.extensions())).as(file).isEqualTo(extensions);
    assertThat(ours.issuer())
        .isEqualTo(extensions.getOrDefault(FULCIO + 8, extensions.getOrDefault(FULCIO + 1, "")));
    assertThat(ours.oddities()).as(file).isEmpty();
  }

  private static List<String> names(X509Certificate certificate) throws IOException {
    byte[] extension = certificate.getExtensionValue("2.5.29.17");
    List<String> names = new ArrayList<>();
    if (extension == null) {
      return names;
    }
    for (GeneralName name :
        GeneralNames.getInstance(ASN1OctetString.getInstance(extension).getOctets()).getNames()) {
      if (name.getTagNo() == GeneralName.otherName) {
        ASN1Sequence other = ASN1Sequence.getInstance(name.getName());
        names.add(
            ((ASN1String) ((ASN1TaggedObject) other.getObjectAt(1)).getExplicitBaseObject())
                .getString());
      } else {
        names.add(((ASN1String) name.getName()).getString());
      }
    }
    return names;
  }

  private static String extension(String oid, byte[] wrapped) throws IOException {
    byte[] value = ASN1OctetString.getInstance(wrapped).getOctets();
    int arc = Integer.parseInt(oid.substring(FULCIO.length()));
    return arc < 7
        ? new String(value, StandardCharsets.UTF_8)
        : ((ASN1String) ASN1Primitive.fromByteArray(value)).getString();
  }

  private static List<String> digests(JsonNode json) {
    List<String> found = new ArrayList<>();
    for (JsonNode hash : json.findValues("hash")) {
      found.add(hash.get("value").asText());
    }
    for (String name : List.of("envelopeHash", "payloadHash")) {
      for (JsonNode hash : json.findValues(name)) {
        found.add(hash.has("value") ? hash.get("value").asText() : hex(hash.get("digest")));
      }
    }
    for (JsonNode data : json.findValues("data")) {
      if (data.has("digest")) {
        found.add(hex(data.get("digest")));
      }
    }
    return found;
  }

  /// The DER of each verifier's certificate or key, in order.
  private static List<byte[]> verifiers(JsonNode json) throws IOException {
    List<byte[]> found = new ArrayList<>();
    for (JsonNode raw : json.findValues("rawBytes")) {
      found.add(Base64.getDecoder().decode(raw.asText()));
    }
    List<JsonNode> pems = new ArrayList<>();
    json.findValues("publicKey").stream()
        .filter(key -> key.has("content"))
        .forEach(key -> pems.add(key.get("content")));
    json.findValues("publicKey").stream().filter(JsonNode::isTextual).forEach(pems::add);
    json.findValues("verifier").stream().filter(JsonNode::isTextual).forEach(pems::add);
    for (JsonNode pem : pems) {
      String text = new String(Base64.getDecoder().decode(pem.asText()), StandardCharsets.UTF_8);
      try (PemReader reader = new PemReader(new StringReader(text))) {
        PemObject first = reader.readPemObject();
        found.add(first.getContent());
      }
    }
    return found;
  }

  private static String hex(JsonNode base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64.asText()));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static List<RealEntry> entries() throws IOException {
    List<RealEntry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Vectors.dir("rekor"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json") || name.endsWith(".sigstore")) {
          try {
            collect(file.toString(), JSON.readTree(file.toFile()), entries);
          } catch (JsonProcessingException _) {
            // Some of the data is malformed on purpose.
          }
        }
      }
    }
    return entries;
  }

  private static void collect(String file, JsonNode node, List<RealEntry> entries) {
    for (String name : List.of("canonicalizedBody", "body")) {
      JsonNode body = node.get(name);
      if (body != null && body.isTextual()) {
        try {
          byte[] bytes = Base64.getDecoder().decode(body.asText());
          entries.add(new RealEntry(file, bytes, JSON.readTree(bytes)));
        } catch (IOException e) {
          throw new UncheckedIOException(file, e);
        }
      }
    }
    node.forEach(child -> collect(file, child, entries));
  }
}
