package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "::",
        "::ffff:0:0",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001:db8::1",
        "2001::1",
        "fd00:ec2::254",
        "::a9fe:a9fe",
        "4000::1"
      })
  void never_lets_a_receiver_have_such_an_address(String address) {
    assertThat(AddressRules.isAllowed(InetAddress.ofLiteral(address), true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "100.127.255.255", "198.18.0.1", "::1", "fc00::1", "fd12::1",
        "::ffff:127.0.0.1"
      })
  void lets_a_receiver_be_private_only_if_allowed(String address) {
    assertThat(AddressRules.isAllowed(InetAddress.ofLiteral(address), true)).isTrue();
    assertThat(AddressRules.isAllowed(InetAddress.ofLiteral(address), false)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "192.0.1.1"})
  void lets_a_receiver_be_public(String address) {
    assertThat(AddressRules.isAllowed(InetAddress.ofLiteral(address), false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "2130706433", "127.1"})
  void sees_through_names_and_numbers_that_mean_this_machine(String host)
      throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    assertThat(AddressRules.forbidden(addresses, false)).contains("without allow-private");
    assertThat(AddressRules.forbidden(addresses, true)).isEmpty();
  }

  @Test
  void says_which_of_several_addresses_is_forbidden() {
    InetAddress[] addresses = {
      InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("169.254.169.254")
    };
    assertThat(AddressRules.forbidden(addresses, true))
        .isEqualTo("address 169.254.169.254 is not allowed");
  }
}
