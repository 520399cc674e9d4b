package dev.sigwarden.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The one written form of each kind of value, shared by the reader and the schema.
final class Scalars {
  /// Characters of one text: room for a certificate chain in PEM.
  static final int MAX_TEXT = 32_768;

  /// Characters of a URL.
  static final int MAX_URL = 2_048;

  /// The name of a section in a map of named sections: fit for alerts, metrics and file names.
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// A whole value taken from the environment.
  static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]{0,127})\\}");

  static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h|d)");

  private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private Scalars() {}

  /// Whether a plain scalar stands for nothing in YAML.
  static boolean isNull(String plain) {
    return NULLS.contains(plain);
  }

  static Optional<Long> number(String text, long min, long max) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(Long.valueOf(text)).filter(n -> n >= min && n <= max)
        : Optional.empty();
  }

  static Optional<Boolean> flag(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static Optional<Duration> duration(String text, Duration min, Duration max) {
    return duration(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0);
  }

  private static Optional<Duration> duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(parts.group(1));
    return Optional.of(
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  /// The duration as an operator would write it: the largest unit that divides it.
  static String write(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds == 0) {
      return "0s";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /// A constant as written in a file: `RUNNER_HOSTED` is `runner-hosted`.
  static String write(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Scalars::write).toList();
  }

  static <E extends Enum<E>> Optional<E> constant(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).filter(c -> write(c).equals(text)).findFirst();
  }

  /// An absolute URL with one of the schemes, in lowercase; with a host unless it is a `file` one;
  /// without user info or fragment.
  static Optional<URI> url(String text, List<String> schemes) {
    if (text.length() > MAX_URL) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text);
      boolean whole =
          url.getScheme() != null
              && schemes.contains(url.getScheme())
              && !url.isOpaque()
              && (url.getHost() != null || url.getScheme().equals("file"))
              && url.getPort() <= 65_535;
      boolean bare = url.getRawUserInfo() == null && url.getRawFragment() == null;
      return whole && bare ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException notUrl) {
      return Optional.empty();
    }
  }
}
