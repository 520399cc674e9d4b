package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.watch.Criterion.Trait;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a drill needs of a watch: a copy of it that also selects the drill's own key and reports
/// every use, and a certificate's names that its own selectors ask for. A key cannot be imitated,
/// nor can an expression or the text of an entry: a watch with nothing else is drilled by the
/// drill's key alone.
public final class DrillWatch {
  /// What the selector of the drill's own key is called.
  public static final String OWN_KEY = "the drill's own key";

  /// What stands for a `*`.
  private static final String ANY = "drill";

  private static final String NOWHERE = "https://drill.sigwarden.invalid";

  /// Characters of one value: longer ones fit no certificate that is worth making.
  private static final int MAX_VALUE = 1_000;

  /// Fulcio's arc of extensions, and those of its numbers that say who issued or what the name is.
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  /// Such as every reader of certificates takes.
  private static final Pattern HOST = Pattern.compile("[a-z0-9][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*");

  private static final Pattern MAILBOX = Pattern.compile("[^@!]+@[^@!]+");

  private static final int ISSUER_V1 = 1;
  private static final int OTHER_NAME = 7;
  private static final int ISSUER_V2 = 8;
  private static final int MAX_NUMBER = 22;

  private DrillWatch() {}

  /// The kinds of name that a certificate can be made out to.
  public enum NameKind {
    URI,
    EMAIL,
    OTHER_NAME,
    DNS
  }

  /// A certificate that one of the watch's own selectors selects.
  ///
  /// @param kind what the name is
  /// @param name the one alternative name
  /// @param issuer the OIDC issuer
  /// @param claims other extensions of Fulcio by the last number of their OID
  public record Names(NameKind kind, String name, String issuer, Map<Integer, String> claims) {
    public Names {
      claims = Map.copyOf(claims);
    }
  }

  /// What the first selector of the watch asks for that a certificate can be made to say; empty if
  /// none can.
  public static Optional<Names> names(Watch watch) {
    return watch.selectors().stream().flatMap(one -> names(one).stream()).findFirst();
  }

  /// The watch alone, with the drill's key after its own selectors, expecting nothing.
  ///
  /// @param watch empty for a drill of no watch
  /// @param key the SHA-256 of the drill's public key
  public static Watches copy(Optional<Watch> watch, Digest key) {
    List<Selector> selectors = new ArrayList<>();
    watch.ifPresent(own -> selectors.addAll(own.selectors()));
    selectors.add(new Selector(OWN_KEY, Set.of(key), Optional.empty(), List.of()));
    Watch copy =
        new Watch(
            watch.map(Watch::name).orElse(""),
            watch.map(Watch::severity).orElse(Severity.INFO),
            watch.map(Watch::owner).orElse(""),
            watch.map(Watch::runbook).orElse(""),
            selectors,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return Watches.of(List.of(copy), new Allowlists(List.of()));
  }

  private static Optional<Names> names(Selector selector) {
    if (selector.isEmpty() || !selector.keys().isEmpty() || selector.certificate().isPresent()) {
      return Optional.empty();
    }
    Optional<Names> none = Optional.empty();
    @Nullable NameKind kind = null;
    String name = "";
    String issuer = "";
    Map<Integer, String> claims = new TreeMap<>();
    for (Criterion criterion : selector.criteria()) {
      Optional<String> value = sample(criterion);
      if (value.isEmpty()) {
        return none;
      }
      int number = number(criterion);
      switch (criterion.trait()) {
        case SUBJECT, DNS, EMAIL, URI -> {
          Optional<NameKind> found = kind(criterion.trait(), value.get());
          if (kind != null || found.isEmpty()) {
            return none;
          }
          kind = found.get();
          name = value.get();
        }
        case ISSUER -> issuer = value.get();
        case EXTENSION -> {
          if (number == ISSUER_V1 || number == ISSUER_V2) {
            if (!issuer.isEmpty() && !issuer.equals(value.get())) {
              return none;
            }
            issuer = value.get();
          } else if (number <= 0 || number == OTHER_NAME || number > MAX_NUMBER) {
            return none;
          } else {
            claims.put(number, value.get());
          }
        }
        case SUBJECT_DN, IP, USER_ID, KEY_ID, CLAIM, POINTER, TEXT -> {
          return none;
        }
      }
    }
    return Optional.of(
        new Names(
            kind == null ? NameKind.URI : kind,
            kind == null ? NOWHERE : name,
            issuer.isEmpty() ? NOWHERE : issuer,
            claims));
  }

  private static int number(Criterion criterion) {
    String oid = criterion.parameter();
    return oid.startsWith(FULCIO) && oid.substring(FULCIO.length()).matches("[0-9]{1,2}")
        ? Integer.parseInt(oid.substring(FULCIO.length()))
        : -1;
  }

  /// What a value can be in a certificate that others can read; empty if it can be nothing.
  private static Optional<NameKind> kind(Trait trait, String value) {
    boolean fits =
        switch (trait) {
          case DNS -> HOST.matcher(value).matches();
          case EMAIL -> MAILBOX.matcher(value).matches();
          case URI -> isUri(value);
          default -> true;
        };
    if (!fits) {
      return Optional.empty();
    }
    return Optional.of(
        switch (trait) {
          case DNS -> NameKind.DNS;
          case EMAIL -> NameKind.EMAIL;
          case URI -> NameKind.URI;
          default ->
              isUri(value)
                  ? NameKind.URI
                  : MAILBOX.matcher(value).matches() ? NameKind.EMAIL : NameKind.OTHER_NAME;
        });
  }

  private static boolean isUri(String value) {
    try {
      URI uri = new URI(value);
      return uri.getScheme() != null && uri.getHost() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  /// A value that the criterion fits, in printable ASCII, as names in certificates are.
  private static Optional<String> sample(Criterion criterion) {
    Optional<String> value =
        switch (criterion.pattern()) {
          case ValuePattern.Exact(String exact) -> Optional.of(exact);
          case ValuePattern.Glob(List<String> pieces) -> Optional.of(String.join(ANY, pieces));
          case HostPattern(String host, _) ->
              Optional.of(criterion.trait() == Trait.EMAIL ? ANY + "@" + host : host);
          case ValuePattern.Regex _ -> Optional.empty();
        };
    return value
        .filter(text -> !text.isEmpty() && text.length() <= MAX_VALUE)
        .filter(text -> text.chars().allMatch(c -> c > ' ' && c < 0x7f));
  }
}
