package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/// Any text as a name of any kind has forms that are bounded by it, each the same when it is read
/// again; a host in capitals has the same ones; and whoever watches a form that a certificate has
/// is told.
class NameFormsFuzz {
  @FuzzTest
  void forms(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (Kind kind : Kind.values()) {
      SubjectName name = new SubjectName(kind, text);
      Collection<String> hosts = NameForms.hosts(name);
      // Punycode makes of a character a few at most; UTS 46 of one up to 18.
      assertThat(hosts.stream().mapToLong(String::length).sum())
          .isLessThan(500 + 200L * text.length());
      for (String host : hosts) {
        assertThat(host).isNotEmpty().doesNotStartWith(".").doesNotEndWith(".");
        Optional<ValuePattern> watched = NameKey.DNS.pattern(host);
        watched.ifPresent(pattern -> assertThat(pattern.matches(host)).as(host).isTrue());
      }
      for (String mailbox : NameForms.mailboxes(name)) {
        assertThat(NameForms.mailbox(mailbox)).isNotEmpty();
      }
      for (String address : isHexOfOtherLength(name) ? hosts : NameForms.addresses(name)) {
        assertThat(address).isNotEmpty();
      }
      NameForms.uris(name).forEach(uri -> assertThat(NameForms.uri(uri)).hasSameSizeAs(uri));
    }
    for (NameKey key : NameKey.all()) {
      key.pattern(text);
    }
  }

  /// What the reader of certificates writes for addresses of another length is its own.
  private static boolean isHexOfOtherLength(SubjectName name) {
    return name.kind() == Kind.IP && name.value().startsWith("#");
  }
}
