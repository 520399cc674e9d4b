package dev.sigwarden.api;

import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a call asks for, strictly: a value is what was expected or the call is refused.
final class Asked {
  /// Rows of one page.
  static final int MAX_LIMIT = 500;

  private static final int DEFAULT_LIMIT = 100;

  /// Characters of a value that is repeated in an answer.
  private static final int MAX_SHOWN = 60;

  /// Names as the configuration has them; a member of a family has a slash for each level.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");

  private static final Pattern CURSOR = Pattern.compile("(-?[0-9]{1,18}) ([0-9a-zA-Z_:-]{0,200})");

  private Asked() {}

  /// Where a page ends: the time and id of its last row.
  ///
  /// @param at the time
  /// @param id the id
  record Cursor(Instant at, String id) {
    private static final Instant END = Instant.ofEpochMilli(Long.MAX_VALUE / 2);

    /// Before the first row, in lists that have the newest first.
    static final Cursor START = new Cursor(END, "");

    /// The text that a caller gets, to hand it back.
    String text() {
      byte[] bytes = (at.toEpochMilli() + " " + id).getBytes(StandardCharsets.US_ASCII);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  static Cursor cursor(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Cursor.START;
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      Matcher matcher = CURSOR.matcher(plain);
      if (matcher.matches()) {
        return new Cursor(Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), matcher.group(2));
      }
    } catch (IllegalArgumentException _) {
      // As any other text that no answer held.
    }
    throw Refused.wrong("cursor", "not one of ours", "the `next` of the page before");
  }

  /// Rows asked for.
  static int limit(@Nullable Integer limit) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Refused.wrong("limit", limit.toString(), "1 to " + MAX_LIMIT);
    }
    return limit;
  }

  /// One of these labels; empty for none.
  static String label(String name, @Nullable String value, List<String> known) {
    if (value == null || value.isEmpty()) {
      return "";
    }
    if (!known.contains(value)) {
      throw Refused.wrong(name, shown(value), "one of " + String.join(", ", known));
    }
    return value;
  }

  /// The constant with that label, as a set of one; an empty set for none.
  static <E> Set<E> one(String name, @Nullable String value, E[] all, Function<E, String> label) {
    List<String> labels = Arrays.stream(all).map(label).toList();
    int place = labels.indexOf(label(name, value, labels));
    return place < 0 ? Set.of() : Set.of(all[place]);
  }

  /// A name as the configuration has them.
  static Optional<String> optionalName(String name, @Nullable String value) {
    return Optional.of(name(name, value)).filter(it -> !it.isEmpty());
  }

  /// A time in ISO 8601.
  static Optional<Instant> optionalTime(String name, @Nullable String value) {
    return value == null || value.isEmpty()
        ? Optional.empty()
        : Optional.of(time(name, value, Instant.EPOCH));
  }

  /// A name as the configuration has them; empty for none.
  static String name(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return "";
    }
    if (!NAME.matcher(value).matches()) {
      throw Refused.wrong(name, shown(value), "a name from the configuration");
    }
    return value;
  }

  /// A time in ISO 8601; `otherwise` for none.
  static Instant time(String name, @Nullable String value, Instant otherwise) {
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      Instant time = Instant.parse(value);
      if (time.isAfter(Cursor.END) || time.isBefore(Instant.EPOCH)) {
        throw Refused.wrong(name, shown(value), "a time from 1970 on");
      }
      return time;
    } catch (DateTimeException _) {
      throw Refused.wrong(name, shown(value), "a time such as 2026-11-22T10:00:00Z");
    }
  }

  /// A part of a body that must be there.
  static <T> T required(String name, @Nullable T value) {
    return Optional.ofNullable(value)
        .orElseThrow(() -> Refused.wrong(name, "missing", "a value, see the OpenAPI"));
  }

  static String shown(String value) {
    return Sanitizer.clean(value, MAX_SHOWN);
  }
}
