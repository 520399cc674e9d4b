package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.ct.CtDecoder;
import dev.sigwarden.entry.ct.CtForge;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Many watched names at once: found as if each were tried, at a cost that does not grow with them.
final class NameIndexTest {
  private static final long SEED = 20_261_123L;
  private static final String[] LABELS = {"a", "b", "www", "mail", "example", "acme"};
  private static final String[] OPEN = {"*", "?", "w*", "*l", "**", "a*e"};

  private static SigningEvent event(String... hosts) {
    return ((Decoded.Event) new CtDecoder().decode(EntryBytes.of(CtForge.hosts(hosts).leaf())))
        .event();
  }

  private static Watch watch(String watched) {
    return Samples.watch(watched, HostileCertificatesTest.selector(watched));
  }

  private static String host(Random random, String[]... labels) {
    List<String> host = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i >= 0; i--) {
      String[] from = labels[random.nextInt(labels.length)];
      host.add(from[random.nextInt(from.length)]);
    }
    return String.join(".", host) + (random.nextBoolean() ? ".com" : ".test");
  }

  @Test
  void finds_what_trying_each_watched_host_on_each_name_finds() {
    Random random = new Random(SEED);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 150; i++) {
      names.add((random.nextBoolean() ? "." : "") + host(random, LABELS));
    }
    Watches watches =
        Samples.watches(names.stream().map(NameIndexTest::watch).toArray(Watch[]::new));
    int found = 0;
    for (int round = 0; round < 3_000; round++) {
      String host = host(random, LABELS, LABELS, OPEN);
      List<String> tried =
          names.stream().filter(name -> HostPattern.of(name).matches(host)).toList();
      assertThat(Samples.selecting(watches, event(host)))
          .as("%s, seed %d, round %d", host, SEED, round)
          .containsExactlyElementsOf(tried);
      found += tried.size();
    }
    assertThat(found).isGreaterThan(1_000);
  }

  @Test
  void costs_the_same_for_ten_and_for_ten_thousand_watched_names() {
    List<SigningEvent> events =
        List.of(
            event("shop.load.test", "www.shop.load.test"),
            event("h17.example.com"),
            event("*.other.org", "a.b.c.d.e.f"),
            event("com"));
    for (SigningEvent event : events) {
      assertThat(lookups(10_000, event)).isEqualTo(lookups(10, event)).isLessThan(12);
    }
    assertThat(Samples.selecting(many(10_000), event("h17.watched.test"))).hasSize(1);
    assertThat(many(10_000).verified(event("h17.watched.test"))).isEqualTo(1);
    assertThat(many(10_000).verified(event("h17.example.com"))).isZero();
  }

  private static Watches many(int count) {
    return Samples.watches(
        IntStream.range(0, count)
            .mapToObj(i -> watch("h%d.watched.test".formatted(i)))
            .toArray(Watch[]::new));
  }

  private static int lookups(int watched, SigningEvent event) {
    HostIndex index = new HostIndex();
    for (int i = 0; i < watched; i++) {
      index.add(HostPattern.of("h%d.watched.test".formatted(i)), i);
    }
    return ((dev.sigwarden.entry.CertificateSigner) event.signers().getFirst())
        .allNames().stream()
            .flatMap(name -> NameForms.hosts(name).stream())
            .mapToInt(host -> index.find(host, HostIndex.MAX_TRIED, _ -> {}))
            .sum();
  }

  @Test
  void a_certificate_of_nothing_but_stars_is_selected_by_all_and_not_tried_without_end() {
    Watches watches = many(10_000);
    String[] stars = new String[2_000];
    for (int i = 0; i < stars.length; i++) {
      stars[i] = "*".repeat(1 + i % 40) + "." + "*".repeat(1 + i / 40) + ".test";
    }
    SigningEvent event = event(stars);
    assertThat(watches.select(event)).hasSize(10_000);
    HostIndex index = new HostIndex();
    for (int i = 0; i < 10_000; i++) {
      index.add(HostPattern.of("h%d.watched.test".formatted(i)), i);
    }
    assertThat(index.find("*.*.test", 500, _ -> {})).isEqualTo(501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..example.com",
        "*.example.com",
        "a..b",
        "exa mple.com",
        "example.com/",
        "192.0.2.1",
        "https://example.com",
        "a@example.com",
        "\u0378.test",
        "-\u0000.com"
      })
  void refuses_a_host_that_is_none(String written) {
    assertThat(NameKey.DNS.pattern(written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Example.COM.,example.com,false",
    ".example.com,example.com,true",
    "B\u00fccher.example,xn--bcher-kva.example,false",
    "_acme-challenge.a.test,_acme-challenge.a.test,false",
    "com,com,false"
  })
  void reads_a_host_in_one_form(String written, String host, boolean below) {
    assertThat(NameKey.DNS.pattern(written)).contains(new HostPattern(host, below));
  }

  @ParameterizedTest
  @CsvSource({
    "EMAIL,a",
    "EMAIL,@",
    "EMAIL,a@",
    "EMAIL,@*.test",
    "EMAIL,a b@example.com",
    "IP,1.2.3",
    "IP,1.2.3.256",
    "IP,01.2.3.0004",
    "IP,example.com",
    "IP,::g",
    "IP,fe80::1%eth0",
    "URI,re:(",
    "IP,1:2"
  })
  void refuses_a_name_that_is_none(NameKey key, String written) {
    assertThat(key.pattern(written)).isEmpty();
  }

  @Test
  void a_certificate_good_for_a_watched_host_is_selected_whatever_else_it_has() {
    SigningEvent event = event("a.test", "*.example.com", "b.test");
    Watches watches =
        Samples.watches(watch("www.example.com"), watch("example.com"), watch(".test"));
    assertThat(Samples.selecting(watches, event)).containsExactly("www.example.com", ".test");
  }
}
