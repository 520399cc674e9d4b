package dev.sigwarden.watch;

import java.util.List;
import java.util.Set;

/// A watched host, with or without all that is below it. Compared with a certificate's host by
/// labels, from the right: a label of the certificate that stands for others fits any that it may
/// stand for, since the certificate is good for that host too. RFC 6125 section 6.4.3, and wider: a
/// star anywhere in a label, in any label.
///
/// @param host in the form of `NameForms`
/// @param below whether hosts below it are meant too
record HostPattern(String host, boolean below) implements ValuePattern {
  /// What a selector writes: `example.com`, or `.example.com` with all below.
  static HostPattern of(String written) {
    return new HostPattern(NameForms.host(written), written.startsWith("."));
  }

  @Override
  public boolean matches(String other) {
    int mine = host.length();
    int theirs = other.length();
    while (mine >= 0 && theirs >= 0) {
      int myDot = host.lastIndexOf('.', mine - 1);
      int theirDot = other.lastIndexOf('.', theirs - 1);
      if (!labelFits(other.substring(theirDot + 1, theirs), host.substring(myDot + 1, mine))) {
        return false;
      }
      mine = myDot;
      theirs = theirDot;
    }
    return mine < 0 && (below || theirs < 0);
  }

  @Override
  public boolean holds(String other) {
    return matches(other);
  }

  /// Whether a certificate's label may be the other one.
  static boolean labelFits(String label, String other) {
    if (isOpen(label)) {
      return label.equals(NameForms.ANY_LABEL)
          || label.equals("*")
          || new Glob(List.of(label.split("\\*", -1))).matches(other);
    }
    return label.equals(other);
  }

  /// Whether a certificate's label stands for others.
  static boolean isOpen(String label) {
    return label.indexOf('*') >= 0 || label.equals(NameForms.ANY_LABEL);
  }

  @Override
  public boolean matchesEverything() {
    return host.isEmpty();
  }

  @Override
  public List<Set<String>> literals() {
    return List.of(Set.of(host));
  }
}
