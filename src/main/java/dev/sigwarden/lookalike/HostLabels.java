package dev.sigwarden.lookalike;

import com.ibm.icu.text.IDNA;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Labels of host names outside ASCII in the form that DNS has them in: UTS 46, section 4.2, with
/// ICU's data. Thread-safe.
public final class HostLabels {
  private static final String PUNYCODE = "xn--";

  private static final IDNA TODAY = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII);

  /// As clients before 2010 had it: ß is ss.
  private static final IDNA FORMERLY = IDNA.getUTS46Instance(IDNA.DEFAULT);

  /// Errors of a label that DNS and authorities let pass.
  private static final Set<IDNA.Error> HARMLESS =
      EnumSet.of(IDNA.Error.LEADING_HYPHEN, IDNA.Error.TRAILING_HYPHEN, IDNA.Error.HYPHEN_3_4);

  private HostLabels() {}

  /// The forms in which a label may be in DNS, today's first; none if there is no such form.
  ///
  /// @param label without dots
  public static Set<String> toAscii(String label) {
    Set<String> forms = new LinkedHashSet<>();
    toAscii(TODAY, label).ifPresent(forms::add);
    toAscii(FORMERLY, label).ifPresent(forms::add);
    return forms;
  }

  private static Optional<String> toAscii(IDNA idna, String label) {
    StringBuilder ascii = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    idna.labelToASCII(label, ascii, info);
    boolean good = HARMLESS.containsAll(info.getErrors());
    return good && !ascii.isEmpty() ? Optional.of(ascii.toString()) : Optional.empty();
  }

  /// A host name as people write it: labels that are punycode are decoded, others stay.
  public static String toUnicode(String host) {
    StringBuilder shown = new StringBuilder();
    TODAY.nameToUnicode(host, shown, new IDNA.Info());
    return host.contains(PUNYCODE) ? shown.toString() : host;
  }

  /// Whether a label of a host name begins like punycode (RFC 3492) and is none.
  public static boolean hasBrokenPunycode(String host) {
    String small = host.toLowerCase(Locale.ROOT);
    if (!small.contains(PUNYCODE)) {
      return false;
    }
    for (String label : small.split("\\.", -1)) {
      if (label.startsWith(PUNYCODE)) {
        IDNA.Info info = new IDNA.Info();
        TODAY.labelToUnicode(label, new StringBuilder(), info);
        if (!HARMLESS.containsAll(info.getErrors())) {
          return true;
        }
      }
    }
    return false;
  }
}
