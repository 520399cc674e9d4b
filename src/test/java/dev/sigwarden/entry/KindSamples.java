package dev.sigwarden.entry;

import static dev.sigwarden.entry.RekorSamples.b64;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sigwarden.entry.cms.CmsForge;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.keys.TufSamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import dev.sigwarden.entry.rfc3161.TimeStampForge;
import dev.sigwarden.entry.x509.CertificateForge;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Entries of Rekor v1 of our own making, in canonical form, for kinds other than those of
/// `RekorSamples`.
public final class KindSamples {
  public static final String HEX = "7e".repeat(32);

  private KindSamples() {}

  private static byte[] entry(String version, String kind, String spec) {
    return "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"spec\":%s}"
        .formatted(version, kind, spec)
        .getBytes(UTF_8);
  }

  private static String hash(String hex) {
    return "{\"algorithm\":\"sha256\",\"value\":\"%s\"}".formatted(hex);
  }

  private static String content(byte[] bytes) {
    return "{\"content\":\"%s\"}".formatted(b64(bytes));
  }

  /// `rekord` 0.0.1 with a key in this format.
  public static byte[] rekord(String format, byte[] key) {
    return entry(
        "0.0.1",
        "rekord",
        "{\"data\":{\"hash\":%s},\"signature\":{\"content\":\"MEUCIQ==\",\"format\":\"%s\",\"publicKey\":%s}}"
            .formatted(hash(HEX), format, content(key)));
  }

  /// `intoto` 0.0.1 with this PEM.
  public static byte[] intotoV1(String pem) {
    return entry(
        "0.0.1",
        "intoto",
        "{\"content\":{\"hash\":%s,\"payloadHash\":%s},\"publicKey\":\"%s\"}"
            .formatted(hash("ab".repeat(32)), hash(HEX), b64(pem.getBytes(UTF_8))));
  }

  /// `intoto` 0.0.2 with a signature for each PEM.
  public static byte[] intotoV2(String... pems) {
    String signatures =
        Stream.of(pems)
            .map(pem ->
                "{\"publicKey\":\"%s\",\"sig\":\"VFVWVlEybFI=\"}"
                    .formatted(b64(pem.getBytes(UTF_8))))
            .collect(Collectors.joining(","));
    return entry(
        "0.0.2",
        "intoto",
        """
        {"content":{"envelope":{"payloadType":"application/vnd.in-toto+json","signatures":[%s]},\
        "hash":%s,"payloadHash":%s}}\
        """
            .formatted(signatures, hash("ab".repeat(32)), hash(HEX)));
  }

  /// `alpine` 0.0.1 with this PEM.
  public static byte[] alpine(String pem) {
    return entry(
        "0.0.1",
        "alpine",
        "{\"package\":{\"hash\":%s,\"pkginfo\":{\"datahash\":\"%s\",\"pkgname\":\"app\",\"pkgver\":\"1.4.2-r0\"}},\"publicKey\":%s}"
            .formatted(hash(HEX), "cd".repeat(32), content(pem.getBytes(UTF_8))));
  }

  /// `cose` 0.0.1 with this PEM.
  public static byte[] cose(String pem) {
    return entry(
        "0.0.1",
        "cose",
        "{\"data\":{\"envelopeHash\":%s,\"payloadHash\":%s},\"publicKey\":\"%s\"}"
            .formatted(hash("ab".repeat(32)), hash(HEX), b64(pem.getBytes(UTF_8))));
  }

  /// `jar` 0.0.1 with this PKCS #7 block and this key beside it, both PEM.
  public static byte[] jar(String block, String pem) {
    return entry(
        "0.0.1",
        "jar",
        "{\"archive\":{\"hash\":%s},\"signature\":{\"content\":\"%s\",\"publicKey\":%s}}"
            .formatted(hash(HEX), b64(block.getBytes(UTF_8)), content(pem.getBytes(UTF_8))));
  }

  /// `rfc3161` 0.0.1 with this response.
  public static byte[] rfc3161(byte[] response) {
    return entry("0.0.1", "rfc3161", "{\"tsr\":%s}".formatted(content(response)));
  }

  /// `rpm` 0.0.1 with this OpenPGP key.
  public static byte[] rpm(byte[] key) {
    return entry(
        "0.0.1",
        "rpm",
        "{\"package\":{\"hash\":%s,\"headers\":{\"Epoch\":\"0\",\"Name\":\"app\",\"RPMSIGTAG_SHA256\":\"%s\",\"Release\":\"3.el9\",\"Version\":\"1.4.2\"}},\"publicKey\":%s}"
            .formatted(hash(HEX), "cd".repeat(32), content(key)));
  }

  /// `helm` 0.0.1 with this OpenPGP key.
  public static byte[] helm(byte[] key) {
    return entry(
        "0.0.1",
        "helm",
        "{\"chart\":{\"hash\":%s,\"provenance\":{\"signature\":{\"content\":\"LS0t\"}}},\"publicKey\":%s}"
            .formatted(hash(HEX), content(key)));
  }

  /// `tuf` 0.0.1 with these documents, in base64.
  public static byte[] tuf(String metadata, String root) {
    return entry(
        "0.0.1",
        "tuf",
        "{\"metadata\":%s,\"root\":%s,\"spec_version\":\"1.0\"}"
            .formatted(content(metadata.getBytes(UTF_8)), content(root.getBytes(UTF_8))));
  }

  /// `tuf` 0.0.1 with these documents in place, as old entries have them.
  public static byte[] tufInPlace(String metadata, String root) {
    return entry(
        "0.0.1",
        "tuf",
        "{\"metadata\":{\"content\":%s},\"root\":{\"content\":%s},\"spec_version\":\"1.0\"}"
            .formatted(metadata, root));
  }

  /// TUF metadata with a signature for each key id.
  public static String tufMetadata(String signed, String... keyIds) {
    return "{\"signatures\":[%s],\"signed\":%s}"
        .formatted(
            Stream.of(keyIds)
                .map("{\"keyid\":\"%s\",\"sig\":\"3044\"}"::formatted)
                .collect(Collectors.joining(",")),
            signed);
  }

  /// A usual entry of each kind and key format of Rekor v1, by a name for it.
  public static Map<String, byte[]> usual() {
    String certificate = CertificateForge.pem("CERTIFICATE", RekorSamples.certificate());
    String key = CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY);
    byte[] pgp = pgp().armored();
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("hashedrekord", RekorSamples.hashedRekordV1(certificate));
    all.put("dsse", RekorSamples.dsseV1(certificate));
    all.put("intoto-1", intotoV1(certificate));
    all.put("intoto-2", intotoV2(certificate));
    all.put("rekord-x509", rekord("x509", key.getBytes(UTF_8)));
    all.put("rekord-pgp", rekord("pgp", pgp));
    all.put("rekord-ssh", rekord("ssh", KeySamples.sshLine("ssh-rsa").getBytes(UTF_8)));
    all.put("rekord-minisign", rekord("minisign", KeySamples.MINISIGN.getBytes(UTF_8)));
    all.put("jar", jar(CmsForge.usual().pem(), CmsForge.certificate("CN=authority", 1).pem()));
    all.put("alpine", alpine(key));
    all.put("rpm", rpm(pgp));
    all.put("helm", helm(pgp));
    String keys = "{\"keys\":{\"a\":%s,\"b\":%s}}".formatted(TufSamples.PEM, TufSamples.HEX);
    all.put("tuf", tuf(tufMetadata("{}", "a", "b"), tufMetadata(keys)));
    all.put("cose", cose(key));
    all.put(
        "rfc3161", rfc3161(TimeStampForge.response(TimeStampForge.SHA256, RekorSamples.DIGEST)));
    return all;
  }

  /// RSA, as most keys of packages are, with a subkey and a signed user id.
  private static PgpForge pgp() {
    PgpForge forge = PgpForge.key("RSA 3072");
    String name = "Acme <sign@acme.example>";
    return forge.userId(name).signed(forge, name).subkey(PgpForge.key("RSA 3072"));
  }
}
