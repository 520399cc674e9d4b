package dev.sigwarden.entry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What an entry says of its artifact beside digests. All of it is a claim of whoever signed:
/// nobody checked that what has the digest is called so. Text from the entry, bounded by its size.
///
/// @param names what was signed is called, in the entry's order; at most `MAX_NAMES`
/// @param moreNames how many names were left out, `>= 0`
/// @param version of the one artifact that is named; empty if several are, or none is said
/// @param predicateType the kind of statement that an attestation makes, a URI; empty for none
/// @param contentType the media type of what was signed; empty if it is not said
public record ClaimedArtifact(
    List<String> names, int moreNames, String version, String predicateType, String contentType) {
  /// Names of one entry that are kept: a release has some files, an attestation of a build
  /// thousands.
  public static final int MAX_NAMES = 20;

  /// An entry that says nothing of its artifact but digests.
  public static final ClaimedArtifact NONE = new ClaimedArtifact(List.of(), 0, "", "", "");

  private static final String PURL = "pkg:";

  public ClaimedArtifact {
    names = List.copyOf(names);
  }

  /// One artifact by name and version, each empty if it is not said. A name that is a package URL
  /// gives the version too.
  public static ClaimedArtifact named(String name, String version) {
    return named(name.isEmpty() ? List.of() : List.of(name), 0, version, "", "");
  }

  /// Artifacts by name. The version of a single one that is named by a package URL, and has no
  /// other, is taken out of it: `pkg:npm/app@1.2.3` is `pkg:npm/app` and `1.2.3`.
  public static ClaimedArtifact named(
      List<String> names, int more, String version, String predicateType, String contentType) {
    if (names.size() == 1 && more == 0 && version.isEmpty()) {
      String name = names.getFirst();
      int at = versionSign(name);
      if (at > 0) {
        int end = versionEnd(name, at);
        return new ClaimedArtifact(
            List.of(name.substring(0, at) + name.substring(end)),
            0,
            decoded(name.substring(at + 1, end)),
            predicateType,
            contentType);
      }
    }
    return new ClaimedArtifact(names, more, version, predicateType, contentType);
  }

  /// The index of the `@` before a package URL's version; -1 if there is none. purl-spec, "How to
  /// parse a purl": the last one before qualifiers and subpath, and no `/` is behind it.
  private static int versionSign(String name) {
    if (!name.startsWith(PURL)) {
      return -1;
    }
    int at = name.lastIndexOf('@', versionEnd(name, PURL.length()) - 1);
    return at > name.lastIndexOf('/', versionEnd(name, PURL.length()) - 1) + 1 ? at : -1;
  }

  /// The index of the qualifiers or subpath behind `from`; the length if there are none.
  private static int versionEnd(String name, int from) {
    int end = name.length();
    for (char sign : new char[] {'?', '#'}) {
      int found = name.indexOf(sign, from);
      end = found < 0 ? end : Math.min(end, found);
    }
    return end;
  }

  /// A percent-encoded text read; as it is if it is none.
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
