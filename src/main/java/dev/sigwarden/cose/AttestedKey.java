package dev.sigwarden.cose;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key that a statement of a `did:attestedsvc` issuer brings along, with an attestation that it
/// lives in a confidential machine. The attestation is not verified here: the key shows that its
/// holder signed, and not who that is.
///
/// @param key the key
record AttestedKey(CoseKey key) {
  static final Cbor LABEL = Headers.label("attestedsvc");

  /// Before the service had a name of its own.
  static final Cbor OLD_LABEL = Headers.label("msft-css-dev");

  private static final Cbor COSE_KEY = Headers.label("cose_key");
  private static final String PREFIX = "did:attestedsvc:";
  private static final Pattern DID =
      Pattern.compile("(did:attestedsvc:[A-Za-z0-9._-]{1,100})::?[^:].*");

  /// The key in a header; empty if it has none.
  static Optional<AttestedKey> in(Headers header) throws MalformedCoseException {
    Optional<Headers> found = header.headers(LABEL);
    if (found.isPresent() && header.has(OLD_LABEL)) {
      throw header.wrong(OLD_LABEL, "beside its newer form", "one of them");
    }
    found = found.isPresent() ? found : header.headers(OLD_LABEL);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Headers key =
        found
            .get()
            .headers(COSE_KEY)
            .orElseThrow(() -> new MalformedCoseException("attested service: no cose_key"));
    return Optional.of(new AttestedKey(CoseKey.ofCose(key)));
  }

  /// Whether the issuer says of itself that it is an attested service.
  static boolean isOne(String issuer) {
    return issuer.startsWith(PREFIX);
  }

  /// `did:attestedsvc:` and the service, without the account behind it.
  static Optional<String> service(String issuer) {
    Matcher parts = DID.matcher(issuer);
    return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
  }
}
