package dev.sigwarden.entry.der;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Times as certificates hold them. RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2.
public final class DerTime {
  /// Two-digit years from this one on are 19YY, below it 20YY.
  private static final int PIVOT = 50;

  private DerTime() {}

  /// The time in the contents `[from, to)` of a UTCTime (`YYMMDDHHMMSSZ`) or GeneralizedTime
  /// (`YYYYMMDDHHMMSSZ`); null if they are anything else.
  public static @Nullable Instant of(int tag, byte[] bytes, int from, int to) {
    int yearDigits =
        switch (tag) {
          case DerReader.UTC_TIME -> 2;
          case DerReader.GENERALIZED_TIME -> 4;
          default -> 0;
        };
    if (yearDigits == 0 || to - from != yearDigits + 11 || bytes[to - 1] != 'Z') {
      return null;
    }
    int year = number(bytes, from, yearDigits);
    if (yearDigits == 2) {
      year += year >= PIVOT ? 1900 : 2000;
    }
    int at = from + yearDigits;
    try {
      return LocalDateTime.of(
              year,
              number(bytes, at, 2),
              number(bytes, at + 2, 2),
              number(bytes, at + 4, 2),
              number(bytes, at + 6, 2),
              number(bytes, at + 8, 2))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      return null;
    }
  }

  /// The decimal number, or one that no field of a time allows if a byte is no digit.
  private static int number(byte[] bytes, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return Integer.MIN_VALUE / 2;
      }
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }
}
