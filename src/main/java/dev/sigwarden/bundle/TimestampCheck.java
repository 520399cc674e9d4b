package dev.sigwarden.bundle;

import dev.sigwarden.trust.Authority;
import dev.sigwarden.trust.TrustedRoot;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/// Checks RFC 3161 timestamps over signatures by the authorities of a trusted root.
final class TimestampCheck {
  /// PKIStatus granted, and granted with modifications. RFC 3161 section 2.4.2.
  private static final int GRANTED_WITH_MODS = 1;

  private static final Map<String, String> HASHES =
      Map.of(
          "2.16.840.1.101.3.4.2.1", "SHA-256",
          "2.16.840.1.101.3.4.2.2", "SHA-384",
          "2.16.840.1.101.3.4.2.3", "SHA-512");

  private final List<Authority> authorities;

  TimestampCheck(TrustedRoot root) {
    this.authorities = root.timestampAuthorities();
  }

  /// When an authority saw the signature; empty if that is not what the timestamp says, or none of
  /// the root's authorities says it.
  ///
  /// @param timestamp a TimeStampResp, base64 of DER
  Optional<Instant> check(String timestamp, byte[] signature) {
    Optional<TimeStampToken> token = token(timestamp).filter(it -> isOf(it, signature));
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Instant time = token.get().getTimeStampInfo().getGenTime().toInstant();
    return authorities.stream().anyMatch(authority -> signed(authority, token.get(), time))
        ? Optional.of(time)
        : Optional.empty();
  }

  /// What was granted; empty for a refusal and for what is no TimeStampResp.
  private static Optional<TimeStampToken> token(String timestamp) {
    try {
      TimeStampResponse response = new TimeStampResponse(Base64.getDecoder().decode(timestamp));
      return response.getStatus() > GRANTED_WITH_MODS
          ? Optional.empty()
          : Optional.ofNullable(response.getTimeStampToken());
    } catch (IOException | TSPException _) {
      return Optional.empty();
    } catch (RuntimeException _) {
      // What the parser throws, unchecked, for some broken DER; nothing of our own runs in here.
      return Optional.empty();
    }
  }

  private static boolean isOf(TimeStampToken token, byte[] signature) {
    String hash = HASHES.get(token.getTimeStampInfo().getMessageImprintAlgOID().getId());
    try {
      return hash != null
          && Arrays.equals(
              MessageDigest.getInstance(hash).digest(signature),
              token.getTimeStampInfo().getMessageImprintDigest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(hash + ": missing (every JDK has it)", e);
    }
  }

  /// The authority's first certificate signs timestamps; whether it may is `validate`'s question.
  private static boolean signed(Authority authority, TimeStampToken token, Instant time) {
    boolean inDate =
        authority.validity().contains(time)
            && authority.chain().stream().allMatch(certificate -> valid(certificate, time));
    if (!inDate) {
      return false;
    }
    X509Certificate signer = authority.chain().getFirst();
    try {
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
      return true;
    } catch (TSPException | OperatorCreationException _) {
      return false;
    } catch (RuntimeException _) {
      // As in `token`: attributes and signatures are parsed as they are looked at.
      return false;
    }
  }

  private static boolean valid(X509Certificate certificate, Instant time) {
    return !time.isBefore(certificate.getNotBefore().toInstant())
        && !time.isAfter(certificate.getNotAfter().toInstant());
  }
}
