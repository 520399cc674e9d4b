package dev.sigwarden.watch;

import static dev.sigwarden.entry.ct.CtForge.BMP;
import static dev.sigwarden.entry.ct.CtForge.COMMON_NAME;
import static dev.sigwarden.entry.ct.CtForge.DIRECTORY;
import static dev.sigwarden.entry.ct.CtForge.DNS;
import static dev.sigwarden.entry.ct.CtForge.EMAIL;
import static dev.sigwarden.entry.ct.CtForge.EMAIL_ADDRESS;
import static dev.sigwarden.entry.ct.CtForge.IP;
import static dev.sigwarden.entry.ct.CtForge.ORGANISATION;
import static dev.sigwarden.entry.ct.CtForge.OTHER_NAME;
import static dev.sigwarden.entry.ct.CtForge.PRINTABLE;
import static dev.sigwarden.entry.ct.CtForge.TELETEX;
import static dev.sigwarden.entry.ct.CtForge.UNIVERSAL;
import static dev.sigwarden.entry.ct.CtForge.URI;
import static dev.sigwarden.entry.ct.CtForge.UTF8;
import static dev.sigwarden.entry.ct.CtForge.ascii;
import static dev.sigwarden.entry.ct.CtForge.attribute;
import static dev.sigwarden.entry.ct.CtForge.commonName;
import static dev.sigwarden.entry.ct.CtForge.hosts;
import static dev.sigwarden.entry.ct.CtForge.joined;
import static dev.sigwarden.entry.ct.CtForge.name;
import static dev.sigwarden.entry.ct.CtForge.tlv;
import static dev.sigwarden.entry.ct.CtForge.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.ct.CtDecoder;
import dev.sigwarden.entry.ct.CtForge;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Certificates as an attacker, or a careless authority, may have them logged: what a watch says of
/// each and why. Each is tried as certificate and as precertificate.
final class HostileCertificatesTest {
  /// What becomes of a certificate.
  private enum Decision {
    /// The watch selects it.
    SELECTED,
    /// It cannot be read to its end and could be meant: a finding that names the watch.
    REPORTED,
    /// It is not about the watch.
    PASSED
  }

  private record Case(String what, CtForge forge, String watch, Decision decision, String why) {}

  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final byte[] SRV = {0x2b, 6, 1, 5, 5, 7, 8, 7};
  private static final byte[] UPN = {0x2b, 6, 1, 4, 1, (byte) 0x82, 0x37, 20, 2, 3};
  private static final byte[] SMTP_UTF8 = {0x2b, 6, 1, 5, 5, 7, 8, 9};

  private final List<Case> cases = new ArrayList<>();

  private void selected(String what, CtForge forge, String watch, String why) {
    cases.add(new Case(what, forge, watch, Decision.SELECTED, why));
  }

  private void reported(String what, CtForge forge, String watch, String why) {
    cases.add(new Case(what, forge, watch, Decision.REPORTED, why));
  }

  private void passed(String what, CtForge forge, String watch, String why) {
    cases.add(new Case(what, forge, watch, Decision.PASSED, why));
  }

  private static CtForge san(int tag, byte[] value) {
    return new CtForge().names(tlv(tag, value));
  }

  private static byte[] otherName(byte[] oid, byte[] value) {
    return tlv(OTHER_NAME, tlv(0x06, oid), tlv(0xa0, value));
  }

  private void hostForms() {
    selected("a plain name", hosts("example.com"), "example.com", "the very name");
    selected("another case", hosts("EXAMPLE.Com"), "example.com", "hosts have no case");
    selected("below", hosts("a.b.example.com"), ".example.com", "a dot means all below");
    selected("the name itself", hosts("example.com"), ".example.com", "and the name too");
    passed("below an exact one", hosts("www.example.com"), "example.com", "exact is exact");
    passed("a longer label", hosts("notexample.com"), ".example.com", "labels, not endings");
    passed("a longer end", hosts("example.com.evil.test"), ".example.com", "from the right");
    passed("above", hosts("com"), ".example.com", "whoever is above is not below");
    selected("a dot at the end", hosts("example.com."), "example.com", "the root is no label");
    selected("several dots", hosts("www..example.com"), "www.example.com", "empty labels go");
    selected("a dot before", hosts(".example.com"), "example.com", "as name constraints write");
    selected("a dot before", hosts(".example.com"), "www.example.com", "all below, to some");
    selected("spaces", hosts("  example.com "), "example.com", "clients trim");
    selected("a tab inside", hosts("example.com\tx.test"), "example.com", "a piece of it");
    selected("a line break", hosts("x.test\nexample.com"), "example.com", "a piece of it");
    selected("a second name", hosts("x.test", "example.com"), "example.com", "all are read");
    selected("the last of 300", many(300), "example.com", "all are read");
    selected("an underscore", hosts("_dmarc.example.com"), ".example.com", "hosts have some");
  }

  private static CtForge many(int count) {
    String[] hosts = new String[count];
    Arrays.setAll(hosts, i -> "h%d.load.test".formatted(i));
    hosts[count - 1] = "example.com";
    return hosts(hosts);
  }

  private void pieces() {
    selected("NUL", hosts("example.com\0.evil.test"), "example.com", "C clients stop there");
    selected("NUL, the rest", hosts("x.test\0example.com"), "example.com", "others do not");
    selected("NUL in a label", hosts("www\0.example.com"), ".example.com", "the whole counts too");
    selected("a path", hosts("example.com/login"), "example.com", "a URL by mistake");
    selected("a URL", hosts("https://example.com/a?b"), "example.com", "a URL by mistake");
    selected("a URL with a port", hosts("http://example.com:8443"), "example.com", "likewise");
    selected("a port", hosts("example.com:443"), "example.com", "a server by mistake");
    selected("a list", hosts("x.test, example.com"), "example.com", "a list in one name");
    selected("a list", hosts("x.test;example.com"), "example.com", "a list in one name");
    selected("brackets", hosts("<example.com>"), "example.com", "no host has them");
    selected("a control", hosts("w\u0001w.example.com"), "www.example.com", "may be any label");
    passed("a control elsewhere", hosts("w\u0001w.evil.test"), "www.example.com", "not ours");
  }

  private void wildcards() {
    selected("*", hosts("*.example.com"), ".example.com", "good for hosts below");
    selected("*", hosts("*.example.com"), "www.example.com", "good for this host");
    passed("* and the name", hosts("*.example.com"), "example.com", "a star is one label");
    passed("* and two", hosts("*.example.com"), "a.b.example.com", "a star is one label");
    selected("* above", hosts("*.com"), "example.com", "good for it, to a careless client");
    selected("part", hosts("w*.example.com"), "www.example.com", "RFC 6125 lets clients");
    passed("part, not ours", hosts("m*.example.com"), "www.example.com", "cannot be it");
    selected("part behind", hosts("*-api.example.com"), "my-api.example.com", "likewise");
    selected("inner", hosts("www.*.com"), "www.example.com", "some clients");
    selected("two", hosts("*.*.com"), "www.example.com", "some clients");
    passed("alone", hosts("*"), "example.com", "one label, and ours has two");
    selected("redacted", hosts("?.example.com"), "www.example.com", "could be it");
    selected("redacted", hosts("?.?.example.com"), ".example.com", "is below in any case");
  }

  private void international() {
    String bare = "b\u00fccher.example";
    selected("an A-label", hosts("xn--bcher-kva.example"), bare, "both forms are one host");
    selected("an A-label in capitals", hosts("XN--BCHER-KVA.EXAMPLE"), bare, "no case");
    selected("UTF-8", san(DNS, utf8(bare)), bare, "authorities write it");
    selected("UTF-8 in capitals", san(DNS, utf8("B\u00dcCHER.example")), bare, "no case");
    selected("Latin-1", san(DNS, ascii(bare)), bare, "authorities write that as well");
    selected("a watch in A-labels", san(DNS, utf8(bare)), "xn--bcher-kva.example", "one host");
    selected("sharp s today", san(DNS, utf8("stra\u00dfe.test")), "stra\u00dfe.test", "today's");
    selected("sharp s formerly", san(DNS, utf8("stra\u00dfe.test")), "strasse.test", "until 2010");
    selected("wide letters", san(DNS, utf8("\uff45xample.com")), "example.com", "UTS 46 maps them");
    selected(
        "an ideographic dot", san(DNS, utf8("www\u3002example.com")), "www.example.com", "a dot");
    selected(
        "no label", san(DNS, utf8("\u0378.example.com")), "www.example.com", "may be any label");
    selected("broken punycode", hosts("xn--zzzzzz99999.example.com"), ".example.com", "a label");
    passed("a look-alike", san(DNS, utf8("ex\u0430mple.com")), "example.com", "another host");
  }

  private void commonNames() {
    selected("a common name", commonName(PRINTABLE, ascii("example.com")), "example.com", "older");
    selected("as BMP", commonName(BMP, bmp("example.com")), "example.com", "a text of two bytes");
    selected(
        "as Universal",
        commonName(UNIVERSAL, "example.com".getBytes(UTF_32BE)),
        "example.com",
        "a text of four bytes");
    selected(
        "as Teletex",
        commonName(TELETEX, ascii("b\u00fccher.test")),
        "b\u00fccher.test",
        "Latin-1");
    selected(
        "UTF-8 that is none",
        commonName(UTF8, ascii("b\u00fccher.test")),
        "b\u00fccher.test",
        "then Latin-1");
    selected("a slash", commonName(UTF8, ascii("example.com/OU=x")), "example.com", "a piece");
    selected("NUL", commonName(UTF8, ascii("example.com\0x.test")), "example.com", "a piece");
    selected("spaces", commonName(UTF8, ascii("Shop example.com")), "example.com", "a piece");
    passed("a mailbox", commonName(UTF8, ascii("a@example.com")), "example.com", "no host");
    selected(
        "two common names",
        new CtForge()
            .subject(
                name(
                    attribute(COMMON_NAME, UTF8, ascii("x.test")),
                    attribute(COMMON_NAME, UTF8, ascii("example.com")))),
        "example.com",
        "clients take the first or the last");
    selected(
        "several in one relative name",
        new CtForge()
            .subject(
                tlv(
                    0x30,
                    tlv(
                        0x31,
                        attribute(ORGANISATION, UTF8, ascii("x")),
                        attribute(COMMON_NAME, UTF8, ascii("example.com"))))),
        "example.com",
        "whatever its place");
    passed("an organisation", organisation("example.com"), "example.com", "no client asks it");
    reported(
        "a number as common name",
        commonName(0x02, ascii("example.com")),
        "example.com",
        "no text");
    reported(
        "half a BMP text",
        commonName(BMP, Arrays.copyOf(bmp("example.com\ud800"), 24)),
        "example.com",
        "not all of it reads");
  }

  private static byte[] bmp(String text) {
    return text.getBytes(StandardCharsets.UTF_16BE);
  }

  private static CtForge organisation(String text) {
    return new CtForge().subject(name(attribute(ORGANISATION, UTF8, ascii(text))));
  }

  private void otherNames() {
    selected(
        "an SRV name",
        new CtForge().names(otherName(SRV, tlv(0x16, ascii("_imap.example.com")))),
        "example.com",
        "RFC 4985");
    selected("a mailbox", san(EMAIL, ascii("A@Example.com")), "email a@example.com", "no case");
    selected("any mailbox", san(EMAIL, ascii("a@mx.example.com")), "email @.example.com", "below");
    selected(
        "two mailboxes",
        san(EMAIL, ascii("a@x.test,b@example.com")),
        "email b@example.com",
        "a list in one name");
    selected(
        "a mailbox in the subject",
        new CtForge().subject(name(attribute(EMAIL_ADDRESS, 0x16, ascii("a@example.com")))),
        "email a@example.com",
        "as S/MIME had it");
    selected(
        "a mailbox as common name",
        commonName(UTF8, ascii("a@example.com")),
        "email a@example.com",
        "as S/MIME had it");
    selected(
        "a principal name",
        new CtForge().names(otherName(UPN, tlv(UTF8, utf8("a@example.com")))),
        "email a@example.com",
        "Windows logs in by it");
    selected(
        "a mailbox outside ASCII",
        new CtForge().names(otherName(SMTP_UTF8, tlv(UTF8, utf8("\u00e4@b\u00fccher.test")))),
        "email \u00e4@b\u00fccher.test",
        "RFC 8398");
    passed("another mailbox", san(EMAIL, ascii("a@evil.test")), "email @example.com", "not ours");
    selected(
        "a URI",
        san(URI, ascii("SPIFFE://Example.com/ns/a")),
        "uri spiffe://example.com/ns/*",
        "no case before the path");
    selected(
        "a URI with NUL",
        san(URI, ascii("spiffe://example.com/a\0b")),
        "uri spiffe://example.com/a",
        "C clients stop there");
    passed(
        "another path",
        san(URI, ascii("spiffe://example.com/A")),
        "uri spiffe://example.com/a",
        "paths have case");
    selected("an address", san(IP, new byte[] {(byte) 192, 0, 2, 1}), "ip 192.0.2.1", "4 bytes");
    selected("an address as host", hosts("192.0.2.1"), "ip 192.0.2.1", "for clients of Windows");
    selected(
        "an address as common name",
        commonName(UTF8, ascii("192.0.2.1")),
        "ip 192.0.2.1",
        "likewise");
    selected(
        "an address as text",
        san(IP, ascii("192.0.2.1")),
        "ip 192.0.2.1",
        "text where bytes belong");
    selected(
        "an address with its mask",
        san(IP, new byte[] {(byte) 192, 0, 2, 1, -1, -1, -1, -1}),
        "ip 192.0.2.1",
        "as name constraints");
    selected("IPv4 in IPv6", hosts("::ffff:192.0.2.1"), "ip 192.0.2.1", "one address");
    selected("IPv6 in another form", hosts("2001:DB8:0::1"), "ip 2001:db8::1", "one address");
    passed(
        "another address", san(IP, new byte[] {(byte) 192, 0, 2, 2}), "ip 192.0.2.1", "not ours");
    selected(
        "a directory name",
        san(DIRECTORY, name(attribute(COMMON_NAME, UTF8, ascii("example.com")))),
        "example.com",
        "its common name");
    passed(
        "a host in a mailbox",
        san(EMAIL, ascii("a@example.com")),
        ".example.com",
        "dns asks for hosts");
  }

  private void broken() {
    byte[] ours = tlv(DNS, ascii("example.com"));
    byte[] other = tlv(DNS, ascii("x.test"));
    selected(
        "two extensions", new CtForge().names(other).names(ours), "example.com", "all are read");
    selected(
        "a zero byte behind",
        new CtForge().nameExtension(joined(tlv(0x30, ours), new byte[1])),
        "example.com",
        "an encoder's C string");
    selected(
        "bytes behind",
        new CtForge().nameExtension(joined(tlv(0x30, ours), other)),
        "example.com",
        "what reads counts");
    reported(
        "ours behind",
        new CtForge().nameExtension(joined(tlv(0x30, other), ours)),
        "example.com",
        "readers differ");
    selected(
        "a cut name behind",
        new CtForge().nameExtension(tlv(0x30, ours, new byte[] {(byte) 0x82, 99})),
        "example.com",
        "what reads counts");
    reported(
        "ours is cut",
        new CtForge()
            .nameExtension(tlv(0x30, other, new byte[] {(byte) 0x82, 99}, ascii("example.com"))),
        "example.com",
        "a name is there");
    selected(
        "behind a directory name that is none",
        new CtForge().names(tlv(DIRECTORY, new byte[] {0x30, 99}), ours),
        "example.com",
        "what is broken stays where it is");
    reported(
        "a constructed name",
        san(0xa2, tlv(0x16, ascii("example.com"))),
        "example.com",
        "BER clients read it");
    reported("an unknown kind", san(0x89, ascii("example.com")), "example.com", "nobody knows");
    reported(
        "no list", new CtForge().nameExtension(ours), "example.com", "some take a name for a list");
    reported(
        "an indefinite length",
        new CtForge().nameExtension(joined(new byte[] {0x30, (byte) 0x80}, ours, new byte[2])),
        "example.com",
        "BER clients read it");
    reported(
        "a long length",
        new CtForge()
            .nameExtension(joined(new byte[] {0x30, (byte) 0x81, (byte) ours.length}, ours)),
        "example.com",
        "BER clients read it");
    reported(
        "an otherName that is none",
        san(OTHER_NAME, ascii("example.com")),
        "example.com",
        "nobody knows");
    reported(
        "an extension that is none",
        new CtForge().element(tlv(0x31, tlv(0x30, ours))),
        "example.com",
        "nobody knows");
    reported(
        "a value that is no OCTET STRING",
        new CtForge().element(tlv(0x30, tlv(0x06, new byte[] {0x55, 0x1d, 0x11}), tlv(0x30, ours))),
        "example.com",
        "nobody knows");
    reported(
        "extensions that are no list",
        new CtForge().afterKey(tlv(0xa3, ours)),
        "example.com",
        "nobody knows");
    reported(
        "an unknown element",
        new CtForge().afterKey(tlv(0xa7, ours)),
        "example.com",
        "nobody knows");
    selected(
        "in unique ids' company",
        hosts("example.com").afterKey(tlv(0x82, new byte[] {0, 1})),
        "example.com",
        "passed over");
    reported(
        "a subject that is none",
        hosts("x.test").subject(tlv(0x30, tlv(0x13, ascii("example.com")))),
        "example.com",
        "no relative name");
    reported(
        "a subject cut short",
        hosts("x.test").subject(tlv(0x30, joined(new byte[] {0x31, 99}, ascii("EXAMPLE.com")))),
        "example.com",
        "in any case");
    selected(
        "a broken key",
        hosts("example.com").key(tlv(0x30, new byte[] {1, 1, 0})),
        "example.com",
        "names first");
    reported(
        "no subject at all", hosts("example.com").key(new byte[0]), "example.com", "not reached");
    reported(
        "a wildcard not reached",
        hosts("*.example.com").key(new byte[0]),
        "www.example.com",
        "could be it");
    reported(
        "two-byte text not reached",
        commonName(BMP, bmp("example.com")).key(new byte[0]),
        "example.com",
        "looked for too");
    reported(
        "an address not reached",
        san(IP, new byte[] {(byte) 192, 0, 2, 1}).key(new byte[0]),
        "ip 192.0.2.1",
        "looked for too");
    reported(
        "a mailbox not reached",
        san(EMAIL, ascii("a@Example.com")).key(new byte[0]),
        "email a@example.com",
        "looked for too");
  }

  private List<Case> all() {
    cases.clear();
    hostForms();
    pieces();
    wildcards();
    international();
    commonNames();
    otherNames();
    broken();
    return List.copyOf(cases);
  }

  @Test
  void there_are_many() {
    assertThat(all()).hasSizeGreaterThan(100);
  }

  @TestFactory
  Stream<DynamicTest> decides_on() {
    return all().stream()
        .map(one ->
            DynamicTest.dynamicTest(
                "%s: %s by %s, since %s"
                    .formatted(one.what(), one.decision(), one.watch(), one.why()),
                () -> {
                  assertThat(decision(one.forge().leaf(), one.watch()))
                      .as("certificate")
                      .isEqualTo(one.decision());
                  assertThat(decision(one.forge().precertLeaf(), one.watch()))
                      .as("precertificate")
                      .isEqualTo(one.decision());
                }));
  }

  /// What a log's turn makes of a leaf: see `ChunkJudge`.
  private static Decision decision(byte[] leaf, String watched) {
    Watches watches = Samples.watches(Samples.watch("w", selector(watched)));
    EntryBytes entry = EntryBytes.of(leaf);
    boolean whole = false;
    if (new CtDecoder().decode(entry) instanceof Decoded.Event(SigningEvent event)) {
      if (!watches.select(event).isEmpty()) {
        return Decision.SELECTED;
      }
      whole = event.unread().isEmpty();
    }
    return whole || watches.literalsIn(entry).isEmpty() ? Decision.PASSED : Decision.REPORTED;
  }

  /// `example.com` for a host, else the key and the value.
  static Selector selector(String watched) {
    String[] words = watched.split(" ", 2);
    NameKey key =
        words.length == 1
            ? NameKey.DNS
            : NameKey.all().stream()
                .filter(one -> one.key().equals(words[0]))
                .findFirst()
                .orElseThrow();
    ValuePattern pattern = key.pattern(words[words.length - 1]).orElseThrow();
    return new Selector(
        watched, Set.of(), Optional.empty(), List.of(new Criterion(key.trait(), "", pattern)));
  }
}
