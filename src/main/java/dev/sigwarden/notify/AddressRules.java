package dev.sigwarden.notify;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/// Which network addresses a receiver may have. A name in the configuration may start to point
/// anywhere, so every address that it resolves to is checked right before connecting to one of
/// them.
///
/// Never: unspecified, link-local (cloud metadata services live there), multicast, broadcast,
/// reserved, and addresses that embed an IPv4 address for translation. Only if the operator allows
/// it: loopback and private networks. The list is our own: `InetAddress.isSiteLocalAddress` knows
/// neither fc00::/7 nor 100.64/10.
public final class AddressRules {
  private enum Rule {
    NEVER,
    IF_ALLOWED
  }

  /// The addresses that begin with the first `bits` bits of a prefix.
  private static final class Block {
    private final byte[] prefix;
    private final int bits;
    private final Rule rule;

    Block(String address, int bits, Rule rule) {
      this.prefix = InetAddress.ofLiteral(address).getAddress();
      this.bits = bits;
      this.rule = rule;
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >>> (bit & 7);
        if ((address[bit >>> 3] & mask) != (prefix[bit >>> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  // Source: the IANA special-purpose address registries for IPv4 and IPv6.
  private static final List<Block> BLOCKS =
      List.of(
          new Block("0.0.0.0", 8, Rule.NEVER),
          new Block("10.0.0.0", 8, Rule.IF_ALLOWED),
          new Block("100.64.0.0", 10, Rule.IF_ALLOWED),
          new Block("127.0.0.0", 8, Rule.IF_ALLOWED),
          new Block("169.254.0.0", 16, Rule.NEVER),
          new Block("172.16.0.0", 12, Rule.IF_ALLOWED),
          new Block("192.0.0.0", 24, Rule.NEVER),
          new Block("192.0.2.0", 24, Rule.NEVER),
          new Block("192.88.99.0", 24, Rule.NEVER),
          new Block("192.168.0.0", 16, Rule.IF_ALLOWED),
          new Block("198.18.0.0", 15, Rule.IF_ALLOWED),
          new Block("198.51.100.0", 24, Rule.NEVER),
          new Block("203.0.113.0", 24, Rule.NEVER),
          new Block("224.0.0.0", 4, Rule.NEVER),
          new Block("240.0.0.0", 4, Rule.NEVER),
          new Block("::1", 128, Rule.IF_ALLOWED),
          // Everything else below ::/96, ::ffff:0:0/96 included: IPv4 in disguise, unspecified.
          new Block("::", 80, Rule.NEVER),
          new Block("64:ff9b::", 96, Rule.NEVER),
          new Block("64:ff9b:1::", 48, Rule.NEVER),
          new Block("100::", 64, Rule.NEVER),
          new Block("2001::", 23, Rule.NEVER),
          new Block("2001:db8::", 32, Rule.NEVER),
          new Block("2002::", 16, Rule.NEVER),
          // AWS's metadata service inside the private range.
          new Block("fd00:ec2::", 32, Rule.NEVER),
          new Block("fc00::", 7, Rule.IF_ALLOWED),
          new Block("fe80::", 10, Rule.NEVER),
          new Block("fec0::", 10, Rule.NEVER),
          new Block("ff00::", 8, Rule.NEVER));

  private AddressRules() {}

  /// What forbids connecting to a host with these addresses; an empty text if every one of them is
  /// allowed.
  ///
  /// @param allowPrivate whether loopback and private networks are allowed
  static String forbidden(InetAddress[] addresses, boolean allowPrivate) {
    for (InetAddress address : addresses) {
      if (!isAllowed(address, allowPrivate)) {
        return "address %s is not allowed%s"
            .formatted(
                address.getHostAddress(), isAllowed(address, true) ? " without allow-private" : "");
      }
    }
    return "";
  }

  /// Whether a receiver may have this address.
  public static boolean isAllowed(InetAddress address, boolean allowPrivate) {
    byte[] bytes = address.getAddress();
    for (Block block : BLOCKS) {
      if (block.holds(bytes)) {
        return block.rule == Rule.IF_ALLOWED && allowPrivate;
      }
    }
    // IPv6: only global unicast, 2000::/3, has been given out.
    return address instanceof Inet4Address || (bytes[0] & 0xe0) == 0x20;
  }
}
