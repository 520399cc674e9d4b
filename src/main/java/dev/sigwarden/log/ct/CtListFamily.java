package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The logs of a list, by the states that are followed. The list is asked for at intervals of its
/// own; between them, and while it cannot be had, it is what it was.
final class CtListFamily implements LogFamily, LogFamily.Memory {
  /// The longest detached signature, in bytes: RSA with 8,192 bits.
  private static final int MAX_SIGNATURE_BYTES = 1_024;

  /// How long after a failure the list is asked for again.
  private static final Duration RETRY = Duration.ofMinutes(1);

  /// What the section says.
  ///
  /// @param list where the list is
  /// @param signature where its signature is, and by whose key; empty if it has none
  /// @param states the states that are followed
  /// @param newcomers where logs are read from that join later
  /// @param refresh how often the list is asked for, on average
  record Settings(
      ListLocation list,
      Optional<Signed> signature,
      Set<LogList.State> states,
      Newcomers newcomers,
      Duration refresh) {
    Settings {
      states = Set.copyOf(states);
    }
  }

  /// A detached signature over the list.
  ///
  /// @param key ECDSA or RSA, with SHA-256
  record Signed(ListLocation location, PublicKey key) {}

  private final Settings settings;
  private final LogTools tools;

  /// Spreads the requests of many installations.
  private final RandomGenerator random = RandomGenerator.getDefault();

  private Optional<LogList> known = Optional.empty();
  private Optional<byte[]> content = Optional.empty();
  private Optional<String> entityTag = Optional.empty();
  private Instant next = Instant.MIN;
  private @Nullable String failure;

  CtListFamily(Settings settings, LogTools tools) {
    this.settings = settings;
    this.tools = tools;
  }

  @Override
  public Keeper keeper() {
    return Keeper.PEOPLE;
  }

  @Override
  public Newcomers newcomers() {
    return settings.newcomers();
  }

  @Override
  public Listing list() throws LogUnavailableException, BadAnswerException {
    Instant now = tools.clock().instant();
    if (!now.isBefore(next)) {
      // Whatever happens: a failure is not repeated at each look.
      next = now.plus(RETRY);
      failure = "the list could not be read";
      try {
        refresh();
      } catch (LogUnavailableException e) {
        failure = e.getMessage();
        throw e;
      } catch (BadAnswerException e) {
        failure = e.getMessage();
        throw e;
      }
      failure = null;
      // Between half and one and a half of the interval.
      next = now.plusMillis((long) (settings.refresh().toMillis() * random.nextDouble(0.5, 1.5)));
    }
    if (failure != null) {
      throw new LogUnavailableException(failure);
    }
    return listing(known.orElseThrow());
  }

  private Listing listing(LogList list) {
    return new Listing(
        list.logs().values().stream()
            .filter(log -> settings.states().contains(log.state()))
            .map(CtListFamily::member)
            .toList());
  }

  @Override
  public Optional<Memory> memory() {
    return Optional.of(this);
  }

  @Override
  public Optional<byte[]> toKeep() {
    return content;
  }

  /// Its signature was verified before it was kept.
  @Override
  public Listing recall(byte[] kept) throws BadAnswerException {
    LogList list = LogList.parse(address(), kept);
    known = Optional.of(list);
    return listing(list);
  }

  private static Member member(LogList.Listed log) {
    return new Member(
        log.name(),
        log.log().addresses().getFirst() instanceof CtLog.Address.Tiles
            ? StaticCtProtocol.NAME
            : CtProtocol.NAME,
        log.log().key().name(),
        List.of(log.log().key()),
        log.until(),
        log.log());
  }

  /// One that was retired is read to its end all the same: what it took before still counts.
  @Override
  public Optional<Member> unlisted(String name) {
    return known.flatMap(list ->
        list.logs().values().stream()
            .filter(log -> log.name().equals(name) && log.state() == LogList.State.RETIRED)
            .findFirst()
            .map(CtListFamily::member));
  }

  private void refresh() throws LogUnavailableException, BadAnswerException {
    Optional<ListLocation.Fetched> fetched =
        settings.list().fetch(tools.http(), entityTag, LogList.MAX_BYTES);
    if (fetched.isEmpty()) {
      return;
    }
    byte[] bytes = fetched.get().bytes();
    if (settings.signature().isPresent()) {
      verify(bytes, settings.signature().get());
    }
    known = Optional.of(LogList.parse(address(), bytes));
    content = Optional.of(bytes);
    entityTag = fetched.get().entityTag();
  }

  private void verify(byte[] list, Signed signed)
      throws LogUnavailableException, BadAnswerException {
    byte[] signature =
        signed
            .location()
            .fetch(tools.http(), Optional.empty(), MAX_SIGNATURE_BYTES)
            .orElseThrow()
            .bytes();
    String algorithm =
        signed.key().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    boolean holds;
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(signed.key());
      verifier.update(list);
      holds = verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      holds = false;
    }
    if (!holds) {
      throw new BadAnswerException(
          signed.location().toString(),
          "not the signature of the configured key over the list (expected: that)");
    }
  }

  @Override
  public String address() {
    return settings.list().toString();
  }

  @Override
  public void close() {
    // The HTTP client is shared.
  }
}
