package dev.sigwarden.log.ct;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.settings.Section;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The logs of a list of Certificate Transparency logs, as they come and go.
@AutoService(LogProtocol.class)
public final class CtListProtocol implements LogProtocol {
  /// What monitors follow unless told otherwise: logs whose timestamps browsers take.
  private static final Set<LogList.State> USUAL_STATES =
      EnumSet.of(LogList.State.USABLE, LogList.State.QUALIFIED, LogList.State.READONLY);

  private static final Duration USUAL_REFRESH = Duration.ofHours(1);

  /// Found by `ServiceLoader`.
  public CtListProtocol() {}

  @Override
  public String name() {
    return "ct-list";
  }

  @Override
  public String entryFormat() {
    return "ct";
  }

  @Override
  public FamilySource configure(Section log) {
    Optional<ListLocation> list =
        ListLocation.read(log, "url", "the log list, of schema version 3: a URL, or a path");
    if (list.isEmpty()) {
      log.problem("url", "missing", "a URL or a path");
    }
    List<LogList.State> states =
        log.choices(
            "states",
            LogList.State.class,
            "logs in which states are followed: usable, qualified and readonly if not given");
    CtListFamily.Settings settings =
        new CtListFamily.Settings(
            list.orElse(new ListLocation.Local(Path.of(""))),
            signature(log),
            states.isEmpty() ? USUAL_STATES : Set.copyOf(states),
            log.choice(
                "start-new",
                LogFamily.Newcomers.class,
                LogFamily.Newcomers.FIRST,
                "where reading begins in a log that joins the list later: its first entry, or its"
                    + " head; `start` is for those that are there at first"),
            log.duration(
                "refresh",
                USUAL_REFRESH,
                Duration.ofSeconds(1),
                Duration.ofDays(7),
                "how often the list is asked for, give or take a half"));
    return new FamilySource() {
      @Override
      public Optional<Trust> trust() {
        return Optional.of(new Trust("", List.of(), ""));
      }

      @Override
      public LogFamily open(LogTools tools, Trust trust) {
        return new CtListFamily(settings, tools);
      }
    };
  }

  private static Optional<CtListFamily.Signed> signature(Section log) {
    Optional<ListLocation> location =
        ListLocation.read(
            log, "signature", "the list's signature, detached, with SHA-256: a URL, or a path");
    Optional<String> key =
        log.optionalText(
            "signed-by",
            "the key of that signature: a SubjectPublicKeyInfo in base64, ECDSA or RSA");
    if (location.isPresent() != key.isPresent()) {
      log.problem("signed-by", "one of signature and signed-by", "both, or none of them");
      return Optional.empty();
    }
    Optional<PublicKey> read = key.flatMap(CtListProtocol::key);
    if (key.isPresent() && read.isEmpty()) {
      log.problem("signed-by", key.get(), "a SubjectPublicKeyInfo in base64, ECDSA or RSA");
    }
    return location.flatMap(place -> read.map(signer -> new CtListFamily.Signed(place, signer)));
  }

  private static Optional<PublicKey> key(String text) {
    for (String algorithm : List.of("EC", "RSA")) {
      try {
        return Optional.of(
            KeyFactory.getInstance(algorithm)
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text))));
      } catch (GeneralSecurityException | IllegalArgumentException _) {
        // Of the other kind, or of none.
      }
    }
    return Optional.empty();
  }
}
